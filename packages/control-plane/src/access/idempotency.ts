import { createHash } from 'node:crypto'
import { ToygresError, type Principal } from '@toygres/schema'
import { hours } from '@toygres/workflow'
import type { ISql, Sql, TransactionSql } from 'postgres'
import { parse, stringify } from 'superjson'
import { z } from 'zod'
import type { Sealer } from '../sealing.ts'

/** How long a key makes its request safe to repeat. */
export const idempotencyKeyValidMs = hours(24)

/** How soon a call whose first is under way may find its answer. */
const retryAfterSeconds = 1

export interface Mutation<Request extends { idempotencyKey?: string | undefined }, Answer> {
  /** As the API calls it: `instances.create`. */
  readonly name: string
  readonly request: Request
  readonly answer: z.ZodType<Answer>
}

const KeptRow = z.object({ hash: z.instanceof(Uint8Array), answer: z.instanceof(Uint8Array).nullable() })

/** Runs what changes something, once per idempotency key: what is sent again gets the answer that was given first. */
export class Mutations {
  readonly #sql: Sql
  readonly #sealer: Sealer
  readonly #onReplayed: () => void

  constructor(sql: Sql, sealer: Sealer, onReplayed: () => void = () => {}) {
    this.#sql = sql
    this.#sealer = sealer
    this.#onReplayed = onReplayed
  }

  /**
   * Does the deed and keeps its answer in ONE transaction, so that a crash leaves both or neither. A deed that throws is not
   * kept: it changed nothing, and may succeed another time.
   * @throws {ToygresError} IDEMPOTENCY_KEY_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
   */
  async once<Request extends { idempotencyKey?: string | undefined }, Answer>(
    principal: Principal,
    { name, request: { idempotencyKey, ...request }, answer }: Mutation<Request, Answer>,
    deed: (tx: TransactionSql) => Promise<Answer>,
  ): Promise<Answer> {
    const { given } = await this.#sql.begin(async (tx) => {
      if (idempotencyKey === undefined) return { given: await deed(tx) }
      const call = {
        subject: principal.subject,
        key: idempotencyKey,
        hash: hashOf([name, principal.projectId, request]),
      }
      await lock(tx, call)
      const kept = await this.#find(tx, call, answer)
      if (kept !== undefined) {
        this.#onReplayed()
        return { given: kept }
      }
      const given = await deed(tx)
      await this.#keep(tx, call, given)
      return { given }
    })
    return given
  }

  async #find<Answer>(tx: ISql, call: KeyedCall, answer: z.ZodType<Answer>): Promise<Answer | undefined> {
    const [found] = await tx`
      select request_hash as hash, answer from idempotency_keys
      where subject = ${call.subject} and key = ${call.key} and item = 0
        and created_at > now() - ${idempotencyKeyValidMs} * interval '1 millisecond'`
    if (found === undefined) return undefined
    const row = KeptRow.parse(found)
    if (!call.hash.equals(row.hash))
      throw new ToygresError(
        'IDEMPOTENCY_KEY_REUSED',
        'this idempotency key was used for another request: use a new key',
      )
    return row.answer === null ? undefined : answer.parse(parse(this.#sealer.open(row.answer, ownerOf(call))))
  }

  async #keep(tx: ISql, call: KeyedCall, answer: unknown): Promise<void> {
    await tx`
      insert into idempotency_keys (subject, key, request_hash, answer)
      values (${call.subject}, ${call.key}, ${call.hash}, ${this.#sealer.seal(stringify(answer), ownerOf(call))})
      on conflict (subject, key, item) do update
        set request_hash = excluded.request_hash, answer = excluded.answer, created_at = now()`
  }
}

interface KeyedCall {
  readonly subject: string
  readonly key: string
  /** Of everything that makes two requests the same. */
  readonly hash: Buffer
}

const ownerOf = ({ subject, key }: KeyedCall): string => `answer ${subject} ${key}`

/** Held by the transaction, so also let go of when its process is killed. */
async function lock(tx: ISql, { subject, key }: KeyedCall): Promise<void> {
  const [row] = await tx<{ free: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`${subject} ${key}`}, 0)) as free`
  if (row?.free !== true)
    throw new ToygresError(
      'IDEMPOTENCY_KEY_IN_PROGRESS',
      'the first call with this idempotency key is under way: send it again in a moment, and it gets that one’s answer',
      { details: { retryAfterSeconds } },
    )
}

/** The same for the same values, in whatever order their fields stand. */
function hashOf(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest()
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
