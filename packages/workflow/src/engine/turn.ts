import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { claim } from './claim.ts'
import type { Reach } from './crash-points.ts'
import { milliseconds } from '../definition/duration.ts'
import { newId } from '../ids.ts'
import type { ClaimedRow, Held } from './held.ts'
import type { Outcome } from '../definition/outcome.ts'
import { holdLease } from './lease.ts'
import { plan } from './plan.ts'
import { StepQueue, type FetchedJob } from './queue.ts'
import { goesOnHere, record, type Ending, type Recorded } from './record.ts'
import { runInTransaction } from './run.ts'

/** A step that has been run, or found not to be runnable, and waits to be recorded. */
export interface Finished<D> {
  readonly held: Held<D>
  /** Null for a step that is SQL only: the turn runs it inside its transaction. */
  readonly outcome: Outcome | null
  readonly elapsedMs: number
}

export interface TurnContext<D extends object> {
  readonly sql: Sql
  readonly boss: PgBoss
  readonly worker: string
  readonly dependencies: D
  readonly evict: boolean
  readonly reach: Reach
}

export interface TurnResult<D> {
  readonly endings: readonly Ending<D>[]
  /** Of operations that this worker holds. */
  readonly fetched: readonly FetchedJob[]
  readonly claimed: readonly ClaimedRow[]
  /** There are jobs that come again after `putBackMs`. */
  readonly hasPutBack: boolean
}

/** How long a job waits whose operation is locked: nearly always by somebody who is done sooner, with waking it for one. */
export const putBackMs = milliseconds(100)

/** Some operations were taken over or cancelled since they were read: nothing was written, for anybody in the turn. */
export class Superseded extends Error {}

/**
 * One turn: in ONE transaction, records every transition that is ready, deletes their jobs, sends the next ones,
 * fetches as many as may run here and claims the operations that are new to this worker. All of it commits or nothing.
 */
export function takeTurn<D extends object>(
  context: TurnContext<D>,
  finished: readonly Finished<D>[],
  limit: number,
  isHeld: (id: string, jobId: string) => boolean,
): Promise<TurnResult<D>> {
  const { sql, boss, worker, evict, reach } = context
  return sql.begin(async (tx) => {
    await reach('turn.began')
    const endings = await planned(context, tx, finished)
    await reach('turn.transacted')
    const queue = new StepQueue(boss, tx)
    // Sent without waiting for each other, so that all of it costs one round trip.
    const [{ wakes, released }, , , fetched] = await together([
      record(tx, endings, evict).then((recorded) => refuseSuperseded(endings, recorded)),
      queue.delete(endings.map(({ held }) => held.jobId)),
      queue.send(endings.flatMap(nextJob)),
      queue.fetch(limit),
      announce(tx, { events: endings.map(({ held }) => held.id) }),
    ])
    await reach('turn.recorded')
    // Woken while it ran: it must look again at once, or the wake-up would be lost.
    const woken = endings.filter(({ held, transition: { stepWrite } }) => {
      return stepWrite?.state === 'waiting' && wakes.get(held.id) !== held.wakes
    })
    for (const { nextJobId } of woken) await queue.bringForward(nextJobId)
    await queue.send(released.map(({ id, jobId, ...rest }) => ({ id: jobId, operationId: id, ...rest })))

    const sentHere = new Set(endings.filter((e) => goesOnHere(e.transition)).map((e) => e.nextJobId))
    const fresh = fetched.filter((job) => evict || !(sentHere.has(job.id) || isHeld(job.operationId, job.id)))
    const fetchedIds = new Set(fetched.map(({ id }) => id))
    const isLeftBehind = ({ transition, nextJobId }: Ending<D>) =>
      transition.next?.delayMs === 0 && !fetchedIds.has(nextJobId)
    const work = endings.some(isLeftBehind) || woken.length > 0 || released.length > 0
    const [, claimed] = await together([
      // A claim for a worker that is gone would be found by nobody for long.
      fresh.length > 0 ? holdLease(tx, worker) : Promise.resolve(),
      claim(tx, worker, fresh),
      announce(tx, { work, events: fresh.map(({ operationId }) => operationId) }),
    ])
    const current = new Set(claimed.map(({ jobId }) => jobId))
    const unclaimed = fresh.filter(({ id }) => !current.has(id))
    const putBack = unclaimed.length > 0 ? await queue.putBack(unclaimed, putBackMs) : new Set()
    await queue.complete(unclaimed.flatMap(({ id }) => (putBack.has(id) ? [] : id)))
    await reach('turn.claimed')
    const again = fetched.filter((job) => !fresh.includes(job))
    return { endings, fetched: again, claimed, hasPutBack: putBack.size > 0 }
  })
}

/** Steps that are SQL only run here, one after the other, each behind a savepoint of its own. */
async function planned<D extends object>(
  { dependencies }: TurnContext<D>,
  tx: TransactionSql,
  finished: readonly Finished<D>[],
): Promise<Ending<D>[]> {
  const endings: Ending<D>[] = []
  for (const { held, outcome, elapsedMs: ran } of finished) {
    const began = performance.now()
    const ended = outcome ?? (await runInTransaction(held, dependencies, tx))
    const elapsedMs = outcome === null ? performance.now() - began : ran
    endings.push({ held, transition: plan(held, ended, elapsedMs), nextJobId: newId(), elapsedMs })
  }
  return endings
}

/** All of them, or the first that fails: the others only say that the transaction is broken. */
async function together<T extends readonly unknown[]>(calls: {
  readonly [K in keyof T]: Promise<T[K]>
}): Promise<T> {
  const failed = (await Promise.allSettled(calls)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return Promise.all(calls)
}

function refuseSuperseded<D>(endings: readonly Ending<D>[], recorded: Recorded): Recorded {
  if (endings.some(({ held }) => !recorded.wakes.has(held.id))) throw new Superseded()
  return recorded
}

function nextJob<D>({ held, transition: { next, step }, nextJobId }: Ending<D>) {
  if (next === null) return []
  return [{ id: nextJobId, operationId: held.id, step, fence: held.fence, delayMs: next.delayMs }]
}
