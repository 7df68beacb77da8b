import { newId } from '@toygres/workflow'
import type { HealthReason } from '@toygres/schema'
import type { TransactionSql } from 'postgres'
import { failuresToUnhealthy } from './record.ts'

/**
 * Makes a running instance unhealthy at once, on the word of its provider: a server that is gone needs no second opinion.
 * @returns whether its health changed
 */
export async function markDown(
  tx: TransactionSql,
  instanceId: string,
  { reason, detail }: { reason: HealthReason; detail: string },
): Promise<boolean> {
  const down = await tx`
    update instance_health h set failures = greatest(h.failures + 1, ${failuresToUnhealthy}), successes = 0, checked_at = now(),
      reason = ${reason}, detail = ${detail}, latency_ms = null, tls = null, in_recovery = null, read_only = null,
      connections = null, max_connections = null, oldest_transaction_s = null
    where instance_id = ${instanceId} returning instance_id`
  if (down.length === 0) return false
  const changed = await tx`
    update instances set health_status = 'unhealthy', updated_at = now()
    where id = ${instanceId} and state = 'running' and health_status <> 'unhealthy' returning id`
  if (changed.length === 0) return false
  await tx`insert into health_samples (instance_id, at, reason) values (${instanceId}, now(), ${reason})`
  await tx`insert into health_events (id, instance_id, status, reason, detail)
    values (${newId()}, ${instanceId}, 'unhealthy', ${reason}, ${detail})`
  return true
}
