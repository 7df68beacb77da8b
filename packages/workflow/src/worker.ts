import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { reread, owned } from './claim.ts'
import type { Reach } from './crash-points.ts'
import type { AnyWorkflow } from './define.ts'
import { milliseconds, seconds } from './duration.ts'
import { giveBack, recover, register, renew, renewalMs, resendMissing } from './lease.ts'
import type { Logger } from './logger.ts'
import { currentStep, type ClaimedRow, type Held } from './operation.ts'
import { outcomeOfThrow, type Outcome } from './outcome.ts'
import type { FetchedJob } from './queue.ts'
import { goesOnHere, type Ending } from './record.ts'
import { forgetOld } from './retention.ts'
import { runStep } from './run.ts'
import { isConnectionLoss, isTransient } from './sql-errors.ts'
import { refreshStatistics } from './statistics.ts'
import { Superseded, takeTurn, type Finished, type TurnResult } from './turn.ts'

export interface WorkerOptions<D extends object> {
  /** One connection of its own is taken from here for the turns, another now and then for leases. */
  readonly sql: Sql
  readonly boss: PgBoss
  readonly workflows: readonly AnyWorkflow<D>[]
  readonly dependencies: D
  /** Steps that run at once in this process. */
  readonly concurrency: number
  readonly logger: Logger
  /** Milliseconds that an operation is kept after it has ended. */
  readonly retentionMs: number
  /** Forget every operation after each step, so that a claim must bring back all of it: a test mode. */
  readonly evict: boolean
  readonly reach: Reach
}

interface Flight<D> {
  readonly held: Held<D>
  readonly abort: AbortController
  readonly done: Promise<void>
}

/** Transitions recorded in one turn at most: bounds the transaction's size. */
const mostPerTurn = 200

/** NOTIFY and timers wake the loop; this only bounds what a lost notification can cost. */
const safetyPollMs = seconds(2)
const missingJobsMs = seconds(30)
const statisticsMs = seconds(2)
const forgettingMs = seconds(60)
const retryTurnMs = milliseconds(100)
const lastWordMs = seconds(5)

