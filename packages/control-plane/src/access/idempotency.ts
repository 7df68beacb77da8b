import { createHash } from 'node:crypto'
import { ToygresError, type Principal } from '@toygres/schema'
import { hours } from '@toygres/workflow'
import type { ISql } from 'postgres'
import { z } from 'zod'

/** How long a key makes its request safe to repeat. */
export const idempotencyKeyValidMs = hours(24)

/** What a mutation led to: enough to give the same answer again. */
const Effect = z.object({ instanceId: z.uuid(), operationId: z.uuid() })
export type Effect = z.infer<typeof Effect>

const SeenRow = Effect.extend({ hash: z.instanceof(Uint8Array) })

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
  const [found] = await tx`
    select request_hash as hash, instance_id as "instanceId", operation_id as "operationId" from idempotency_keys
    where subject = ${principal.subject} and key = ${key} and created_at > now() - ${idempotencyKeyValidMs} * interval '1 millisecond'`
  if (found !== undefined) {
    const { hash: seen, ...effect } = SeenRow.parse(found)
    if (!hash.equals(seen))
      throw new ToygresError(
        'IDEMPOTENCY_KEY_REUSED',
        'this idempotency key was used for another request: use a new key',
      )
    return effect
  }
  const effect = await deed()
  await tx`
    insert into idempotency_keys (subject, key, request_hash, instance_id, operation_id)
    values (${principal.subject}, ${key}, ${hash}, ${effect.instanceId}, ${effect.operationId})
    on conflict (subject, key) do update set request_hash = excluded.request_hash,
      instance_id = excluded.instance_id, operation_id = excluded.operation_id, created_at = now()`
  return effect
}
