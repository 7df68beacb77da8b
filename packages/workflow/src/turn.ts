import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { claim } from './claim.ts'
import type { Reach } from './crash-points.ts'
import { newId } from './ids.ts'
import type { ClaimedRow, Held } from './operation.ts'
import type { Outcome } from './outcome.ts'
import { plan } from './plan.ts'
import { StepQueue, type FetchedJob } from './queue.ts'
import { goesOnHere, record, type Ending, type Recorded } from './record.ts'
import { runInTransaction } from './run.ts'

/** A step that has been run, or found not to be runnable, and waits to be recorded. */
export interface Finished<D> {
  readonly held: Held<D>
  readonly retryCount: number
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
  readonly fetched: readonly FetchedJob[]
  readonly claimed: readonly { readonly row: ClaimedRow; readonly job: FetchedJob }[]
}

/** Some operations were taken over or cancelled since they were read: nothing was written, for anybody in the turn. */
export class Superseded extends Error {
  readonly ids: ReadonlySet<string>
  constructor(ids: ReadonlySet<string>) {
    super('operations changed since they were read')
    this.ids = ids
  }
}

/**
 * One turn: in ONE transaction, records every transition that is ready, completes their jobs, sends the next ones,
 * fetches as many as may run here and claims the operations that are new to this process. All of it commits or nothing.
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
    const [{ wakes, released }, fetched] = await together([
      record(tx, endings, evict).then((recorded) => refuseSuperseded(endings, recorded)),
      queue.complete(endings.map(completedJob)),
      queue.send(endings.flatMap(nextJob)),
      queue.fetch(limit),
      announce(tx, { events: endings.map(({ held }) => held.id) }),
    ]).then(([recorded, , , jobs]) => [recorded, jobs] as const)
    await reach('turn.recorded')
    // Woken while it ran: it must look again at once, or the wake-up would be lost.
    const woken = endings.filter(({ held, transition }) => {
      return transition.stepWrite?.state === 'waiting' && wakes.get(held.id) !== held.wakes
    })
    for (const { nextJobId } of woken) await queue.bringForward(nextJobId)
    await queue.send(released.map(releasedJob))

    const sentHere = new Set(endings.filter((e) => goesOnHere(e.transition)).map((e) => e.nextJobId))
    const fresh = fetched.filter((job) => evict || !(sentHere.has(job.id) || isHeld(job.operationId, job.id)))
    const fetchedIds = new Set(fetched.map((job) => job.id))
    const leftBehind = endings.some(
      ({ transition, nextJobId }) => transition.next?.delayMs === 0 && !fetchedIds.has(nextJobId),
    )
    const work = leftBehind || woken.length > 0 || released.length > 0
    const [claims] = await together([
      claim(tx, worker, fresh),
      announce(tx, { work, events: fresh.map((job) => job.operationId) }),
    ])
    const rows = new Map(claims.map((row) => [row.id, row]))
    await queue.complete(fresh.filter((job) => !rows.has(job.operationId)))
    await reach('turn.claimed')

    const claimed = fresh.flatMap((job) => {
      const row = rows.get(job.operationId)
      return row === undefined ? [] : [{ row, job }]
    })
    return { endings, fetched: fetched.filter((job) => !fresh.includes(job)), claimed }
  })
}

/** Steps that are SQL only run here, one after the other, each behind a savepoint of its own. */
async function planned<D extends object>(
  { dependencies }: TurnContext<D>,
  tx: TransactionSql,
  finished: readonly Finished<D>[],
): Promise<Ending<D>[]> {
  const endings: Ending<D>[] = []
  for (const { held, retryCount, outcome, elapsedMs } of finished) {
    const began = performance.now()
    const transition = plan(held, outcome ?? (await runInTransaction(held, dependencies, tx)), elapsedMs)
    const took = outcome === null ? performance.now() - began : elapsedMs
    endings.push({ held, retryCount, transition, nextJobId: newId(), elapsedMs: took })
  }
  return endings
}

/** All of them, or the first that fails: the others only say that the transaction is broken. */
async function together<T extends readonly unknown[]>(calls: {
  readonly [K in keyof T]: Promise<T[K]>
}): Promise<T> {
  const ended = await Promise.allSettled(calls)
  const failed = ended.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  return Promise.all(calls)
}

function refuseSuperseded<D>(endings: readonly Ending<D>[], recorded: Recorded): Recorded {
  const missing = endings.map(({ held }) => held.id).filter((id) => !recorded.wakes.has(id))
  if (missing.length > 0) throw new Superseded(new Set(missing))
  return recorded
}

const completedJob = <D>({ held, retryCount }: Ending<D>): FetchedJob => {
  return { id: held.jobId, operationId: held.id, retryCount }
}

function nextJob<D>({ held, transition: { next, step }, nextJobId }: Ending<D>) {
  return next === null
    ? []
    : [{ id: nextJobId, operationId: held.id, step, fence: held.fence, delayMs: next.delayMs }]
}

const releasedJob = ({ id, jobId, step, fence }: Recorded['released'][number]) => {
  return { id: jobId, operationId: id, step, fence, delayMs: 0 }
}
