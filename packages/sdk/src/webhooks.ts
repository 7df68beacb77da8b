import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  ConditionalOptions,
  CreatedWebhook,
  CreateWebhook,
  ListWebhooks,
  MutationOptions,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryFilter,
} from './types.ts'

/** URLs that are told what happens in a project, by signed messages in the form of Standard Webhooks. */
export interface Webhooks {
  /** The webhooks, newest first. */
  list(filter?: ListWebhooks, options?: CallOptions): Listing<Webhook>
  /** @throws {NotFoundError} `WEBHOOK_NOT_FOUND` */
  get(id: string, options?: CallOptions): Promise<Webhook>
  /** Makes a webhook. `secret` is what its messages are verified with, and is told this once. */
  create(input: CreateWebhook, options?: MutationOptions): Promise<CreatedWebhook>
  /**
   * Changes a webhook, or enables one that was disabled. With `etag`, only if nobody else has changed it since.
   * @throws {NotFoundError} `WEBHOOK_NOT_FOUND`
   */
  update(id: string, changes: UpdateWebhook, options?: ConditionalOptions): Promise<Webhook>
  /** @throws {NotFoundError} `WEBHOOK_NOT_FOUND` */
  delete(id: string, options?: ConditionalOptions): Promise<Webhook>
  /** What it was sent in the last 7 days, and how that went; newest first. */
  deliveries(id: string, filter?: WebhookDeliveryFilter, options?: CallOptions): Listing<WebhookDelivery>
  /** Sends an event again, whatever became of it. */
  redeliver(id: string, deliveryId: string, options?: MutationOptions): Promise<WebhookDelivery>
}

export function webhooksOf(transport: Transport): Webhooks {
  return {
    list: (filter, options) =>
      listing((from) => call(transport, 'webhooks.list', { ...filter, ...from }, options)),
    get: (id, options) => call(transport, 'webhooks.get', { id }, options),
    create: (input, options) => call(transport, 'webhooks.create', input, options),
    update: (id, changes, { etag, ...options } = {}) =>
      call(transport, 'webhooks.update', { id, etag, ...changes }, options),
    delete: (id, { etag, ...options } = {}) => call(transport, 'webhooks.delete', { id, etag }, options),
    deliveries: (id, filter, options) =>
      listing((from) => call(transport, 'webhooks.deliveries', { id, ...filter, ...from }, options)),
    redeliver: (id, deliveryId, options) =>
      call(transport, 'webhooks.redeliver', { id, deliveryId }, options),
  }
}
