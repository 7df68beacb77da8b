import { newId } from '@toygres/workflow'
import type { HealthReason } from '@toygres/schema'
import type { TransactionSql } from 'postgres'
import { failuresToUnhealthy } from './record.ts'
import { timeSinceLastCheck } from './uptime.ts'

/**
 * Makes a running instance unhealthy at once, on the word of its provider: a server that is gone needs no second opinion.
 * @returns whether its health changed
 */
export async function markDown(
  tx: TransactionSql,
  instanceId: string,
  { reason, detail }: { reason: HealthReason; detail: string },
): Promise<boolean> {
  const [down] = await tx<{ up: number | null; down: number | null; isNew: boolean }[]>`
    update instance_health h set failures = greatest(h.failures + 1, ${failuresToUnhealthy}), successes = 0,
      -- It is the time of a sample, of which there is one for each change.
      checked_at = case when i.health_status = 'unhealthy' then h.checked_at else now() end,
      reason = ${reason}, detail = ${detail}, latency_ms = null, tls = null, in_recovery = null, read_only = null,
      connections = null, max_connections = null, oldest_transaction_s = null
    from instances i join instance_health was on was.instance_id = i.id left join ${timeSinceLastCheck(tx)} time on true
    where i.id = ${instanceId} and h.instance_id = i.id
    returning time.up_s as up, time.down_s as down, i.state = 'running' and i.health_status <> 'unhealthy' as "isNew"`
  if (down === undefined || !down.isNew) return false
  await tx`update instances set health_status = 'unhealthy', updated_at = now() where id = ${instanceId}`
  await tx`insert into health_samples (instance_id, at, reason, up_s, down_s)
    values (${instanceId}, now(), ${reason}, ${down.up}, ${down.down})`
  await tx`insert into health_events (id, instance_id, status, reason, detail)
    values (${newId()}, ${instanceId}, 'unhealthy', ${reason}, ${detail})`
  return true
}
