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
import { defaultRetentionMs } from '../history/retention.ts'
import { retry } from './retry.ts'
import { findActive, start, type ActiveOperation, type StartOptions } from './start.ts'
import { Watchers } from '../history/watch.ts'
import { Worker, type WorkerOptions } from './worker.ts'

type Required = 'sql' | 'boss' | 'workflows' | 'dependencies' | 'logger'
/** `boss` has been started, and `createStepQueue` called on its database. */
export type EngineOptions<D extends object> = Pick<WorkerOptions<D>, Required> &
  Partial<Omit<WorkerOptions<D>, Required | 'lanes'>> & { readonly limits?: Limits }

/** The durable operations engine: starts, runs, cancels and shows operations, and needs nothing but Postgres. */
export class Engine<D extends object> {
  readonly #sql: Sql
  readonly #boss: PgBoss
  readonly #lanes: ReadonlyMap<string, number>
  readonly #worker: Worker<D>
  readonly #watchers = new Watchers()
  readonly #reach: WorkerOptions<D>['reach']
  #unlisten: () => Promise<void> = async () => {}

  constructor({ limits = {}, ...options }: EngineOptions<D>) {
    const defaults = { concurrency: 32, retentionMs: defaultRetentionMs, evict: false, reach: () => {} }
    this.#sql = options.sql
    this.#boss = options.boss
    this.#lanes = lanesOf(limits)
    this.#reach = options.reach ?? defaults.reach
    this.#worker = new Worker({ ...defaults, ...options, lanes: this.#lanes })
  }

  /** Listens for events and, unless told not to, runs steps. */
  async run({ work = true }: { work?: boolean } = {}): Promise<void> {
    const heard = (payload: string): void => {
      const { events, cancel: ids, work: ready } = parseAnnouncement(payload) ?? {}
      if (events) this.#watchers.notify(events)
      if (ids) this.#worker.cancelled(ids)
      if (ready) this.#worker.poke()
    }
    // Also after a reconnect: what was said meanwhile was not heard.
    const listening = await this.#sql.listen(channel, heard, () => {
      this.#watchers.notifyAll()
      this.#worker.poke()
    })
    this.#unlisten = listening.unlisten
    if (work) await this.#worker.start()
  }

  /** Running steps have `drainMs` milliseconds to finish; what does not is handed back. */
  async stop(drainMs: number): Promise<void> {
    await this.#worker.stop(drainMs)
    await this.#unlisten()
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
