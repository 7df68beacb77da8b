import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { z } from 'zod'
import { bossIn } from '../database/boss-in.ts'

/** The pg-boss queue with one job per running instance. A table of its own: its churn does not touch operations. */
export const healthQueue = 'health-checks'

/** Told when a check is due before anybody expects one. */
export const healthChannel = 'toygres_health'

const Data = z.object({ instanceId: z.uuid() })

/** A check that this process has fetched, and so runs alone. */
export interface CheckJob {
  readonly id: string
  readonly instanceId: string
  readonly retryCount: number
  /** Milliseconds by which it was fetched too late. */
  readonly lateMs: number
  /** Its instance had no answer to the check before. */
  readonly afterSilence: boolean
}

export interface CheckToSend {
  /** An instance's job keeps its id from check to check, so that a check writes no row of `instances`. */
  readonly id: string
  readonly instanceId: string
  readonly dueAt: Date | 'now'
  readonly afterSilence?: boolean
}

/** By its priority, checks of one kind are fetched without those of the other. */
const silencePriority = -1

/** Safe to call by any number of processes at once. */
export async function createHealthQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(healthQueue, {
    // With the instance's id as key: at most one check of an instance is pending or active.
    policy: 'exclusive',
    partition: true,
    // The sweep decides which checks are lost (see sweep.ts); pg-boss's own expiry must never be faster.
    expireInSeconds: 86_400,
    retryLimit: 1000,
    retentionSeconds: 30 * 86_400,
    // Deferred jobs count too, and there is one per instance.
    warningQueueSize: 1_000_000,
  })
}

export async function sendChecks(
  boss: PgBoss,
  tx: TransactionSql,
  checks: readonly CheckToSend[],
): Promise<void> {
  if (checks.length === 0) return
  const jobs = checks.map(({ id, instanceId, dueAt, afterSilence = false }) => ({
    id,
    data: { instanceId },
    singletonKey: instanceId,
    priority: afterSilence ? silencePriority : 0,
    startAfter: dueAt === 'now' ? '0 seconds' : dueAt.toISOString(),
  }))
  await boss.insert(healthQueue, jobs, bossIn(tx))
}

/** Ends checks that this process has fetched; one that was taken from it meanwhile is left alone. */
export async function endChecks(boss: PgBoss, tx: TransactionSql, jobs: readonly CheckJob[]): Promise<void> {
  if (jobs.length === 0) return
  const attempts = jobs.map(({ id, retryCount }) => ({ id, retryCount }))
  await boss.deleteJob(healthQueue, attempts, bossIn(tx))
}

/** Deletes every check of these instances, whoever runs it. */
export async function dropChecks(
  boss: PgBoss,
  tx: TransactionSql,
  instanceIds: readonly string[],
): Promise<void> {
  const jobs = await tx<{ id: string }[]>`
    select id from pgboss.job where name = ${healthQueue} and singleton_key in ${tx(instanceIds)} and state <= 'active'`
  if (jobs.length === 0) return
  await boss.deleteJob(
    healthQueue,
    jobs.map(({ id }) => id),
    bossIn(tx),
  )
}

/** Checks of one kind that are due, at most `limit`; nobody else gets them. */
export async function fetchChecks(
  boss: PgBoss,
  tx: TransactionSql,
  { afterSilence, limit }: { readonly afterSilence: boolean; readonly limit: number },
): Promise<CheckJob[]> {
  if (limit === 0) return []
  const kind = afterSilence ? { maxPriority: silencePriority } : { minPriority: silencePriority + 1 }
  const jobs = await boss.fetch(healthQueue, {
    batchSize: limit,
    includeMetadata: true,
    ...kind,
    ...bossIn(tx),
  })
  return jobs.map(({ id, data, retryCount, startAfter, startedOn }) => ({
    id,
    retryCount,
    afterSilence,
    lateMs: new Date(startedOn).getTime() - new Date(startAfter).getTime(),
    // One that cannot be read is of no instance: no target is found for it, and it is ended as stale.
    instanceId: Data.safeParse(data).data?.instanceId ?? id,
  }))
}
