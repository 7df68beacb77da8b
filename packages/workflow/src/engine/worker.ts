import { setTimeout as delay } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import { admit } from './admission.ts'
import { Bell } from '../bell.ts'
import { owned } from './claim.ts'
import type { Reach } from './crash-points.ts'
import type { AnyWorkflow } from '../definition/define.ts'
import { milliseconds, seconds } from '../definition/duration.ts'
import { giveBack, LeaseLost } from './lease.ts'
import type { Logger } from '../logger.ts'
import { currentStep, type Held } from './held.ts'
import { outcomeOfThrow, type Outcome } from '../definition/outcome.ts'
import { recognise, versioned } from './recognise.ts'
import { goesOnHere, type Ending } from './record.ts'
import { runStep } from './run.ts'
import { isConnectionLoss, isStatementTimeout, isTransient } from '../sql-errors.ts'
import { putBackMs, Superseded, takeTurn, type Finished, type TurnResult } from './turn.ts'

export interface WorkerOptions<D extends object> {
  /** Each worker takes a connection from here for its turns, and housekeeping two or three now and then: six are enough. */
  readonly sql: Sql
  readonly boss: PgBoss
  readonly workflows: readonly AnyWorkflow<D>[]
  readonly dependencies: D
  /** Steps that run at once here. */
  readonly concurrency: number
  /** How many operations may be under way at once in each lane (see admission.ts). */
  readonly lanes: ReadonlyMap<string, number>
  readonly logger: Logger
  /** Milliseconds that a lost notification can cost at most: it looks for work so often, told or not. Infinity: only when told. */
  readonly safetyPollMs: number
  /** Forget every operation after each step, so that a claim must bring back all of it: a test mode. */
  readonly evict: boolean
  readonly reach: Reach
  /** Called when a turn has fetched as much as may run here: there may be more, for others. */
  readonly onSaturated: () => void
}

interface Flight {
  readonly abort: AbortController
  readonly landed: Promise<void>
}

/** Transitions recorded in one turn at most: bounds the transaction's size. */
const mostPerTurn = 200

/** Operations remembered at most: one that is forgotten, or goes on elsewhere, is claimed again. */
const mostHeld = 1000

const retryTurnMs = milliseconds(100)
const retryAdmissionMs = milliseconds(20)
/** For what there is to say to the database before the end; twice: to record, and to hand back. */
export const lastWordMs = seconds(5)

/** Runs steps: sleeps until something ended here, a job is ready, or the safety poll is due, then takes a turn. */
export class Worker<D extends object> {
  readonly #options: WorkerOptions<D>
  readonly #definitions: ReadonlyMap<string, AnyWorkflow<D>>
  readonly #bell = new Bell()
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Steps that run outside any transaction now, by operation. */
  readonly #flights = new Map<string, Flight>()
  /** Operations whose next job this worker has sent and not fetched yet. */
  readonly #held = new Map<string, Held<D>>()
  #finished: Finished<D>[] = []
  #most = mostPerTurn
  /** Cancellations heard of during a turn, for operations whose step is about to start. */
  readonly #cancelled = new Set<string>()
  #id: string
  /** No step is begun that was not fetched yet; */
  #stopping = false
  /** none at all. */
  #closed = false
  /** Something may have room to begin. */
  #admitting = true
  /** What the database has of ours is not known: it must be read back before anything else. */
  #uncertain = false
  #running: Promise<void> = Promise.resolve()

  /** Its lease is renewed by somebody else. */
  constructor(options: WorkerOptions<D>, id: string) {
    this.#options = options
    this.#id = id
    this.#definitions = new Map(options.workflows.map((w) => [versioned(w), w]))
  }

  /** Takes turns from now on. */
  start(): void {
    this.#running = this.#loop()
    this.poke()
  }

  get id(): string {
    return this.#id
  }

  /** The lease was lost: what it had belongs to others. */
  beginAnew(id: string): void {
    this.#options.logger.warn({ worker: this.#id }, 'the lease was lost; starting anew as another worker')
    this.#id = id
    this.#abandon('the lease was lost')
    this.#held.clear()
    this.#finished = []
  }

  /** Operations whose steps run here now. */
  get flying(): readonly string[] {
    return [...this.#flights.keys()]
  }

  get hasRoom(): boolean {
    return !this.#stopping && !this.#suspects && this.#flights.size < this.#options.concurrency
  }

  /** What fails beside nothing else is to blame for it. */
  get #suspects(): boolean {
    return this.#most === 1 && this.#finished.length > 0
  }

  get idle(): boolean {
    return this.#bell.waited && this.hasRoom
  }

