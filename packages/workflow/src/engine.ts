import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { channel, parseAnnouncement } from './announce.ts'
import { cancel, wake } from './control.ts'
import type { Reach } from './crash-points.ts'
import type { AnyWorkflow, Workflow } from './define.ts'
import {
  listOperations,
  readOperation,
  type EventRecord,
  type OperationFilter,
  type OperationRecord,
} from './history.ts'
import type { Logger } from './logger.ts'
import type { OperationState } from './operation.ts'
import { defaultRetentionMs } from './retention.ts'
import { retry } from './retry.ts'
import { findActive, start, type ActiveOperation, type StartOptions } from './start.ts'
import { Watchers } from './watch.ts'
import { Worker } from './worker.ts'

export interface EngineOptions<D extends object> {
  readonly sql: Sql
  /** Started; its schema and `createStepQueue` are in place. */
  readonly boss: PgBoss
  readonly workflows: readonly AnyWorkflow<D>[]
  /** What every step's context holds beside the engine's own. */
  readonly dependencies: D
  readonly logger: Logger
  /** Steps that run at once in this process. */
  readonly concurrency?: number
  /** Milliseconds that an operation is kept after it has ended; 30 days unless told otherwise. */
  readonly retentionMs?: number
  readonly evict?: boolean
  readonly reach?: Reach
}

/** The durable operations engine: starts, runs, cancels and shows operations, and needs nothing but Postgres. */
export class Engine<D extends object> {
  readonly #sql: Sql
  readonly #boss: PgBoss
  readonly #worker: Worker<D>
  readonly #watchers = new Watchers()
  #unlisten: () => Promise<void> = async () => {}

  constructor({
    concurrency = 32,
    retentionMs = defaultRetentionMs,
    evict = false,
    reach = () => {},
    ...options
  }: EngineOptions<D>) {
    this.#sql = options.sql
    this.#boss = options.boss
    this.#worker = new Worker({ ...options, concurrency, retentionMs, evict, reach })
  }

  /** Listens for events and, unless told not to, runs steps. */
  async run({ work = true }: { work?: boolean } = {}): Promise<void> {
    const listening = await this.#sql.listen(
      channel,
      (payload) => this.#heard(payload),
      () => {
        // Also after a reconnect: what was said meanwhile was not heard.
        this.#watchers.notifyAll()
        this.#worker.poke()
      },
    )
    this.#unlisten = listening.unlisten
    if (work) await this.#worker.start()
  }

  /** Running steps have `drainMs` milliseconds to finish; what does not is handed back. */
  async stop(drainMs: number): Promise<void> {
    await this.#worker.stop(drainMs)
    await this.#unlisten()
  }

  /** See `start`. */
  start<Input, O, R>(
    tx: TransactionSql,
    workflow: Workflow<D, Input, O, R>,
    options: StartOptions<Input>,
  ): Promise<string> {
    return start(tx, this.#boss, workflow, options)
  }

  findActive(tx: TransactionSql, resourceId: string): Promise<ActiveOperation | null> {
    return findActive(tx, resourceId)
  }

  cancel(tx: TransactionSql, id: string): Promise<OperationState | null> {
    return cancel(tx, this.#boss, id)
  }

  /** See `retry`. */
  retry(tx: TransactionSql, id: string): Promise<OperationState | null> {
    return retry(tx, this.#boss, id)
  }

  wake(resourceId: string): Promise<void> {
    return this.#sql.begin<void>((tx) => wake(tx, this.#boss, resourceId))
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

  #heard(payload: string): void {
    const said = parseAnnouncement(payload)
    if (said?.events) this.#watchers.notify(said.events)
    if (said?.cancel) this.#worker.cancelled(said.cancel)
    if (said?.work) this.#worker.poke()
  }
}
