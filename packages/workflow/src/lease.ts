import { hostname } from 'node:os'
import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { seconds } from './duration.ts'
import { newId } from './ids.ts'
import { StepQueue } from './queue.ts'

/** How long a worker that falls silent keeps its operations; with the interval below, a peer takes over within 5 s. */
export const leaseMs = seconds(3)
export const renewalMs = seconds(1)

/** A step that kills its process this often is not tried again. */
const mostCrashes = 5

/** Operations taken back in one transaction. */
const batch = 500

export async function register(sql: Sql): Promise<string> {
  const id = newId()
  await sql`insert into workers (id, host, pid, lease_until)
    values (${id}, ${hostname()}, ${process.pid}, now() + ${leaseMs} * interval '1 millisecond')`
  return id
}

/** One statement, whatever the worker owns. False when the lease was lost: somebody else may run its operations already. */
export async function renew(sql: Sql, worker: string): Promise<boolean> {
  const rows = await sql`update workers set lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where id = ${worker} and lease_until > now() returning id`
  return rows.length === 1
}

/** Puts back what dead workers owned. Runs on every worker, all the time: recovery is never a start-up pass. */
export async function recover(sql: Sql, boss: PgBoss): Promise<number> {
  return sql.begin(async (tx) => {
    const dead = await tx<
      { id: string }[]
    >`select id from workers where lease_until < now() for update skip locked`
    let recovered = 0
    for (const { id } of dead) {
      const taken = await giveBack(tx, boss, { worker: id, crashed: true })
      recovered += taken
      if (taken < batch) await tx`delete from workers where id = ${id}`
    }
    return recovered
  })
}

/**
 * Puts operations of a worker back into the queue: a new fence, so that nothing it may still write counts,
 * and a new job. A step that its worker died in has one crash more; one with too many is parked.
 */
export async function giveBack(
  tx: TransactionSql,
  boss: PgBoss,
  { worker, crashed, only }: { worker: string; crashed: boolean; only?: readonly string[] },
): Promise<number> {
  const lost = await tx<{ id: string; job_id: string; fence: string; step: string; crashes: number }[]>`
    select o.id, o.job_id, o.fence, o.step, coalesce(s.crashes, 0) as crashes
    from operations o left join operation_steps s on s.operation_id = o.id and s.step = o.step
    where o.owner = ${worker} and o.ended_at is null ${only ? tx`and o.id in ${tx(only)}` : tx``}
    order by o.id limit ${batch} for update of o`
  if (lost.length === 0) return 0
  const back = lost.map((o) => ({
    ...o,
    park: crashed && o.crashes + 1 >= mostCrashes,
    next_job_id: newId(),
  }))
  const rows = tx.json(back.map(({ id, next_job_id, park }) => ({ id, next_job_id, park })))
  await tx`
    with back as (select * from jsonb_to_recordset(${rows}) as b (id uuid, next_job_id uuid, park boolean)), moved as (
      update operations o set fence = o.fence + 1, owner = null, job_id = b.next_job_id, updated_at = now(),
        state = case when b.park then 'parked' else o.state end, parked_from = case when b.park then o.state end,
        error = case when b.park then jsonb_build_object('code', 'POISONOUS', 'step', o.step, 'leftovers', '[]'::jsonb,
          'message', 'its worker died ' || ${mostCrashes} || ' times in step ' || o.step) else o.error end,
        last_seq = o.last_seq + case when b.park then 1 else 0 end
      from back b where o.id = b.id returning o.*, b.park
    ), told as (
      insert into operation_events (operation_id, seq, operation_state, state, message)
      select id, last_seq, 'parked', 'parked', error ->> 'message' from moved where park
    )
    insert into operation_steps as s (operation_id, position, step, state, crashes)
    select id, array_position(steps, step) - 1, step, 'running', 1 from moved where ${crashed}
    on conflict (operation_id, position) do update set crashes = s.crashes + 1`
  const queue = new StepQueue(boss, tx)
  await queue.delete(lost.map((o) => o.job_id))
  await queue.send(
    back
      .filter((o) => !o.park)
      .map((o) => ({
        id: o.next_job_id,
        operationId: o.id,
        step: o.step,
        fence: Number(o.fence) + 1,
        delayMs: 0,
      })),
  )
  await announce(tx, { work: true, events: lost.map((o) => o.id) })
  return lost.length
}

/**
 * Sends again the jobs that nobody can end: vanished from the queue (dropped by hand, a restore),
 * or active for an owner that is gone. An operation without a live job would wait for ever.
 */
export async function resendMissing(sql: Sql, boss: PgBoss): Promise<number> {
  return sql.begin(async (tx) => {
    const stranded = await tx<{ id: string; job_id: string; step: string; fence: string }[]>`
      select o.id, o.job_id, o.step, o.fence from operations o
      where o.ended_at is null and o.after_operation is null and o.state <> 'parked'
        and not exists (
          select from pgboss.job j where j.id = o.job_id
            and (j.state < 'active' or j.state = 'active' and o.owner in (select id from workers)))
      order by o.id limit ${batch} for update of o skip locked`
    if (stranded.length === 0) return 0
    const queue = new StepQueue(boss, tx)
    await queue.delete(stranded.map((o) => o.job_id))
    const again = stranded.map((o) => ({ ...o, next: newId() }))
    await tx`update operations o set job_id = b.next, fence = o.fence + 1, owner = null
      from jsonb_to_recordset(${tx.json(again.map(({ id, next }) => ({ id, next })))}) as b (id uuid, next uuid) where o.id = b.id`
    await queue.send(
      again.map((o) => ({
        id: o.next,
        operationId: o.id,
        step: o.step,
        fence: Number(o.fence) + 1,
        delayMs: 0,
      })),
    )
    await announce(tx, { work: true })
    return stranded.length
  })
}
