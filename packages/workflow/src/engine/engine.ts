import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { lanesOf, type Limits } from './admission.ts'
import { channel, parseAnnouncement } from './announce.ts'
import { cancel, wake } from './control.ts'
import type { Workflow } from '../definition/define.ts'
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
import { Worker, type WorkerOptions } from './worker.ts'

type Required = 'sql' | 'boss' | 'workflows' | 'dependencies' | 'logger'
/** `boss` has been started, and `createStepQueue` called on its database. */
export type EngineOptions<D extends object> = Pick<WorkerOptions<D>, Required> &
  Partial<Omit<WorkerOptions<D> & HousekeepingOptions, Required | 'lanes' | 'onFull' | 'renewLeases'>> & {
    readonly limits?: Limits
  }

/**
 * A process has two loops, each with a turn of its own: while one waits for the database, the other plans and runs. The second
 * only takes what the first has no room for, so that what comes alone wakes one of them.
 */
const loops = 2

/** The durable operations engine: starts, runs, cancels and shows operations, and needs nothing but Postgres. */
export class Engine<D extends object> {
  readonly #sql: Sql
  readonly #boss: PgBoss
  readonly #lanes: ReadonlyMap<string, number>
  readonly #workers: readonly Worker<D>[]
  readonly #housekeeping: HousekeepingOptions
  readonly #watchers = new Watchers()
  readonly #reach: WorkerOptions<D>['reach']
  #unlisten: () => Promise<void> = async () => {}
  #endHousekeeping: () => Promise<void> = async () => {}

  constructor({ limits = {}, ...options }: EngineOptions<D>) {
    const defaults = { concurrency: 32, retentionMs: defaultRetentionMs, evict: false, reach: () => {} }
    this.#sql = options.sql
    this.#boss = options.boss
    this.#lanes = lanesOf(limits)
    this.#reach = options.reach ?? defaults.reach
    const all = { ...defaults, ...options, lanes: this.#lanes, onFull: () => this.#pokeIdle() }
    this.#housekeeping = { ...all, renewLeases: () => this.#renewLeases() }
    this.#workers = shares(all.concurrency).map((concurrency) => new Worker({ ...all, concurrency }))
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
    const listening = await this.#sql.listen(channel, heard, () => {
      this.#watchers.notifyAll()
      this.#poke()
    })
    this.#unlisten = listening.unlisten
    if (!work) return
    const ids = await register(this.#sql, this.#workers.length)
    for (const [index, worker] of this.#workers.entries()) worker.start(ids[index] ?? '')
    this.#endHousekeeping = keepHouse(this.#housekeeping)
  }

  /** Running steps have `drainMs` milliseconds to finish; what does not is handed back. */
  async stop(drainMs: number): Promise<void> {
    // Its leases are renewed until nothing runs any more.
    await Promise.all(this.#workers.map((worker) => worker.drain(drainMs)))
    await this.#endHousekeeping()
    await Promise.all(this.#workers.map((worker) => worker.leave()))
    await this.#unlisten()
  }

  /** Something may have become ready. Who is in a turn may have looked too early. */
  #poke(): void {
    if (!this.#pokeIdle()) for (const worker of this.#workers) worker.poke()
  }

  #pokeIdle(): boolean {
    const idle = this.#workers.find((worker) => worker.idle)
    idle?.poke()
    return idle !== undefined
  }

  async #renewLeases(): Promise<readonly string[]> {
    const before = this.#workers.map(({ id }) => id)
    const kept = await renew(this.#sql, before)
    const lost = this.#workers.filter(({ id }) => !kept.has(id))
    const ids = lost.length === 0 ? [] : await register(this.#sql, lost.length)
    for (const [index, worker] of lost.entries()) worker.beginAnew(ids[index] ?? '')
    await Promise.all(this.#workers.map((worker) => worker.hearOfCancellations()))
    return this.#workers.map(({ id }) => id)
  }

  /** See `start`. */
  async start<Input, O, R>(
    tx: TransactionSql,
    workflow: Workflow<D, Input, O, R>,
    options: StartOptions<Input>,
  ): Promise<string> {
    const lanes = [`workflow ${workflow.name}`, `group ${options.group}`].filter((lane) =>
      this.#lanes.has(lane),
    )
    const id = await start(tx, this.#boss, workflow, { ...options, lanes })
    await this.#reach('operation.started')
    return id
  }

  findActive(tx: TransactionSql, resourceId: string): Promise<ActiveOperation | null> {
    return findActive(tx, resourceId)
  }

  /** See `cancel`. */
  async cancel(tx: TransactionSql, id: string): Promise<OperationState | null> {
    const state = await cancel(tx, this.#boss, id)
    await this.#reach('operation.cancelled')
    return state
  }

  /** See `retry`. */
  async retry(tx: TransactionSql, id: string): Promise<OperationState | null> {
    const state = await retry(tx, this.#boss, id)
    await this.#reach('operation.retried')
    return state
  }

  /** See `wake`. */
  async wake(id: string): Promise<void> {
    await this.#sql.begin(async (tx) => {
      await wake(tx, this.#boss, id)
      await this.#reach('operation.woken')
    })
  }

  get(id: string): Promise<OperationRecord | null> {
    return readOperation(this.#sql, id)
  }

  list(filter: OperationFilter): Promise<OperationRecord[]> {
    return listOperations(this.#sql, filter)
  }

  /** `sql`: where the events are read, so that readers need not wait behind steps for a connection. */
  watch(
    id: string,
    { afterSeq, signal, sql = this.#sql }: { afterSeq: number; signal: AbortSignal; sql?: Sql },
  ): AsyncGenerator<EventRecord, void> {
    return this.#watchers.watch(sql, id, afterSeq, signal)
  }
}

/** The steps that may run at once in a process, divided among its loops; each has one at least. */
const shares = (concurrency: number): number[] =>
  Array.from({ length: Math.min(loops, concurrency) }, (_, index) => Math.ceil((concurrency - index) / loops))
