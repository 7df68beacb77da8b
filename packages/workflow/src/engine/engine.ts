import { setTimeout as delay } from 'node:timers/promises'
import type { Sql, TransactionSql } from 'postgres'
import { lanesOf, type Limits } from './admission.ts'
import { channel, parseAnnouncement } from './announce.ts'
import { cancel, wake } from './control.ts'
import type { Workflow } from '../definition/define.ts'
import { seconds } from '../definition/duration.ts'
import {
  listOperations,
  readOperation,
  type EventRecord,
  type OperationFilter,
  type OperationRecord,
} from '../history/read.ts'
import type { OperationState } from '../definition/states.ts'
import { keepHouse, type HousekeepingOptions } from './housekeeping.ts'
import { register, renew } from './lease.ts'
import { defaultRetentionMs } from '../history/retention.ts'
import { retry } from './retry.ts'
import { findActive, start, type ActiveOperation, type StartOptions } from './start.ts'
import { Watchers } from '../history/watch.ts'
import { lastWordMs, Worker, type WorkerOptions } from './worker.ts'

type Internal = 'lanes' | 'onSaturated' | 'living' | 'renewLeases' | 'hearOfCancellations'
type Required = 'sql' | 'boss' | 'workflows' | 'dependencies' | 'logger'
/** `boss` has been started, and `createStepQueue` called on its database. */
export type EngineOptions<D extends object> = Pick<WorkerOptions<D>, Required> &
  Partial<Omit<WorkerOptions<D> & HousekeepingOptions, Required | Internal>> & { readonly limits?: Limits }

/** The durable operations engine: starts, runs, cancels and shows operations, and needs nothing but Postgres. */
export class Engine<D extends object> {
  readonly #options: WorkerOptions<D> & HousekeepingOptions
  /** None where it does not run steps. */
  #workers: readonly Worker<D>[] = []
  readonly #watchers = new Watchers()
  #unlisten: () => Promise<void> = async () => {}
  #endHousekeeping: () => Promise<void> = async () => {}

