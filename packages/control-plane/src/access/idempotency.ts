import type { Principal } from '@toygres/schema'
import type { Sql, TransactionSql } from 'postgres'
import { z } from 'zod'
import type { Sealer } from '../sealing.ts'
import { inProgress, keyedCall, KeptAnswers, lockOf, type KeyedCall } from './kept-answers.ts'

interface Keyed {
  readonly idempotencyKey?: string | undefined
}

export interface Mutation<Request extends Keyed, Answer> {
  /** As the API calls it: `instances.create`. */
  readonly name: string
  readonly request: Request
  readonly answer: z.ZodType<Answer>
}

/** A mutation of many: `answer` is that of one item. */
export type MutationOfMany<Item, Answer> = Mutation<Keyed & { readonly items: readonly Item[] }, Answer>

/** Runs what changes something, once per idempotency key: what is sent again gets the answer that was given first. */
export class Mutations {
  readonly #sql: Sql
  readonly #answers: KeptAnswers
  readonly #onReplayed: () => void

  constructor(sql: Sql, sealer: Sealer, onReplayed: () => void = () => {}) {
    this.#sql = sql
    this.#answers = new KeptAnswers(sealer)
    this.#onReplayed = onReplayed
  }

  /**
   * Does the deed and keeps its answer in ONE transaction, so that a crash leaves both or neither. A deed that throws is not
   * kept: it changed nothing, and may succeed another time.
   * @throws {ToygresError} IDEMPOTENCY_KEY_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
   */
  async once<Request extends Keyed, Answer>(
    principal: Principal,
    { name, request: { idempotencyKey: key, ...request }, answer }: Mutation<Request, Answer>,
    deed: (tx: TransactionSql) => Promise<Answer>,
  ): Promise<Answer> {
    const { given } = await this.#sql.begin(async (tx) => {
      if (key === undefined) return { given: await deed(tx) }
      const call = keyedCall(principal, { name, key, request })
      // Held by the transaction, so also let go of when its process is killed.
      const [lock] = await tx<
        { free: boolean }[]
      >`select pg_try_advisory_xact_lock(${lockOf(tx, call)}) as free`
      if (lock?.free !== true) throw inProgress()
      const kept = await this.#answers.find(tx, call, answer)
      if (kept !== undefined) {
        this.#onReplayed()
        return { given: kept }
      }
      const given = await deed(tx)
      await this.#answers.keep(tx, call, given)
      return { given }
    })
    return given
  }

  /**
   * Does a deed for each item, each in a transaction of its own, so that many hold up nobody. Their answers are kept one by one:
   * a call that was cut short goes on, when it is sent again, where it was.
   * @param refused what becomes of an item whose deed throws this; it may throw in turn, which cuts the call short
   */
  async each<Item, Answer>(
    principal: Principal,
    { name, request: { idempotencyKey: key, items }, answer }: MutationOfMany<Item, Answer>,
    deed: (tx: TransactionSql, item: Item) => Promise<Answer>,
    refused: (error: unknown) => Answer,
  ): Promise<Answer[]> {
    const one = async (work: (tx: TransactionSql) => Promise<Answer>) => {
      try {
        return (await this.#sql.begin(async (tx) => ({ given: await work(tx) }))).given
      } catch (error) {
        return refused(error)
      }
    }
    if (key === undefined) return inTurn(items, (item) => one((tx) => deed(tx, item)))
    const call = keyedCall(principal, { name, key, request: { items } })
    return this.#withKey(call, async (isHeld) => {
      const kept = await this.#answers.find(this.#sql, call, z.array(answer))
      if (kept !== undefined) {
        this.#onReplayed()
        return kept
      }
      await this.#answers.begin(this.#sql, call)
      const given = await inTurn(items, (item, index) => {
        // Whoever sends it again may hold the key by now: the rest is done there.
        if (!isHeld()) throw inProgress()
        return one(async (tx) => {
          const before = await this.#answers.find(tx, call, answer, index + 1)
          if (before !== undefined) return before
          const now = await deed(tx, item)
          await this.#answers.keep(tx, call, now, index + 1)
          return now
        })
      })
      await this.#sql.begin((tx) => this.#answers.end(tx, call, given))
      return given
    })
  }

  /** The key is held by a transaction of its own: whoever kills the process or cuts the connection lets it go. */
  async #withKey<Answer>(call: KeyedCall, work: (isHeld: () => boolean) => Promise<Answer>): Promise<Answer> {
    let isHeld = true
    try {
      const { given } = await this.#sql.begin(async (tx) => {
        // It waits for the others, without a word, for as long as they take.
        const [lock] = await tx<{ free: boolean }[]>`
          select pg_try_advisory_xact_lock(${lockOf(tx, call)}) as free, set_config('idle_in_transaction_session_timeout', '0', true)`
        if (lock?.free !== true) throw inProgress()
        return { given: await work(() => isHeld) }
      })
      return given
    } finally {
      isHeld = false
    }
  }
}

async function inTurn<Item, Answer>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const [index, item] of items.entries()) answers.push(await work(item, index))
  return answers
}
