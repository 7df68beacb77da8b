import { z } from 'zod'
import { etag, mutationRequest } from './mutation.ts'
import { pageRequest } from './page.ts'
import { ProjectId } from './project.ts'
import { isKeepable } from './well-formed.ts'

export const WebhookId = z.uuid().meta({ id: 'WebhookId' })

/** What webhooks can be told. */
export const WebhookEventKind = z
  .enum([
    'instance.creating',
    'instance.running',
    'instance.stopping',
    'instance.stopped',
    'instance.starting',
    'instance.failed',
    'instance.deleting',
    'instance.deleted',
    'instance.healthy',
    'instance.unhealthy',
    'operation.succeeded',
    'operation.failed',
    'operation.cancelled',
    'operation.parked',
  ])
  .meta({ id: 'WebhookEventKind' })
export type WebhookEventKind = z.infer<typeof WebhookEventKind>

/** A URL that is told what happens in a project. */
export const Webhook = z
  .object({
    id: WebhookId,
    projectId: ProjectId,
    /**
     * Changes with every change that a caller made. Not with how its deliveries go. Empty where an answer of before there were
     * etags is replayed for its idempotency key: read the webhook for the one it has.
     */
    etag: z.string().default(''),
    url: z.string(),
    kinds: z.array(WebhookEventKind),
    /** Since when nothing gets through; null while it does. */
    failingSince: z.date().nullable(),
    /** Why it is told nothing any more; null while it is. */
    disabledReason: z.string().nullable(),
    disabledAt: z.date().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

/** One event for one webhook. */
export const WebhookDelivery = z
  .object({
    /** Sent along as `webhook-id`: the same however often it is sent. */
    id: z.uuid(),
    webhookId: WebhookId,
    kind: WebhookEventKind,
    /** The instance that it is about. */
    resourceId: z.uuid(),
    /** `failed`: given up. */
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int(),
    createdAt: z.date(),
    attemptedAt: z.date().nullable(),
    /** The HTTP status of the last answer. */
    status: z.int().nullable(),
    /** Why there was no answer. */
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

const urlRule = 'a webhook is an https:// URL of at most 2000 characters, without a user or password'

const WebhookUrl = z
  .url(urlRule)
  .max(2000, urlRule)
  .refine((url) => {
    // What is no URL at all is refused already.
    if (!URL.canParse(url)) return true
    const { protocol, username, password } = new URL(url)
    return isKeepable(url) && /^https?:$/.test(protocol) && username === '' && password === ''
  }, urlRule)

const kinds = z
  .array(WebhookEventKind)
  .min(1, 'name the kinds of events that it is to be told')
  .max(WebhookEventKind.options.length)

export const CreateWebhook = z
  .object({ url: WebhookUrl, kinds, ...mutationRequest })
  .meta({ id: 'CreateWebhook' })
export type CreateWebhook = z.infer<typeof CreateWebhook>

/** `secret` signs what is sent. It is told this once. */
export const CreatedWebhook = z
  .object({ webhook: Webhook, secret: z.string() })
  .meta({ id: 'CreatedWebhook' })
export type CreatedWebhook = z.infer<typeof CreatedWebhook>

/** What is left out stays as it is. One that is enabled again gets what was pending when it was disabled, and not what happened meanwhile. */
export const UpdateWebhook = z
  .object({
    id: WebhookId,
    url: WebhookUrl.optional(),
    kinds: kinds.optional(),
    enabled: z.boolean().optional(),
    etag,
    ...mutationRequest,
  })
  .meta({ id: 'UpdateWebhook' })
export type UpdateWebhook = z.infer<typeof UpdateWebhook>

export const DeleteWebhook = z
  .object({ id: WebhookId, etag, ...mutationRequest })
  .meta({ id: 'DeleteWebhook' })
export type DeleteWebhook = z.infer<typeof DeleteWebhook>

export const GetWebhook = z.object({ id: WebhookId })

export const ListWebhooks = z.object({ ...pageRequest })
export type ListWebhooks = z.infer<typeof ListWebhooks>

export const WebhookPage = z.object({ items: z.array(Webhook), nextCursor: z.string().nullable() })
export type WebhookPage = z.infer<typeof WebhookPage>

export const ListWebhookDeliveries = z.object({
  ...pageRequest,
  id: WebhookId,
  state: WebhookDelivery.shape.state.optional(),
})
export type ListWebhookDeliveries = z.infer<typeof ListWebhookDeliveries>

export const WebhookDeliveryPage = z.object({
  items: z.array(WebhookDelivery),
  nextCursor: z.string().nullable(),
})
export type WebhookDeliveryPage = z.infer<typeof WebhookDeliveryPage>

/** Sends an event again, whatever became of it. */
export const RedeliverWebhook = z
  .object({ id: WebhookId, deliveryId: z.uuid(), ...mutationRequest })
  .meta({ id: 'RedeliverWebhook' })
export type RedeliverWebhook = z.infer<typeof RedeliverWebhook>
