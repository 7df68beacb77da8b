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
import { goesOnHere, record, type Ending } from './record.ts'
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
    const { wakes, released } = await record(tx, endings, evict)
    refuseSuperseded(endings, wakes)
    await reach('turn.recorded')

    const queue = new StepQueue(boss, tx)
    await queue.complete(
      endings.map(({ held, retryCount }) => ({ id: held.jobId, operationId: held.id, retryCount })),
    )
    await reach('turn.completed')
    const next = [...endings.flatMap((ending) => nextJob(ending, wakes)), ...released.map(releasedJob)]
    await queue.send(next)
    await reach('turn.sent')

    const fetched = await queue.fetch(limit)
    await reach('turn.fetched')
    const sentHere = new Set(endings.filter((e) => goesOnHere(e.transition)).map((e) => e.nextJobId))
    const fresh = fetched.filter((job) => evict || !(sentHere.has(job.id) || isHeld(job.operationId, job.id)))
    const rows = new Map((await claim(tx, worker, fresh)).map((row) => [row.id, row]))
    await queue.complete(fresh.filter((job) => !rows.has(job.operationId)))
    await reach('turn.claimed')

    const fetchedIds = new Set(fetched.map((job) => job.id))
    const leftBehind = next.some((job) => job.delayMs === 0 && !fetchedIds.has(job.id))
    const changed = [...endings.map(({ held }) => held.id), ...rows.keys()]
    await announce(tx, { work: leftBehind, events: changed })

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
    endings.push({ held, retryCount, transition, nextJobId: transition.next && newId(), elapsedMs: took })
  }
  return endings
}

function refuseSuperseded<D>(endings: readonly Ending<D>[], written: ReadonlyMap<string, number>): void {
  const missing = endings.map(({ held }) => held.id).filter((id) => !written.has(id))
  if (missing.length > 0) throw new Superseded(new Set(missing))
}

function nextJob<D>({ held, transition, nextJobId }: Ending<D>, wakes: ReadonlyMap<string, number>) {
  if (transition.next === null || nextJobId === null) return []
  // Woken while it ran: it must look again at once, or the wake-up would be lost.
  const woken = wakes.get(held.id) !== held.wakes && transition.stepWrite?.state === 'waiting'
  const delayMs = woken ? 0 : transition.next.delayMs
  return [{ id: nextJobId, operationId: held.id, step: transition.step, fence: held.fence, delayMs }]
}

const releasedJob = ({
  id,
  jobId,
  step,
  fence,
}: {
  id: string
  jobId: string
  step: string
  fence: number
}) => ({
  id: jobId,
  operationId: id,
  step,
  fence,
  delayMs: 0,
})
