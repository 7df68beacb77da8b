import { Health, HealthEvent } from '@toygres/schema'
import type { ISql } from 'postgres'
import { healthQueue } from './queue.ts'

/** Of an instance of which nothing was found out yet, the columns of the row that is not there are null. */
const healthOfInstances = (sql: ISql) => sql`
    select i.id as "instanceId", i.health_status as status,
      case when i.state = 'stopped' then 'stopped' else h.reason end as reason, h.detail,
      i.health_check_interval_s as "checkIntervalSeconds", h.checked_at as "checkedAt",
      (select greatest(start_after, now()) from pgboss.job
        where name = ${healthQueue} and id = i.health_check_job_id and state <= 'active') as "nextCheckAt",
      h.latency_ms as "latencyMs", h.tls, h.in_recovery as "inRecovery", h.read_only as "readOnly",
      case when h.connections is not null
        then jsonb_build_object('used', h.connections, 'max', h.max_connections) end as connections,
      h.oldest_transaction_s as "oldestTransactionSeconds", h.database_bytes::float8 as "databaseBytes",
      case when h.disk_total_bytes is not null
        then jsonb_build_object('freeBytes', h.disk_free_bytes, 'totalBytes', h.disk_total_bytes) end as disk,
      ${uptimeOfDay(sql)} as "uptimePercent"
    from instances i left join instance_health h on h.instance_id = i.id`

/** Of an instance that exists. */
export async function readHealth(sql: ISql, instanceId: string): Promise<Health> {
  const [row] = await sql`${healthOfInstances(sql)} where i.id = ${instanceId}`
  return Health.parse(row)
}

/** Of the instances of a project, newest first. */
export async function listHealth(
  sql: ISql,
  { projectId, before, limit }: { projectId: string; before: string | undefined; limit: number },
): Promise<Health[]> {
  const rows = await sql`
    ${healthOfInstances(sql)}
    where i.project_id = ${projectId} and i.state <> 'deleted' ${before === undefined ? sql`` : sql`and i.id < ${before}`}
    order by i.id desc limit ${limit}`
  return rows.map((row) => Health.parse(row))
}

/** As `uptimePercentOf` of uptime.ts has it, of the instance `i`. */
const uptimeOfDay = (sql: ISql) => sql`(
  with hours as (
    select at, checks, failures, coalesce(up_s, 0)::float8 as up, coalesce(up_s, 0)::float8 + coalesce(down_s, 0) as known
    from health_by_hour where instance_id = i.id and at > now() - interval '24 hours'
  ), timed as (
    select coalesce(min(at) filter (where known > 0), 'infinity') as since from hours
  ), each_check as (
    select coalesce(sum(known) / nullif(sum(checks) filter (where at >= since and since < 'infinity'), 0), 1) as s from hours, timed
  )
  select 100 * sum(case when at < since then (checks - failures) * s else up end)
    / nullif(sum(case when at < since then checks * s else known end), 0)
  from hours, timed, each_check)`

export async function listHealthEvents(
  sql: ISql,
  instanceId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<HealthEvent[]> {
  const rows = await sql`
    select id, instance_id as "instanceId", at, status, reason, detail from health_events
    where instance_id = ${instanceId} ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${limit}`
  return rows.map((row) => HealthEvent.parse(row))
}
