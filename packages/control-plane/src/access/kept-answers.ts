import { createHash } from 'node:crypto'
import { ToygresError, type Principal } from '@toygres/schema'
import { hours } from '@toygres/workflow'
import type { ISql } from 'postgres'
import { parse, stringify } from 'superjson'
import { z } from 'zod'
import type { Sealer } from '../sealing.ts'

/** How long a key makes its request safe to repeat. */
export const idempotencyKeyValidMs = hours(24)

/** How soon a call whose first is under way may find its answer. */
const retryAfterSeconds = 1

/** A call with an idempotency key. */
export interface KeyedCall {
  readonly subject: string
  readonly key: string
  /** Of everything that makes two requests the same. */
  readonly hash: Buffer
}

export function keyedCall(
  { subject, projectId }: Principal,
  { name, key, request }: { name: string; key: string; request: object },
): KeyedCall {
  return { subject, key, hash: hashOf([name, projectId, request]) }
}

const KeptRow = z.object({ hash: z.instanceof(Uint8Array), answer: z.instanceof(Uint8Array).nullable() })

/** The answers that were given to calls with idempotency keys; 0 is that of the call, and those of its items count from 1. */
export class KeptAnswers {
  readonly #sealer: Sealer

  constructor(sealer: Sealer) {
    this.#sealer = sealer
  }

  /** @throws {ToygresError} IDEMPOTENCY_KEY_REUSED */
  async find<Answer>(
    tx: ISql,
    call: KeyedCall,
    answer: z.ZodType<Answer>,
    item = 0,
  ): Promise<Answer | undefined> {
    const [found] = await tx`
      select request_hash as hash, answer from idempotency_keys
      where subject = ${call.subject} and key = ${call.key} and item = ${item}
        and created_at > now() - ${idempotencyKeyValidMs} * interval '1 millisecond'`
    if (found === undefined) return undefined
    const row = KeptRow.parse(found)
    if (!call.hash.equals(row.hash))
      throw new ToygresError(
        'IDEMPOTENCY_KEY_REUSED',
        'this idempotency key was used for another request: use a new key',
      )
    return row.answer === null
      ? undefined
      : answer.parse(parse(this.#sealer.open(row.answer, ownerOf(call, item))))
  }

  /** In the transaction of what it is the answer to. */
  async keep(tx: ISql, call: KeyedCall, answer: unknown, item = 0): Promise<void> {
    await write(tx, call, this.#sealer.seal(stringify(answer), ownerOf(call, item)), item)
  }

  /** Takes the key for a call that takes many transactions: from now on it is no good for another request. */
  async begin(tx: ISql, call: KeyedCall): Promise<void> {
    await write(tx, call, null, 0)
  }

  /** The answer of the whole call takes the place of those of its items. */
  async end(tx: ISql, call: KeyedCall, answer: unknown): Promise<void> {
    await this.keep(tx, call, answer)
    await tx`delete from idempotency_keys where subject = ${call.subject} and key = ${call.key} and item > 0`
  }
}

async function write(tx: ISql, call: KeyedCall, answer: Buffer | null, item: number): Promise<void> {
  await tx`
    insert into idempotency_keys (subject, key, item, request_hash, answer)
    values (${call.subject}, ${call.key}, ${item}, ${call.hash}, ${answer})
    on conflict (subject, key, item) do update
      set request_hash = excluded.request_hash, answer = excluded.answer, created_at = now()`
}

const ownerOf = ({ subject, key }: KeyedCall, item: number): string => `answer ${subject} ${key} ${item}`

/** What is locked while a call with this key is under way. */
export const lockOf = (sql: ISql, { subject, key }: KeyedCall) =>
  sql`hashtextextended(${`${subject} ${key}`}, 0)`

export const inProgress = (): ToygresError =>
  new ToygresError(
    'IDEMPOTENCY_KEY_IN_PROGRESS',
    'the first call with this idempotency key is under way: send it again in a moment, and it gets that one’s answer',
    { details: { retryAfterSeconds } },
  )

/** The same for the same values, in whatever order their fields stand. */
function hashOf(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest()
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