  /** Something may have become ready, or have room to begin. */
  poke(): void {
    this.#admitting ||= this.#options.lanes.size > 0
    this.#bell.ring()
  }

  /** Something may be left that others have no room for. */
  ring(): void {
    this.#bell.ring()
  }

  /** These operations were cancelled by somebody: their running steps are told to stop. */
  cancelled(ids: readonly string[]): void {
    for (const id of ids) {
      this.#cancelled.add(id)
      this.#flights.get(id)?.abort.abort(new Error('the operation was cancelled'))
    }
  }

  /** Running steps finish within `drainMs`, or are told to stop. Nothing is begun. */
  async drain(drainMs: number): Promise<void> {
    this.#stopping = true
    this.#bell.ring()
    await Promise.race([this.#drained(), delay(drainMs, undefined, { ref: false })])
    this.#closed = true
    this.#abandon('the control plane is stopping')
    this.#bell.ring()
    // With the database away nothing can be recorded: what is left is found by its lapsed lease.
    await Promise.race([this.#running, delay(lastWordMs, undefined, { ref: false })])
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** Hands back what did not finish, for another worker. */
  async leave(): Promise<void> {
    const { sql, boss } = this.#options
    await sql.begin(async (tx) => {
      await giveBack(tx, boss, { worker: this.#id, crashed: false })
      await tx`delete from workers where id = ${this.#id}`
    })
  }

  async #drained(): Promise<void> {
    while (this.#flights.size > 0) await Promise.all([...this.#flights.values()].map(({ landed }) => landed))
  }

  /** Whatever they return now belongs to nobody. */
  #abandon(because: string): void {
    for (const { abort } of this.#flights.values()) abort.abort(new Error(because))
    this.#flights.clear()
  }

  async #loop(): Promise<void> {
    while (!this.#stopping || this.#flights.size > 0 || this.#finished.length > 0) {
      await this.#bell.wait(this.#options.safetyPollMs)
      const batch = this.#finished.slice(0, this.#most)
      try {
        if (this.#uncertain) await this.#readBack()
        else await this.#turn(batch)
      } catch (error) {
        await this.#survive(error, batch).catch((worse: unknown) => {
          this.#options.logger.warn({ err: worse }, 'a refused turn could not be made up for; trying again')
        })
      }
    }
  }

  async #turn(batch: readonly Finished<D>[]): Promise<void> {
    const { sql, boss, concurrency, lanes } = this.#options
    if (this.#admitting && !this.#suspects) {
      this.#admitting = false
      if (!(await admit(sql, boss, lanes))) {
        this.#admitting = true
        this.#after(retryAdmissionMs)
      }
    }
    const free = this.#stopping || this.#suspects ? 0 : concurrency - this.#flights.size
    // What woke it may be for others.
    if (batch.length === 0 && free === 0) return this.#options.onSaturated()
    const isHeld = (id: string, jobId: string) => this.#held.get(id)?.jobId === jobId
    const result = await takeTurn({ ...this.#options, worker: this.#id }, batch, free, isHeld)
    this.#commit(batch, result)
    if (result.hasPutBack) this.#after(putBackMs)
    if (result.fetched.length + result.claimed.length >= free) this.#options.onSaturated()
    await this.#options.reach('turn.committed')
    if (this.#finished.length > 0) this.#bell.ring()
  }

  #commit(batch: readonly Finished<D>[], { endings, fetched, claimed }: TurnResult<D>): void {
    this.#most = Math.min(mostPerTurn, this.#most * 2)
    this.#finished = this.#finished.filter((item) => !batch.includes(item))
    for (const ending of endings) this.#settle(ending)
    for (const job of fetched) {
      const held = this.#held.get(job.operationId)
      this.#held.delete(job.operationId)
      if (held !== undefined) this.#launch(held)
    }
    for (const row of claimed) {
      const { held, refused } = recognise(row, this.#definitions)
      if (refused === undefined) this.#launch(held)
      else this.#finish(held, refused)
    }
    this.#cancelled.clear()
  }

  #settle({ held, transition, nextJobId }: Ending<D>): void {
    const { state, step, position, stepWrite, next } = transition
    // Its place is free for another. Without limits nobody waits for one, and a turn for nothing would be in the next one's way.
    if (held.quarantined || (next === null && this.#options.lanes.size > 0)) {
      this.#admitting = true
      this.#bell.ring()
    }
    if (next === null) return
    if (next.delayMs > 0) this.#after(next.delayMs)
    else if (goesOnHere(transition) && !this.#options.evict) {
      const outputs = { ...held.outputs, [held.step]: stepWrite?.output }
      this.#held.set(held.id, { ...held, state, step, position, jobId: nextJobId, outputs, current: null })
      const [oldest] = this.#held.keys()
      if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest)
    }
  }

  #launch(claimed: Held<D>): void {
    // Claimed by a turn that was under way: `stop` gives it back.
    if (this.#closed) return
    // Heard of before its step began, or read with the claim.
    const held = { ...claimed, cancelRequested: claimed.cancelRequested || this.#cancelled.has(claimed.id) }
    if (held.cancelRequested && held.state !== 'undoing') this.#finish(held, { kind: 'cancelled' })
    else if (currentStep(held).kind === 'transact') this.#finish(held, null)
    else this.#fly(held)
  }

  #fly(held: Held<D>): void {
    const abort = new AbortController()
    const began = performance.now()
    const landed = runStep(held, this.#options.dependencies, abort, this.#options.reach)
      .catch(outcomeOfThrow)
      .then((outcome) => {
        if (this.#flights.get(held.id)?.abort !== abort) return
        this.#flights.delete(held.id)
        this.#finish(held, outcome, performance.now() - began)
      })
    this.#flights.set(held.id, { abort, landed })
  }

  #finish(held: Held<D>, outcome: Outcome | null, elapsedMs = 0): void {
    this.#finished.push({ held, outcome, elapsedMs })
    this.#bell.ring()
  }

  async #survive(error: unknown, batch: readonly Finished<D>[]): Promise<void> {
    const { logger } = this.#options
    if (error instanceof Superseded || isConnectionLoss(error)) this.#uncertain = true
    if (error instanceof Superseded) return this.#bell.ring()
    this.#after(retryTurnMs)
    // It is told of another id in a moment (see `beginAnew`).
    if (error instanceof LeaseLost) return
    if (isConnectionLoss(error) || (isTransient(error) && !isStatementTimeout(error)))
      return logger.warn({ err: error }, 'the metadata database did not take a turn; trying again')
    logger.error({ err: error }, 'a turn was refused')
    const [first] = batch
    // One transition that the database refuses, or takes too long for, must not take its neighbours with it: halve until it
    // stands alone.
    if (first !== undefined && this.#most === 1) await this.#refuse(first, error)
    else if (first !== undefined) this.#most = Math.max(1, Math.floor(batch.length / 2))
  }

  /**
   * What the database does not take fails its step. Where that is not taken either, or there was no answer in time (which may
   * have another's lock for a reason, and undoes nothing), its worker died of it, so to speak.
   */
  async #refuse(refused: Finished<D>, thrown: unknown): Promise<void> {
    const { sql, boss } = this.#options
    const { held, outcome } = refused
    const error = { code: 'NOT_RECORDABLE', message: outcomeOfThrow(thrown).error.message }
    const failed: Outcome = { kind: 'error', permanent: true, error }
    const isLost =
      isStatementTimeout(thrown) || (outcome?.kind === 'error' && outcome.error.code === error.code)
    const others = () => this.#finished.filter((item) => item !== refused)
    // Where it cannot even be given back, since somebody has it locked, the others go first.
    this.#finished = [...others(), isLost ? refused : { ...refused, outcome: failed }]
    if (!isLost) return
    await sql.begin(async (tx) => {
      await tx`set local lock_timeout = '1s'`
      await giveBack(tx, boss, { worker: this.#id, crashed: true, only: [held.id] })
    })
    this.#finished = others()
  }

  /**
   * After a lost connection or a lost race the database is asked what it has: what was recorded or taken over is dropped,
   * cancellations are learnt of, and what was claimed unheard is given back.
   */
  async #readBack(): Promise<void> {
    const { sql, boss } = this.#options
    await sql.begin(async (tx) => {
      const mine = new Map((await owned(tx, this.#id)).map((row) => [row.id, row]))
      this.#finished = this.#finished.flatMap(({ held, ...item }) => {
        const row = mine.get(held.id)
        if (row?.jobId !== held.jobId || row.fence !== held.fence) return []
        // An undo that is under way stays what it is.
        const state = held.state === 'undoing' ? held.state : row.state
        return [{ ...item, held: { ...held, state, cancelRequested: row.cancelRequested } }]
      })
      const known = new Set([...this.#flights.keys(), ...this.#finished.map(({ held }) => held.id)])
      const only = [...mine.keys()].filter((id) => !known.has(id))
      if (only.length > 0) await giveBack(tx, boss, { worker: this.#id, crashed: false, only })
    })
    this.#held.clear()
    this.#uncertain = false
    this.#bell.ring()
  }

  #after(ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#bell.ring()
    }, ms)
    this.#timers.add(timer)
  }
}
