import type { Db, PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { z } from 'zod'
import { newId } from '../ids.ts'

/** The pg-boss queue that carries every step of every operation. */
export const stepQueue = 'operation-steps'

/** A job carries ids only: no input and no secret ever enters a pg-boss table. */
const Job = z.object({ operationId: z.uuid(), step: z.string(), fence: z.int() })

export interface JobToSend extends z.infer<typeof Job> {
  readonly id: string
  readonly delayMs?: number
  /** Higher ones are fetched first; 0 unless told. */
  readonly priority?: number
}

export interface FetchedJob {
  readonly id: string
  readonly operationId: string
}

/** Also what has no parameters: pg-boss's fetch, of which there are as many texts as sizes of a batch. */
const plannedOnce = { prepare: true, simple: false }

/** Safe to call by any number of processes at once. */
export async function createStepQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(stepQueue, {
    // With the operation's id as key: at most one job of an operation is pending or active.
    policy: 'exclusive',
    // Leases decide who is dead (see lease.ts); pg-boss's own expiry must never be faster.
    expireInSeconds: 86_400,
    retryLimit: 1000,
    retentionSeconds: 30 * 86_400,
    deleteAfterSeconds: 86_400,
  })
}

/**
 * The queue's verbs inside one transaction of ours: what is done here commits or vanishes with the rows beside it.
 * They reach the database in the order of the calls, also when one is not awaited before the next.
 */
export class StepQueue {
  readonly #boss: PgBoss
  readonly #tx: TransactionSql
  #sent: Promise<void> = Promise.resolve()

  constructor(boss: PgBoss, tx: TransactionSql) {
    this.#boss = boss
    this.#tx = tx
  }

  /** Jobs that nothing was done for: they stay for a day, for who wants to know why. */
  async complete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#inOrder((db) => this.#boss.complete(stepQueue, [...ids], null, { db }))
  }

  /** A delayed job is not announced by anyone: whoever sends it keeps a timer (see worker.ts). */
  async send(jobs: readonly JobToSend[]): Promise<void> {
    if (jobs.length === 0) return
    const rows = jobs.map(({ id, delayMs = 0, priority = 0, operationId, step, fence }) => ({
      id,
      priority,
      data: { operationId, step, fence },
      singletonKey: operationId,
      ...(delayMs > 0 && { startAfter: `${delayMs} milliseconds` }),
    }))
    await this.#inOrder((db) => this.#boss.insert(stepQueue, rows, { db }))
  }

  async fetch(limit: number): Promise<FetchedJob[]> {
    if (limit === 0) return []
    const jobs = await this.#inOrder((db) => this.#boss.fetch(stepQueue, { batchSize: limit, db }))
    // One that cannot be read belongs to no operation: no claim finds it, and it is completed as stale.
    return jobs.map(({ id, data }) => {
      return { id, operationId: Job.safeParse(data).data?.operationId ?? newId() }
    })
  }

  /** Whatever has become of them: the rows of a step are its record, and a job that stays is in the way of its successor. */
  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#inOrder((db) => this.#boss.deleteJob(stepQueue, [...ids], { db }))
  }

  /**
   * Of jobs that this transaction has fetched, puts those back for a moment that are still their operations'. @returns their ids
   *
   * The same rows: whoever replaces such a job, and has its operation locked for that, waits for them and finds them all the same.
   */
  async putBack(jobs: readonly FetchedJob[], ms: number): Promise<ReadonlySet<string>> {
    const rows = await this.#tx<{ id: string }[]>`
      update pgboss.job j set state = 'created', started_on = null, start_after = now() + ${ms} * interval '1 millisecond'
      from operations o
      where j.name = ${stepQueue} and j.id in ${this.#tx(jobs.map(({ id }) => id))} and o.ended_at is null
        and o.id in ${this.#tx(jobs.map(({ operationId }) => operationId))} and o.job_id = j.id
      returning j.id`
    return new Set(rows.map(({ id }) => id))
  }

  /** Lets a delayed job run now; one that runs already is left alone. */
  async bringForward(id: string): Promise<void> {
    // One that is locked is just being fetched, by a turn that waits for the caller's lock on the operation.
    const pending = await this.#tx`
      select from pgboss.job where name = ${stepQueue} and id = ${id} and state < 'active' for update skip locked`
    if (pending.length > 0)
      await this.#inOrder((db) => this.#boss.update(stepQueue, undefined, { id, startAfter: 0, db }))
  }

  /** pg-boss does this and that before it sends its statement: each waits until the one before is on its way. */
  async #inOrder<T>(call: (db: Db) => Promise<T>): Promise<T> {
    const before = this.#sent
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#sent = promise
    const executeSql: Db['executeSql'] = async (text, values) => {
      await before
      // pg-boss binds text, arrays and numbers only; it serialises JSON itself.
      const parameters = (values ?? []) as (string | number | null | string[])[]
      const statement = this.#tx.unsafe(text, parameters, plannedOnce).execute()
      resolve()
      return { rows: [...(await statement)] }
    }
    return call({ executeSql }).finally(resolve)
  }
}