/** Runs steps: a loop that sleeps until something ended here, a job is ready, or the safety timer fires, then takes a turn. */
export class Worker<D extends object> {
  readonly #options: WorkerOptions<D>
  readonly #definitions: ReadonlyMap<string, AnyWorkflow<D>>
  readonly #flights = new Map<string, Flight<D>>()
  /** Operations whose next job this process has sent and not fetched yet. */
  readonly #held = new Map<string, Held<D>>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #finished: Finished<D>[] = []
  /** Cancellations heard of during a turn, for operations whose step is about to start. */
  #cancelled = new Set<string>()
  #worker = ''
  #wake: () => void = () => {}
  #awake = false
  #stopping = false
  /** A turn's connection was lost: whether it committed must be read back before anything else. */
  #uncertain = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: WorkerOptions<D>) {
    this.#options = options
    this.#definitions = new Map(options.workflows.map((w) => [versioned(w.name, w.version), w]))
  }

  async start(): Promise<void> {
    this.#worker = await register(this.#options.sql)
    this.#running = this.#loop()
    this.#every(renewalMs, () => this.#keepLease())
    this.#every(missingJobsMs, () => resendMissing(this.#options.sql, this.#options.boss))
    this.#every(statisticsMs, () => refreshStatistics(this.#options.sql))
    this.#every(forgettingMs, () => forgetOld(this.#options.sql, this.#options.retentionMs))
    this.#every(safetyPollMs, async () => this.poke())
    this.poke()
  }

  /** Something may have become ready. */
  poke(): void {
    this.#awake = true
    this.#wake()
  }

  /** These operations were cancelled by somebody: their running steps are told to stop. */
  cancelled(ids: readonly string[]): void {
    for (const id of ids) {
      this.#cancelled.add(id)
      this.#flights.get(id)?.abort.abort(new Error('the operation was cancelled'))
    }
  }

  /** Running steps finish within `drainMs`, or are told to stop and handed back for another worker. */
  async stop(drainMs: number): Promise<void> {
    if (this.#worker === '') return
    this.#stopping = true
    this.poke()
    await Promise.race([this.#landed(), delay(drainMs)])
    for (const flight of this.#flights.values())
      flight.abort.abort(new Error('the control plane is stopping'))
    const late = [...this.#flights.keys()]
    this.#flights.clear()
    this.poke()
    // With the database away nothing can be recorded: what is left is found by its lapsed lease.
    await Promise.race([this.#running, delay(lastWordMs)])
    for (const timer of this.#timers) clearTimeout(timer)
    const { sql, boss } = this.#options
    await sql.begin(async (tx) => {
      if (late.length > 0) await giveBack(tx, boss, { worker: this.#worker, crashed: false })
      await tx`delete from workers where id = ${this.#worker}`
    })
  }

  async #landed(): Promise<void> {
    while (this.#flights.size > 0) await Promise.all([...this.#flights.values()].map((flight) => flight.done))
  }

  async #loop(): Promise<void> {
    while (!this.#stopping || this.#flights.size > 0 || this.#finished.length > 0) {
      await this.#poked()
      try {
        if (this.#uncertain) await this.#readBack()
        await this.#turn()
      } catch (error) {
        await this.#survive(error)
      }
    }
  }

  async #poked(): Promise<void> {
    if (!this.#awake) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#awake = false
  }

  async #turn(): Promise<void> {
    const batch = this.#finished.slice(0, mostPerTurn)
    const free = this.#stopping ? 0 : this.#options.concurrency - this.#flights.size
    if (batch.length === 0 && free === 0) return
    const result = await takeTurn(
      this.#context(),
      batch,
      free,
      (id, jobId) => this.#held.get(id)?.jobId === jobId,
    )
    this.#commit(batch, result)
    await this.#options.reach('turn.committed')
    if (this.#finished.length > 0) this.poke()
  }

  #context() {
    const { sql, boss, dependencies, evict, reach } = this.#options
    return { sql, boss, dependencies, evict, reach, worker: this.#worker }
  }

  #commit(batch: readonly Finished<D>[], { endings, fetched, claimed }: TurnResult<D>): void {
    this.#finished = this.#finished.filter((item) => !batch.includes(item))
    for (const ending of endings) this.#settle(ending)
    for (const job of fetched) {
      const held = this.#held.get(job.operationId)
      this.#held.delete(job.operationId)
      if (held !== undefined) this.#launch(held, job)
    }
    for (const { row, job } of claimed) this.#launch(this.#recognise(row), job)
    this.#cancelled.clear()
  }

  #settle(ending: Ending<D>): void {
    const { held, transition, nextJobId } = ending
    if (transition.next === null) return
    if (goesOnHere(transition) && !this.#options.evict) this.#held.set(held.id, onward(ending, nextJobId))
    else if (transition.next.delayMs > 0) this.#after(transition.next.delayMs, () => this.poke())
  }

  /** What a claimed row means to this process; null definition: it knows no such workflow. */
  #recognise(row: ClaimedRow): Held<D> & { unknown?: string } {
    const definition = this.#definitions.get(versioned(row.workflow, row.version))
    const position = definition?.steps.findIndex((step) => step.name === row.step) ?? -1
    const unknown = unknownPart(row, definition?.steps)
    const fallback = { name: row.workflow, version: row.version, steps: [], input: undefined as never }
    return { ...row, definition: definition ?? fallback, position, ...(unknown !== null && { unknown }) }
  }

  #launch(held: Held<D> & { unknown?: string }, job: FetchedJob): void {
    // Heard of before its step began, or read with the claim.
    const cancelRequested = held.cancelRequested || this.#cancelled.has(held.id)
    if (held.unknown !== undefined) return this.#finish(held, job, parked(held.unknown))
    const input = held.definition.input.safeParse(held.input)
    if (!input.success)
      return this.#finish(
        held,
        job,
        parked(`its input cannot be read by ${held.workflow} version ${held.version}`),
      )
    const ready = { ...held, input: input.data, cancelRequested }
    if (cancelRequested && held.state !== 'undoing') return this.#finish(ready, job, { kind: 'cancelled' })
    if (currentStep(held).kind === 'transact') return this.#finish(ready, job, null)
    this.#fly(ready, job)
  }

  #fly(held: Held<D>, job: FetchedJob): void {
    const abort = new AbortController()
    const began = performance.now()
    const done = runStep(held, this.#options.dependencies, abort.signal, this.#options.reach)
      .catch(outcomeOfThrow)
      .then((outcome) => {
        // Given back meanwhile (a stop, a lost lease): whatever it returned belongs to nobody.
        if (this.#flights.get(held.id)?.abort !== abort) return
        this.#flights.delete(held.id)
        this.#finish(held, job, outcome, performance.now() - began)
      })
    this.#flights.set(held.id, { held, abort, done })
  }

  #finish(held: Held<D>, job: FetchedJob, outcome: Outcome | null, elapsedMs = 0): void {
    this.#finished.push({ held, retryCount: job.retryCount, outcome, elapsedMs })
    this.poke()
  }

  async #survive(error: unknown): Promise<void> {
    const { logger } = this.#options
    if (error instanceof Superseded) await this.#refresh(error.ids)
    else if (isConnectionLoss(error)) {
      this.#uncertain = true
      logger.warn({ err: error }, 'the metadata database is away; trying again')
      this.#after(retryTurnMs, () => this.poke())
    } else if (isTransient(error)) this.#after(retryTurnMs, () => this.poke())
    else await this.#oneByOne(error)
  }

  /** Some operation changed under us: forget those that were taken over, learn of cancellations, and repeat the turn. */
  async #refresh(ids: ReadonlySet<string>): Promise<void> {
    const rows = await this.#options.sql.begin((tx) => reread(tx, [...ids])).catch(() => null)
    const now = rows && new Map(rows.map((row) => [row.id, row]))
    this.#finished = this.#finished.flatMap((item) => {
      const row = now?.get(item.held.id)
      if (now === null || !ids.has(item.held.id)) return [item]
      if (row === undefined || row.fence !== item.held.fence || row.jobId !== item.held.jobId) return []
      return [
        {
          ...item,
          held: { ...item.held, cancelRequested: row.cancelRequested, state: runningState(item.held, row) },
        },
      ]
    })
    this.poke()
  }

  /** One transition that the database refuses must not take its neighbours with it, nor be tried for ever. */
  async #oneByOne(cause: unknown): Promise<void> {
    this.#options.logger.error({ err: cause }, 'a turn was refused; recording its transitions one by one')
    for (const item of this.#finished.slice(0, mostPerTurn)) {
      try {
        this.#commit([item], await takeTurn(this.#context(), [item], 0, () => false))
      } catch (error) {
        if (error instanceof Superseded || isConnectionLoss(error)) return this.#survive(error)
        this.#options.logger.error(
          { err: error, operation: item.held.id, step: item.held.step },
          'a transition was refused',
        )
        const refused = outcomeOfThrow(error)
        const outcome: Outcome = {
          kind: 'error',
          permanent: true,
          error: { code: 'NOT_RECORDABLE', message: messageOf(refused) },
        }
        this.#finished = this.#finished.map((other) => (other === item ? { ...item, outcome } : other))
      }
    }
    this.#after(retryTurnMs, () => this.poke())
  }

  /** After a lost connection the database is asked what it has: what was recorded is dropped, what was claimed unheard is given back. */
  async #readBack(): Promise<void> {
    const { sql, boss } = this.#options
    await sql.begin(async (tx) => {
      const mine = new Map((await owned(tx, this.#worker)).map((row) => [row.id, row]))
      this.#finished = this.#finished.filter(
        ({ held }) => mine.get(held.id)?.jobId === held.jobId && mine.get(held.id)?.fence === held.fence,
      )
      const known = new Set([...this.#flights.keys(), ...this.#finished.map(({ held }) => held.id)])
      const unheard = [...mine.keys()].filter((id) => !known.has(id))
      if (unheard.length > 0)
        await giveBack(tx, boss, { worker: this.#worker, crashed: false, only: unheard })
    })
    this.#held.clear()
    this.#uncertain = false
  }

  async #keepLease(): Promise<void> {
    const { sql, boss, logger } = this.#options
    if (!(await renew(sql, this.#worker))) {
      logger.warn({ worker: this.#worker }, 'the lease was lost; starting anew as another worker')
      this.#worker = await register(sql)
      for (const flight of this.#flights.values()) flight.abort.abort(new Error('the lease was lost'))
      this.#flights.clear()
      this.#held.clear()
      this.#finished = []
    }
    const flying = [...this.#flights.keys()]
    if (flying.length > 0) {
      // In case the announcement was lost.
      const rows = await sql<
        { id: string }[]
      >`select id from operations where id in ${sql(flying)} and state = 'cancelling'`
      this.cancelled(rows.map((row) => row.id))
    }
    if ((await recover(sql, boss)) > 0) this.poke()
  }

  /** At once, and then again and again; never twice at a time. */
  #every(ms: number, task: () => Promise<unknown>): void {
    let busy = false
    const run = () => {
      if (busy) return
      busy = true
      task()
        .catch((error: unknown) => {
          if (!this.#stopping)
            this.#options.logger.warn({ err: error }, 'housekeeping of the engine failed; it is repeated')
        })
        .finally(() => (busy = false))
    }
    run()
    this.#timers.add(setInterval(run, ms))
  }

  #after(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
    }, ms)
    this.#timers.add(timer)
  }
}

const versioned = (name: string, version: number): string => `${name}@${version}`

/** What the operation needs and this process does not have: it may run only the very steps that it began with. */
function unknownPart(row: ClaimedRow, steps: readonly { name: string }[] | undefined): string | null {
  const workflow = `${row.workflow} version ${row.version}`
  if (steps === undefined) return `no workflow ${workflow}`
  const nameAt = (names: readonly string[], index: number) => names[index] ?? 'no step'
  const names = steps.map((step) => step.name)
  const longest = Math.max(names.length, row.steps.length)
  for (let i = 0; i < longest; i++)
    if (names[i] !== row.steps[i])
      return `${nameAt(names, i)} as step ${i + 1} of ${workflow}, where the operation began with ${nameAt(row.steps, i)}`
  return names.includes(row.step) ? null : `no step ${row.step} in ${workflow}`
}

const parked = (message: string): Outcome => ({
  kind: 'park',
  error: { code: 'UNKNOWN_WORKFLOW', message: `this version of Toygres knows ${message}` },
})

const messageOf = (outcome: Outcome): string =>
  outcome.kind === 'error' ? outcome.error.message : outcome.kind

/** A cancellation turns `running` into `cancelling`; an undo that is under way stays what it is. */
const runningState = <D>(held: Held<D>, row: ClaimedRow) =>
  held.state === 'undoing' ? held.state : row.state

function onward<D>({ held, transition }: Ending<D>, jobId: string): Held<D> {
  const outputs = { ...held.outputs, [held.step]: transition.stepWrite?.output }
  const { state, step, position } = transition
  return { ...held, state, step, position, jobId, outputs, current: null }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
