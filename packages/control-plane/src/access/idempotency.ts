import { createHash } from 'node:crypto'
import { ToygresError, type Principal } from '@toygres/schema'
import { hours } from '@toygres/workflow'
import type { ISql } from 'postgres'

/** How long a key makes its request safe to repeat. */
const validMs = hours(24)

/** What a mutation led to: enough to give the same answer again. */
export interface Effect {
  readonly instanceId: string
  readonly operationId: string
}

export interface KeyedRequest {
  readonly principal: Principal
  readonly key: string | undefined
  /** Everything that makes two requests the same, the name of the procedure first. */
  readonly request: readonly unknown[]
}

/** Does the deed once per key: in the deed's own transaction, so that a crash leaves both or neither. */
export async function once(
  tx: ISql,
  { principal, key, request }: KeyedRequest,
  deed: () => Promise<Effect>,
): Promise<Effect> {
  if (key === undefined) return deed()
  const hash = createHash('sha256').update(JSON.stringify(request)).digest()
  // Two calls with one key at once: the second waits here until the first has committed, then finds its row.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${principal.subject} ${key}`}, 0))`
  const [seen] = await tx<{ hash: Buffer; instanceId: string; operationId: string }[]>`
    select request_hash as hash, instance_id as "instanceId", operation_id as "operationId" from idempotency_keys
    where subject = ${principal.subject} and key = ${key} and created_at > now() - ${validMs} * interval '1 millisecond'`
  if (seen !== undefined) {
    if (!hash.equals(seen.hash))
      throw new ToygresError(
        'IDEMPOTENCY_KEY_REUSED',
        'this idempotency key was used for another request: use a new key',
      )
    return { instanceId: seen.instanceId, operationId: seen.operationId }
  }
  const effect = await deed()
  await tx`
    insert into idempotency_keys (subject, key, request_hash, instance_id, operation_id)
    values (${principal.subject}, ${key}, ${hash}, ${effect.instanceId}, ${effect.operationId})
    on conflict (subject, key) do update set request_hash = excluded.request_hash,
      instance_id = excluded.instance_id, operation_id = excluded.operation_id, created_at = now()`
  return effect
}

/** Keys that no longer hold are of no use to anybody. */
export async function forgetOldKeys(sql: ISql): Promise<void> {
  await sql`delete from idempotency_keys where created_at < now() - ${validMs} * interval '1 millisecond'`
}
