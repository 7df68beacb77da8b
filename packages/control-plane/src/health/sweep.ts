import { defaultHealthCheckIntervalSeconds } from '@toygres/schema'
import { newId, seconds } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { replacementAt } from './next-check.ts'
import { dropChecks, healthQueue, sendChecks } from './queue.ts'
import { lostAfter, sweepPaces, type SweepPace } from './timing.ts'

/** Instances that get a new check in one statement. */
const batch = 1000

/** Of all that are checked; the default where none is. */
export async function shortestIntervalMs(sql: Sql): Promise<number> {
  const [row] = await sql<{ s: number | null }[]>`
    select min(health_check_interval_s) as s from instances where state = 'running'`
  return seconds(row?.s ?? defaultHealthCheckIntervalSeconds)
}

/**
 * Gives every running instance of this pace that has no check one: its job was dropped by hand or by a restore, its worker died, or
 * the clock was set back and the job is due in the far future.
 * @returns how many there were
 */
export async function sweepChecks(tx: TransactionSql, boss: PgBoss, pace: SweepPace): Promise<number> {
  const to = sweepPaces.find(({ fromSeconds }) => fromSeconds > pace.fromSeconds)?.fromSeconds ?? null
  await mistrustPlanner(tx, to !== null)
  let total = 0
  for (let some = batch; some === batch; total += some) some = await sweepSome(tx, boss, pace.fromSeconds, to)
  return total
}

/** What is known of instances that do not run: whoever stops one ends its checks, but for a restore. */
export async function forgetStopped(tx: TransactionSql): Promise<void> {
  await tx`delete from instance_health h where not exists (
    select from instances i where i.id = h.instance_id and i.state = 'running')`
}

/**
 * The planner takes a queue that has just been filled, or emptied, for a small one, and would look through all of it once per
 * instance. Of few instances each is looked for by its key; of all, both are read once.
 */
async function mistrustPlanner(tx: TransactionSql, isOfFew: boolean): Promise<void> {
  if (isOfFew)
    await tx`select set_config('enable_seqscan', 'off', true), set_config('enable_material', 'off', true)`
  else await tx`set local enable_nestloop = off`
}

async function sweepSome(
  tx: TransactionSql,
  boss: PgBoss,
  fromSeconds: number,
  toSeconds: number | null,
): Promise<number> {
  const without = await tx<{ id: string; now: Date; intervalMs: number }[]>`
    select i.id, now(), i.health_check_interval_s * 1000 as "intervalMs"
    from instances i cross join lateral (select i.health_check_interval_s * interval '1 second' as every) s
      cross join lateral (
        select least(${lostAfter.intervals}::float8 * every, ${lostAfter.mostMs} * interval '1 millisecond') as lost_after) l
    where i.state = 'running' and i.health_check_interval_s >= ${fromSeconds}
      ${toSeconds === null ? tx`` : tx`and i.health_check_interval_s < ${toSeconds}`}
      and not exists (
      select from pgboss.job j where j.name = ${healthQueue} and j.id = i.health_check_job_id and (
        j.state < 'active' and j.start_after <= now() + every + interval '1 second'
        or j.state = 'active' and j.started_on between now() - lost_after and now() + interval '1 second'))
    order by i.id limit ${batch}`
  if (without.length === 0) return 0
  const ids = without.map(({ id }) => id)
  await tx`insert into instance_health (instance_id) select id from instances where id in ${tx(ids)} and state = 'running'
    on conflict do nothing`
  // One that is locked is just being recorded, so its worker is alive; or its checks are just being stopped.
  const locked = await tx<{ id: string }[]>`
    select h.instance_id as id from instance_health h join instances i on i.id = h.instance_id
    where i.id in ${tx(ids)} and i.state = 'running' order by 1 for update of h skip locked`
  if (locked.length === 0) return 0
  const ours = new Set(locked.map(({ id }) => id))
  const checks = without
    .filter(({ id }) => ours.has(id))
    .map(({ id: instanceId, ...when }) => ({
      id: newId(),
      instanceId,
      dueAt: replacementAt({ instanceId, ...when }),
    }))
  await dropChecks(
    boss,
    tx,
    checks.map(({ instanceId }) => instanceId),
  )
  await sendChecks(boss, tx, checks)
  const pairs = checks.map(({ id, instanceId }) => ({ id, instance_id: instanceId }))
  await tx`update instances i set health_check_job_id = n.id
    from jsonb_to_recordset(${tx.json(pairs)}) as n (id uuid, instance_id uuid) where i.id = n.instance_id`
  return checks.length
}
