import { isIP } from 'node:net'
import {
  CreatedWebhook,
  ToygresError,
  Webhook,
  WebhookDelivery,
  type CreateWebhook,
  type DeleteWebhook,
  type ListWebhookDeliveries,
  type ListWebhooks,
  type Principal,
  type RedeliverWebhook,
  type UpdateWebhook,
  type WebhookDeliveryPage,
  type WebhookPage,
} from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { Sql, TransactionSql } from 'postgres'
import { audit } from '../access/audit.ts'
import type { Mutations } from '../access/idempotency.ts'
import type { Webhooks } from '../control-plane.ts'
import { checkEtag } from '../etag.ts'
import { pageOf, readCursor } from '../page.ts'
import { lockProject } from '../projects/rows.ts'
import type { Sealer } from '../sealing.ts'
import { isPublicAddress } from './addresses.ts'
import { hurryLanes } from './queue.ts'
import {
  getWebhook,
  listDeliveries,
  listWebhooks,
  lockWebhook,
  sendDeliveryAgain,
  webhookOwner,
} from './rows.ts'
import { newSigningSecret } from './signature.ts'

export interface WebhooksOptions {
  readonly sql: Sql
  readonly mutations: Mutations
  readonly sealer: Sealer
  readonly allowPrivateAddresses: boolean
}

/** Each costs a row per event. */
const mostOfProject = 20

export function webhooksOf({ sql, mutations, sealer, allowPrivateAddresses }: WebhooksOptions): Webhooks {
  async function list(principal: Principal, { cursor, limit }: ListWebhooks): Promise<WebhookPage> {
    const before = readCursor('webhooks.list', cursor)
    return pageOf('webhooks.list', await listWebhooks(sql, principal, { before, limit: limit + 1 }), limit)
  }

  function create(principal: Principal, request: CreateWebhook): Promise<CreatedWebhook> {
    const answer = CreatedWebhook
    return mutations.once(principal, { name: 'webhooks.create', request, answer }, async (tx) => {
      refuseAddress(request.url)
      const [id, secret] = [newId(), newSigningSecret()]
      await makeRoom(tx, principal)
      await tx`
        insert into webhooks (id, project_id, url, kinds, sealed_secret)
        values (${id}, ${principal.projectId}, ${request.url}, ${request.kinds}, ${sealer.seal(secret, webhookOwner(id))})`
      await audit(tx, principal, { action: 'webhooks.create', resourceId: id })
      return { webhook: await getWebhook(tx, principal, id), secret }
    })
  }

  function update(principal: Principal, request: UpdateWebhook): Promise<Webhook> {
    return mutations.once(principal, { name: 'webhooks.update', request, answer: Webhook }, async (tx) => {
      const { id, url, kinds, enabled } = request
      const before = await lockWebhook(tx, principal, id)
      checkEtag(`webhook ${id}`, before, request.etag)
      if (url !== undefined) refuseAddress(url)
      if (!isChange(before, request)) return before
      await tx`
        update webhooks set generation = generation + 1, updated_at = now(), url = ${url ?? before.url}, kinds = ${kinds ?? before.kinds}
        where id = ${id}`
      if (enabled === true)
        await tx`
          update webhooks set disabled_at = null, disabled_reason = null, failing_since = null where id = ${id}`
      if (enabled === false && before.disabledAt === null)
        await tx`update webhooks set disabled_at = now(), disabled_reason = 'it was disabled by a call' where id = ${id}`
      await audit(tx, principal, { action: 'webhooks.update', resourceId: id })
      await hurryLanes(tx, id)
      return getWebhook(tx, principal, id)
    })
  }

  function remove(principal: Principal, request: DeleteWebhook): Promise<Webhook> {
    return mutations.once(principal, { name: 'webhooks.delete', request, answer: Webhook }, async (tx) => {
      const webhook = await lockWebhook(tx, principal, request.id)
      checkEtag(`webhook ${webhook.id}`, webhook, request.etag)
      await tx`delete from webhooks where id = ${webhook.id}`
      await audit(tx, principal, { action: 'webhooks.delete', resourceId: webhook.id })
      return webhook
    })
  }

  async function deliveries(
    principal: Principal,
    { id, state, cursor, limit }: ListWebhookDeliveries,
  ): Promise<WebhookDeliveryPage> {
    await getWebhook(sql, principal, id)
    const before = readCursor('webhooks.deliveries', cursor)
    return pageOf(
      'webhooks.deliveries',
      await listDeliveries(sql, { id, state, before, limit: limit + 1 }),
      limit,
    )
  }

  function redeliver(principal: Principal, request: RedeliverWebhook): Promise<WebhookDelivery> {
    const answer = WebhookDelivery
    return mutations.once(principal, { name: 'webhooks.redeliver', request, answer }, async (tx) => {
      const { id } = await lockWebhook(tx, principal, request.id)
      const delivery = await sendDeliveryAgain(tx, id, request.deliveryId)
      await audit(tx, principal, { action: 'webhooks.redeliver', resourceId: id })
      await hurryLanes(tx, id, delivery.resourceId)
      return delivery
    })
  }

  /** What can be seen to be wrong at once; where a name leads is seen when something is sent. */
  function refuseAddress(url: string): void {
    if (allowPrivateAddresses) return
    const { protocol, hostname } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:') throw badUrl('a webhook is an https:// URL')
    if (host === 'localhost' || (isIP(host) !== 0 && !isPublicAddress(host)))
      throw badUrl(`a webhook has a public address, which ${host} is not`)
  }

  return {
    list,
    get: (principal, id) => getWebhook(sql, principal, id),
    create,
    update,
    delete: remove,
    deliveries,
    redeliver,
  }
}

/** Enabling one also has it forget that it has been failing. */
function isChange(
  before: Webhook,
  { url = before.url, kinds = before.kinds, enabled }: UpdateWebhook,
): boolean {
  const { disabledAt, failingSince } = before
  return (
    url !== before.url ||
    kinds.toSorted().join() !== before.kinds.toSorted().join() ||
    (enabled === true && (disabledAt !== null || failingSince !== null)) ||
    (enabled === false && disabledAt === null)
  )
}

function badUrl(message: string): ToygresError {
  return new ToygresError('INVALID_INPUT', message, { details: { errors: [{ path: 'url', message }] } })
}

/** @throws {ToygresError} QUOTA_EXCEEDED */
async function makeRoom(tx: TransactionSql, { projectId }: Principal): Promise<void> {
  // Those who may get the last place come one after the other; and nobody deletes the project meanwhile.
  await lockProject(tx, projectId)
  const [row] = await tx<{ used: number }[]>`
    select count(*)::integer as used from webhooks where project_id = ${projectId}`
  const used = row?.used ?? 0
  if (used < mostOfProject) return
  throw new ToygresError(
    'QUOTA_EXCEEDED',
    `a project may have ${mostOfProject} webhooks: delete one, or let one tell you of more kinds of events`,
    { details: { quota: { of: 'webhooks', limit: mostOfProject, used } } },
  )
}