  constructor({ limits = {}, ...options }: EngineOptions<D>) {
    const defaults = {
      concurrency: 32,
      safetyPollMs: seconds(2),
      retentionMs: defaultRetentionMs,
      evict: false,
      reach: () => {},
    }
    this.#options = {
      ...defaults,
      ...options,
      lanes: lanesOf(limits),
      onSaturated: () => this.#shareWork(),
      living: () => this.#workers.map(({ id }) => id),
      renewLeases: () => this.#renewLeases(),
      hearOfCancellations: () => this.#hearOfCancellations(),
    }
  }

  /** Listens for events and, unless told not to, runs steps. */
  async run({ work = true }: { work?: boolean } = {}): Promise<void> {
    const heard = (payload: string): void => {
      const { events, cancel: ids, work: ready } = parseAnnouncement(payload) ?? {}
      if (events) this.#watchers.notify(events)
      if (ids) for (const worker of this.#workers) worker.cancelled(ids)
      if (ready) this.#poke()
    }
    // Also after a reconnect: what was said meanwhile was not heard.
    const listening = await this.#options.sql.listen(channel, heard, () => {
      this.#watchers.notifyAll()
      this.#poke()
    })
    this.#unlisten = listening.unlisten
    if (!work) return
    const places = shares(this.#options.concurrency)
    const ids = await register(this.#options.sql, places.length)
    this.#workers = places.map(
      (concurrency, index) => new Worker({ ...this.#options, concurrency }, ids[index] ?? ''),
    )
    for (const worker of this.#workers) worker.start()
    this.#endHousekeeping = keepHouse(this.#options)
  }

  /**
   * Running steps have `drainMs` milliseconds to finish; what does not is handed back. It ends `drainMs` + 10 s later at most, also
   * where the database says nothing at all: what could not be handed back then is taken over when the leases lapse.
   */
  async stop(drainMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.drain(drainMs)))
    await Promise.race([this.#leave(), delay(lastWordMs, undefined, { ref: false })])
  }

  async #leave(): Promise<void> {
    // Its leases were renewed until nothing ran any more.
    await this.#endHousekeeping()
    await Promise.all(this.#workers.map((worker) => worker.leave()))
    await this.#unlisten()
  }

  /** Something may have become ready. Who is in a turn may have looked too early. */
  #poke(): void {
    const idle = this.#workers.find((worker) => worker.idle)
    for (const worker of idle ? [idle] : this.#workers) worker.poke()
  }

  /** There may be more than one of the workers has room for. */
  #shareWork(): void {
    const free = this.#workers.filter((worker) => worker.hasRoom)
    const idle = free.find((worker) => worker.idle)
    for (const worker of idle ? [idle] : free) worker.ring()
  }

  async #renewLeases(): Promise<void> {
    const { sql, living } = this.#options
    const kept = await renew(sql, living())
    const lost = this.#workers.filter(({ id }) => !kept.has(id))
    const ids = lost.length === 0 ? [] : await register(sql, lost.length)
    for (const [index, worker] of lost.entries()) worker.beginAnew(ids[index] ?? '')
  }

  /** In case an announcement was lost. Only of what runs here: there may be thousands that do not run. */
  async #hearOfCancellations(): Promise<void> {
    const { sql } = this.#options
    const flying = this.#workers.flatMap((worker) => worker.flying)
    if (flying.length === 0) return
    const cancelled = await sql<{ id: string }[]>`
      select id from operations where id in ${sql(flying)} and state = 'cancelling'`
    for (const worker of this.#workers) worker.cancelled(cancelled.map(({ id }) => id))
  }

  /** See `start`. */
  async start<Input, O, R>(
    tx: TransactionSql,
    workflow: Workflow<D, Input, O, R>,
    options: StartOptions<Input>,
  ): Promise<string> {
    const lanes = [`workflow ${workflow.name}`, `group ${options.group}`].filter((lane) =>
      this.#options.lanes.has(lane),
    )
    const id = await start(tx, this.#options.boss, workflow, { ...options, lanes })
    await this.#options.reach('operation.started')
    return id
  }

  findActive(tx: TransactionSql, resourceId: string): Promise<ActiveOperation | null> {
    return findActive(tx, resourceId)
  }

  /** See `cancel`. */
  async cancel(tx: TransactionSql, id: string): Promise<OperationState | null> {
    const state = await cancel(tx, this.#options.boss, id)
    await this.#options.reach('operation.cancelled')
    return state
  }

  /** See `retry`. */
  async retry(tx: TransactionSql, id: string): Promise<OperationState | null> {
    const state = await retry(tx, this.#options.boss, id)
    await this.#options.reach('operation.retried')
    return state
  }

  /** See `wake`. */
  async wake(id: string): Promise<void> {
    await this.#options.sql.begin(async (tx) => {
      await wake(tx, this.#options.boss, id)
      await this.#options.reach('operation.woken')
    })
  }

  get(id: string): Promise<OperationRecord | null> {
    return readOperation(this.#options.sql, id)
  }

  list(filter: OperationFilter): Promise<OperationRecord[]> {
    return listOperations(this.#options.sql, filter)
  }

  /** `sql`: where the events are read, so that readers need not wait behind steps for a connection. */
  watch(
    id: string,
    { afterSeq, signal, sql = this.#options.sql }: { afterSeq: number; signal: AbortSignal; sql?: Sql },
  ): AsyncGenerator<EventRecord, void> {
    return this.#watchers.watch(sql, id, afterSeq, signal)
  }
}

/**
 * The steps that may run at once in each of a process's workers. It has two, each with a turn of its own: while one waits for the
 * database, the other plans and runs. What comes alone wakes one of them.
 */
const shares = (concurrency: number): number[] =>
  [Math.ceil(concurrency / 2), Math.floor(concurrency / 2)].filter((places) => places > 0)
