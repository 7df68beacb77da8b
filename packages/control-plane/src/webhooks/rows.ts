import {
  ToygresError,
  Webhook,
  WebhookDelivery,
  type ListWebhookDeliveries,
  type ProjectId,
} from '@toygres/schema'
import type { ISql } from 'postgres'
import { etagColumn } from '../etag.ts'

/** What a webhook's secret is sealed for. */
export const webhookOwner = (id: string): string => `webhook ${id}`

interface InProject {
  readonly projectId: ProjectId
}

const columns = (sql: ISql) => sql`
  id, project_id as "projectId", ${etagColumn(sql)} as etag, url, to_jsonb(kinds) as kinds, failing_since as "failingSince",
  disabled_reason as "disabledReason", disabled_at as "disabledAt", created_at as "createdAt", updated_at as "updatedAt"`

export async function getWebhook(sql: ISql, { projectId }: InProject, id: string): Promise<Webhook> {
  const [row] = await sql`select ${columns(sql)} from webhooks where id = ${id} and project_id = ${projectId}`
  if (row === undefined)
    throw new ToygresError(
      'WEBHOOK_NOT_FOUND',
      `there is no webhook ${id}; "toygres webhooks list" shows those that exist`,
    )
  return Webhook.parse(row)
}

/** Locked until the transaction ends: who changes a webhook does so one after the other. */
export async function lockWebhook(tx: ISql, { projectId }: InProject, id: string): Promise<Webhook> {
  await tx`select from webhooks where id = ${id} and project_id = ${projectId} for no key update`
  return getWebhook(tx, { projectId }, id)
}

/** Newest first. */
export async function listWebhooks(
  sql: ISql,
  { projectId }: InProject,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Webhook[]> {
  const rows = await sql`
    select ${columns(sql)} from webhooks
    where project_id = ${projectId} ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${limit}`
  return rows.map((row) => Webhook.parse(row))
}

const deliveryColumns = (sql: ISql) => sql`
  id, webhook_id as "webhookId", kind, resource_id as "resourceId", state, attempts, created_at as "createdAt",
  attempted_at as "attemptedAt", status, error`

/** Newest first. */
export async function listDeliveries(
  sql: ISql,
  {
    id,
    state,
    before,
    limit,
  }: Pick<ListWebhookDeliveries, 'id' | 'state' | 'limit'> & { before: string | undefined },
): Promise<WebhookDelivery[]> {
  const older = before && sql`and seq < (select seq from webhook_deliveries where id = ${before})`
  const rows = await sql`
    select ${deliveryColumns(sql)} from webhook_deliveries
    where webhook_id = ${id} ${state === undefined ? sql`` : sql`and state = ${state}`} ${older ?? sql``}
    order by seq desc limit ${limit}`
  return rows.map((row) => WebhookDelivery.parse(row))
}

/** Pending again, and first in its line. */
export async function sendDeliveryAgain(
  tx: ISql,
  webhookId: string,
  deliveryId: string,
): Promise<WebhookDelivery> {
  const [row] = await tx`
    update webhook_deliveries set state = 'pending', attempts = 0
    where id = ${deliveryId} and webhook_id = ${webhookId} returning ${deliveryColumns(tx)}`
  if (row === undefined)
    throw new ToygresError(
      'NOT_FOUND',
      `there is no delivery ${deliveryId} of this webhook, or no longer: they are kept for 7 days`,
    )
  return WebhookDelivery.parse(row)
}
