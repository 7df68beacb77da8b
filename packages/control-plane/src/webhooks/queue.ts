import { newId } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { z } from 'zod'
import { bossIn } from '../database/boss-in.ts'

/** The pg-boss queue with one job for each webhook and resource of which something is to be sent. */
export const webhookQueue = 'webhook-deliveries'

/** Told when there is something to send before anybody expects it. */
export const webhookChannel = 'toygres_webhooks'

/** The events of one resource for one webhook: sent one after the other, in order. */
export interface Lane {
  readonly webhookId: string
  readonly resourceId: string
}

const Data = z.object({ webhookId: z.uuid(), resourceId: z.uuid() })

export const laneKey = ({ webhookId, resourceId }: Lane): string => `${webhookId}/${resourceId}`

export interface LaneJob {
  readonly id: string
  readonly retryCount: number
  /** It was sent as one that fails. */
  readonly failing: boolean
  /** Null for a job that cannot be read: it is ended as stale. */
  readonly lane: Lane | null
}

export interface LaneToSend extends Lane {
  readonly delayMs?: number
  /** It, or its webhook, failed last: those that did not go first, so that a dead webhook holds up nobody else's. */
  readonly failing?: boolean
}

/** Messages that are under way to one webhook, and to those of one project; what is fetched in one go may go beyond the latter. */
const mostOfWebhook = { default: 4, tiers: { failing: 1 } }
const mostOfProject = 8

/** Safe to call by any number of processes at once. */
export async function createWebhookQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(webhookQueue, {
    // With the lane as key: at most one job of it is pending or active, which is what keeps events in order.
    policy: 'exclusive',
    // The sender decides which jobs are lost (see turn.ts); pg-boss's own expiry must never be faster.
    expireInSeconds: 86_400,
    retryLimit: 1000,
    retentionSeconds: 30 * 86_400,
    warningQueueSize: 1_000_000,
  })
}

/** A job carries ids only. Lanes that have a job already keep that one. */
export async function sendLanes(
  boss: PgBoss,
  tx: TransactionSql,
  lanes: readonly LaneToSend[],
): Promise<void> {
  if (lanes.length === 0) return
  const jobs = lanes.map(({ webhookId, resourceId, delayMs = 0, failing = false }) => ({
    id: newId(),
    data: { webhookId, resourceId },
    singletonKey: laneKey({ webhookId, resourceId }),
    priority: failing ? 0 : 1,
    group: failing ? { id: webhookId, tier: 'failing' } : { id: webhookId },
    startAfter: `${delayMs} milliseconds`,
  }))
  await boss.insert(webhookQueue, jobs, bossIn(tx))
}

/** Tries what waits for its next attempt now, of one resource or of all: it may have to wait for hours, and somebody has mended something. */
export async function hurryLanes(tx: TransactionSql, webhookId: string, resourceId?: string): Promise<void> {
  await tx`update webhooks set paused_until = null, failures = 0 where id = ${webhookId}`
  await tx`
    update pgboss.job set start_after = now()
    where name = ${webhookQueue} and state < 'active' and start_after > now()
      and singleton_key like ${`${webhookId}/${resourceId ?? '%'}`}`
  await tx`select pg_notify(${webhookChannel}, '')`
}

export interface Wanted {
  readonly most: number
  /** Those that failed last, or those that did not. */
  readonly failing: boolean
}

/** Jobs that are due, of webhooks and projects that have not enough under way; nobody else gets them. */
export async function fetchLanes(
  boss: PgBoss,
  tx: TransactionSql,
  { most, failing }: Wanted,
): Promise<LaneJob[]> {
  const fetched: LaneJob[] = []
  while (fetched.length < most) {
    const jobs = await boss.fetch(webhookQueue, {
      // A few at a time: those of one project count from the next time on.
      batchSize: Math.min(mostOfWebhook.default, most - fetched.length),
      ...(failing ? { maxPriority: 0 } : { minPriority: 1 }),
      groupConcurrency: mostOfWebhook,
      ignoreGroups: await webhooksToLeave(tx),
      includeMetadata: true,
      ...bossIn(tx),
    })
    if (jobs.length === 0) break
    for (const { id, retryCount, data } of jobs)
      fetched.push({ id, retryCount, failing, lane: Data.safeParse(data).data ?? null })
  }
  return fetched
}

/** Those that are left alone for a while, and those of projects that have enough under way. */
async function webhooksToLeave(tx: TransactionSql): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from webhooks
    where paused_until > now() or project_id in (
      select w.project_id from pgboss.job j join webhooks w on w.id = j.group_id::uuid
      where j.name = ${webhookQueue} and j.state = 'active' and j.group_id is not null
      group by 1 having count(*) >= ${mostOfProject})`
  return rows.map(({ id }) => id)
}

/**
 * Ends a job that this process has fetched.
 * @returns false when it was taken from us meanwhile, and then nothing was changed
 */
export async function endLane(
  boss: PgBoss,
  tx: TransactionSql,
  { id, retryCount }: LaneJob,
): Promise<boolean> {
  const ours = await tx`
    select from pgboss.job
    where name = ${webhookQueue} and id = ${id} and state = 'active' and retry_count = ${retryCount} for update`
  if (ours.length === 0) return false
  await boss.deleteJob(webhookQueue, [{ id, retryCount }], bossIn(tx))
  return true
}

export async function dropLanes(boss: PgBoss, tx: TransactionSql, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await boss.deleteJob(webhookQueue, [...ids], bossIn(tx))
}
