import { seconds } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import {
  dropLanes,
  endLane,
  fetchLanes,
  laneKey,
  sendLanes,
  webhookQueue,
  type Lane,
  type LaneJob,
  type LaneToSend,
} from './queue.ts'

/** A job that is under way for longer than this has lost its process: no attempt takes a third of it. */
const lostAfterMs = seconds(30)

/** Any number that nobody else locks: one process at a time looks for lanes without a job. */
const seedingLock = 7_040_112_021

/** Lanes that get a job in one turn. */
const batch = 200

/** An event that is to be sent now, by this process alone. */
export interface Claim {
  readonly job: LaneJob
  readonly lane: Lane
  readonly deliveryId: string
  readonly url: string
  readonly sealedSecret: Uint8Array
  readonly body: unknown
  /** Of the database, in seconds. */
  readonly timestamp: number
}

/** How many more messages a process may send: in all, and to webhooks that failed last. */
export interface Room {
  readonly most: number
  readonly mostFailing: number
}

/** Gives lanes that have something to send, and no job, one; then takes jobs that are due, and what each is to send first. */
export async function takeTurn(sql: Sql, boss: PgBoss, { most, mostFailing }: Room): Promise<Claim[]> {
  const claims: Claim[] = []
  await sql.begin(async (tx) => {
    await seed(tx, boss)
    const well = await fetchLanes(boss, tx, { most, failing: false })
    const rest = Math.min(most - well.length, mostFailing)
    const failing = await fetchLanes(boss, tx, { most: rest, failing: true })
    claims.push(...(await claim(tx, boss, [...well, ...failing])))
  })
  return claims
}

async function seed(tx: TransactionSql, boss: PgBoss): Promise<void> {
  const [lock] = await tx<{ ours: boolean }[]>`select pg_try_advisory_xact_lock(${seedingLock}) as ours`
  if (lock?.ours !== true) return
  const lost = await tx<{ id: string }[]>`
    select id from pgboss.job
    where name = ${webhookQueue} and state = 'active' and started_on < now() - ${lostAfterMs} * interval '1 millisecond'
    order by id limit ${batch} for update skip locked`
  await dropLanes(
    boss,
    tx,
    lost.map(({ id }) => id),
  )
  // One of each webhook, then a second of each: whoever has thousands to be sent keeps nobody waiting.
  const lanes = await tx<LaneToSend[]>`
    select w.id as "webhookId", d.resource_id as "resourceId", w.failing_since is not null as failing
    from webhooks w cross join lateral (
      select distinct p.resource_id from webhook_deliveries p
      where p.webhook_id = w.id and p.state = 'pending' and not exists (
        select from pgboss.job j where j.name = ${webhookQueue}
          and j.singleton_key = w.id || '/' || p.resource_id and j.state <= 'active')
      order by p.resource_id limit ${batch}) d
    where w.disabled_at is null
    order by row_number() over (partition by w.id order by d.resource_id), w.id limit ${batch}`
  await sendLanes(boss, tx, lanes)
}

async function claim(tx: TransactionSql, boss: PgBoss, jobs: readonly LaneJob[]): Promise<Claim[]> {
  if (jobs.length === 0) return []
  const keys = jobs.flatMap(({ lane }) => (lane === null ? [] : [laneKey(lane)]))
  const first = await tx<(Omit<Claim, 'job' | 'lane'> & { key: string })[]>`
    select l.key, d.id as "deliveryId", w.url, w.sealed_secret as "sealedSecret", d.body,
      floor(extract(epoch from clock_timestamp()))::integer as timestamp
    from unnest(${keys}::text[]) as l (key)
    join webhooks w on w.id = split_part(l.key, '/', 1)::uuid and w.disabled_at is null
    cross join lateral (
      select id, body from webhook_deliveries
      where webhook_id = w.id and resource_id = split_part(l.key, '/', 2)::uuid and state = 'pending'
      order by seq limit 1) d`
  const claims: Claim[] = []
  for (const job of jobs) {
    const found = job.lane && first.find(({ key }) => key === (job.lane && laneKey(job.lane)))
    // Its webhook is gone or disabled, or somebody has sent everything.
    if (job.lane && found) claims.push({ ...found, job, lane: job.lane })
    else await endLane(boss, tx, job)
  }
  return claims
}
