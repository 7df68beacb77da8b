import { newId } from '@toygres/workflow'
import type { HealthStatus } from '@toygres/schema'
import type { TransactionSql } from 'postgres'
import type { ProbeResult } from './probe.ts'
import type { CheckJob } from './queue.ts'
import { timeSinceLastCheck } from './uptime.ts'

/** A healthy instance becomes unhealthy after this many failures in a row, an unhealthy one healthy after this many successes. */
export const failuresToUnhealthy = 3
export const successesToHealthy = 2

export interface FinishedCheck {
  readonly job: CheckJob
  readonly result: ProbeResult
}

/** What a check led to. One that has no entry was of an instance that is not checked any more, or by somebody else. */
export interface RecordedCheck {
  readonly instanceId: string
  readonly now: Date
  readonly intervalMs: number
  readonly before: HealthStatus
  readonly after: HealthStatus
  readonly undecided: boolean
}

/** Everything that checks found, in one statement: the last result, the sample, the health where it changes, and the event that says why. */
export async function recordChecks(
  tx: TransactionSql,
  finished: readonly FinishedCheck[],
): Promise<RecordedCheck[]> {
  if (finished.length === 0) return []
  return tx<RecordedCheck[]>`
    with result as (
      select * from jsonb_to_recordset(${tx.json(finished.map(rowOf))}) as r (
        instance_id uuid, job_id uuid, event_id uuid, reason text, detail text, latency_ms real, tls boolean, in_recovery boolean,
        read_only boolean, connections integer, max_connections integer, oldest_transaction_s real,
        disk_free_bytes bigint, disk_total_bytes bigint)
    ), checked as (
      update instance_health h set
        failures = case when r.reason is null then 0 else h.failures + 1 end,
        successes = case when r.reason is null then h.successes + 1 else 0 end,
        checked_at = now(),
        -- That nobody listens is what follows from the provider's word, which says why.
        reason = case when r.reason = 'refused' and h.reason in ('server-down', 'data-missing') then h.reason else r.reason end,
        detail = case when r.reason = 'refused' and h.reason in ('server-down', 'data-missing') then h.detail else r.detail end,
        latency_ms = r.latency_ms, tls = r.tls,
        in_recovery = r.in_recovery, read_only = r.read_only, connections = r.connections, max_connections = r.max_connections,
        oldest_transaction_s = r.oldest_transaction_s,
        disk_free_bytes = r.disk_free_bytes, disk_total_bytes = r.disk_total_bytes
      from result r
      -- The job of another check is the instance's now: this one was taken for lost, and is late.
      join instances i on i.id = r.instance_id and i.health_check_job_id = r.job_id and i.state = 'running'
      join instance_health was on was.instance_id = i.id
      left join ${timeSinceLastCheck(tx)} time on true
      where h.instance_id = r.instance_id
      returning h.*, r.event_id, time.up_s, time.down_s, i.health_status as before, i.health_check_interval_s * 1000 as interval_ms,
        case
          when h.reason is null and (i.health_status = 'unknown' or h.successes >= ${successesToHealthy}) then 'healthy'
          when h.failures >= ${failuresToUnhealthy} then 'unhealthy'
          else i.health_status
        end as after
    ), sampled as (
      insert into health_samples (instance_id, at, latency_ms, connections, reason, up_s, down_s)
      select instance_id, checked_at, latency_ms, connections, reason, up_s, down_s from checked
    ), moved as (
      update instances i set health_status = c.after, updated_at = now() from checked c
      where i.id = c.instance_id and c.after <> c.before
    ), told as (
      insert into health_events (id, instance_id, status, reason, detail)
      select event_id, instance_id, after, reason, detail from checked where after <> before
    )
    select instance_id as "instanceId", now(), interval_ms as "intervalMs", before, after,
      (after <> 'unhealthy' and failures > 0) or (after = 'unhealthy' and successes > 0) as undecided
    from checked`
}

function rowOf({ job, result: { failure, answer, disk } }: FinishedCheck) {
  return {
    instance_id: job.instanceId,
    job_id: job.id,
    event_id: newId(),
    reason: failure?.reason ?? null,
    detail: failure?.detail ?? null,
    latency_ms: answer?.latencyMs ?? null,
    tls: answer?.tls ?? null,
    in_recovery: answer?.inRecovery ?? null,
    read_only: answer?.readOnly ?? null,
    connections: answer?.connections ?? null,
    max_connections: answer?.maxConnections ?? null,
    oldest_transaction_s: answer?.oldestTransactionSeconds ?? null,
    disk_free_bytes: disk?.freeBytes ?? null,
    disk_total_bytes: disk?.totalBytes ?? null,
  }
}
