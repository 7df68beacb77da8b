import { hostname } from 'node:os'
import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { quarantine } from './admission.ts'
import { announce } from './announce.ts'
import type { Reach } from './crash-points.ts'
import { seconds } from '../definition/duration.ts'
import { tell } from './events.ts'
import { newId } from '../ids.ts'
import { StepQueue } from './queue.ts'
import { requeue, type Operations } from './requeue.ts'

/** How long a worker that falls silent keeps its operations; with the interval below, a peer takes over within 5 s. */
const leaseMs = seconds(3)
export const renewalMs = seconds(1)

/** A step that kills its process this often in a row is not tried again. */
const mostCrashes = 5

/** One that was lost this often in a row is tried again in quarantine: it may have been a neighbour that killed the process. */
const suspiciousCrashes = 2

type Counted = { readonly id: string; readonly crashes: number }

/** Operations taken back in one transaction. */
const batch = 500

/** The ids of new workers of this process: all of them or none. */
export async function register(sql: Sql, workers: number): Promise<string[]> {
  const ids = Array.from({ length: workers }, newId)
  await sql`insert into workers (id, host, pid, lease_until)
    select id::uuid, ${hostname()}, ${process.pid}, now() + ${leaseMs} * interval '1 millisecond'
    from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) as id`
  return ids
}

/**
 * One statement, whatever the workers own. @returns those that have their lease; of the others somebody else may run the
 * operations already. One that lapsed while nobody could take it (the database was away for everybody, all of this process was
 * paused) holds on: whoever takes over ends it for good.
 */
export async function renew(sql: Sql, workers: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }[]>`
    update workers set lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where id in ${sql(workers)} and lease_until > '-infinity' returning id`
  return new Set(rows.map(({ id }) => id))
}

/** The worker is gone, or about to be: whatever it has belongs to others, and what it would claim would be nobody's. */
export class LeaseLost extends Error {}

/** Until the transaction ends nobody takes over from this worker; renewing its lease does not wait for that. */
export async function holdLease(tx: TransactionSql, worker: string): Promise<void> {
  const rows = await tx`select from workers where id = ${worker} and lease_until > '-infinity' for key share`
  if (rows.length === 0) throw new LeaseLost()
}

/** Puts back what dead workers owned. Runs on every worker, all the time: recovery is never a start-up pass. */
export async function recover(
  sql: Sql,
  boss: PgBoss,
  living: readonly string[],
  reach: Reach,
): Promise<void> {
  const lapsed = await sql<{ id: string }[]>`select id from workers where lease_until < now()`
  for (const { id } of lapsed.filter((worker) => !living.includes(worker.id)))
    await sql.begin(async (tx) => {
      const mine =
        await tx`select from workers where id = ${id} and lease_until < now() for update skip locked`
      if (mine.length === 0) return
      await giveBack(tx, boss, { worker: id, crashed: true })
      // It must not come back to what is left: more than a batch, or locked by somebody for whom nobody else should wait.
      await tx`update workers set lease_until = '-infinity' where id = ${id}`
      await tx`delete from workers where id = ${id}
        and not exists (select from operations where owner = ${id} and ended_at is null)`
      await reach('recovery.taken')
    })
}

/**
 * Puts operations of a worker back into the queue. A step that its worker died in has one crash more; one with some is tried
 * again by itself, one with too many is parked. Without `only`, at most `batch` of those that nobody has locked.
 */
export async function giveBack(
  tx: TransactionSql,
  boss: PgBoss,
  { worker, crashed, only }: { worker: string; crashed: boolean; only?: readonly string[] },
): Promise<void> {
  const lost = await tx<{ id: string }[]>`
    select id from operations where owner = ${worker} and ended_at is null ${only ? tx`and id in ${tx(only)}` : tx``}
    order by id limit ${batch} for update ${only ? tx`` : tx`skip locked`}`
  if (lost.length === 0) return
  if (!crashed) await requeue(tx, boss, lost)
  else {
    const ids = lost.map(({ id }) => id)
    const counted = await tx<Counted[]>`select * from take_over(${worker}, ${ids}::uuid[])`
    await announce(tx, { events: ids })
    const crashed = (from: number, below: number) =>
      counted.filter(({ crashes }) => crashes >= from && crashes < below)
    const begun = new Set(counted.map(({ id }) => id))
    await requeue(tx, boss, [...crashed(0, suspiciousCrashes), ...lost.filter(({ id }) => !begun.has(id))])
    await isolate(tx, boss, crashed(suspiciousCrashes, mostCrashes))
    await park(tx, boss, crashed(mostCrashes, Infinity))
  }
}

/** They wait for quarantine, without a job, as what waits for room in a lane does. */
async function isolate(tx: TransactionSql, boss: PgBoss, operations: Operations): Promise<void> {
  if (operations.length === 0) return
  const ids = operations.map(({ id }) => id)
  const rows = await tx<{ stale: string }[]>`
    update operations o set fence = o.fence + 1, owner = null, job_id = null, admitted = false,
      lanes = array_append(array_remove(o.lanes, ${quarantine}), ${quarantine})
    from operations was where o.id in ${tx(ids)} and was.id = o.id returning was.job_id as stale`
  await new StepQueue(boss, tx).delete(rows.map(({ stale }) => stale))
}

async function park(tx: TransactionSql, boss: PgBoss, operations: Operations): Promise<void> {
  if (operations.length === 0) return
  const ids = operations.map(({ id }) => id)
  const rows = await tx<{ stale: string }[]>`
    update operations o set state = 'parked', parked_from = o.state, fence = o.fence + 1, owner = null, job_id = null,
      error = jsonb_build_object('code', 'POISONOUS', 'step', o.step, 'leftovers', '[]'::jsonb,
        'message', 'its worker died ' || ${mostCrashes} || ' times in step ' || o.step)
    from operations was where o.id in ${tx(ids)} and was.id = o.id returning was.job_id as stale`
  await new StepQueue(boss, tx).delete(rows.map(({ stale }) => stale))
  await tell(tx, ids, 'parked', {
    code: 'POISONOUS',
    message: `its worker died ${mostCrashes} times in one step`,
  })
  await announce(tx, { events: ids })
}

/**
 * Sends again the jobs that nobody can end: vanished from the queue (dropped by hand, a restore),
 * or active for an owner that is gone. An operation without a live job would wait for ever.
 */
export async function resendMissing(sql: Sql, boss: PgBoss): Promise<void> {
  await sql.begin(async (tx) => {
    const stranded = await tx<{ id: string }[]>`
      select o.id from operations o
      where o.ended_at is null and o.after_operation is null and o.admitted and o.state <> 'parked'
        and not exists (
          select from pgboss.job j where j.id = o.job_id
            and (j.state < 'active' or j.state = 'active' and o.owner in (select id from workers)))
      order by o.id limit ${batch} for update of o skip locked`
    await requeue(tx, boss, stranded)
  })
}
