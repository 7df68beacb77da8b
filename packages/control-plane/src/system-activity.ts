import { SystemActivity } from '@toygres/schema'
import { stepQueue } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { healthQueue } from './health/queue.ts'

/** Bounds what is read for the throughput, however busy the hour was. */
const mostOperations = 20_000

/** In one statement, so that its parts are of the same moment. */
export async function readActivity(sql: Sql): Promise<SystemActivity> {
  const [row] = await sql`
    with recent as (
      select state, ended_at, extract(epoch from ended_at - created_at) * 1000 as took from operations
      where id in (select id from operations order by id desc limit ${mostOperations}) and ended_at > now() - interval '1 hour'
    )
    select now() as at,
      (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'host', w.host, 'pid', w.pid, 'startedAt', w.started_at,
          'leaseUntil', w.lease_until,
          'operations', (select count(*) from operations o where o.owner = w.id and o.ended_at is null)) order by w.started_at), '[]')
        from workers w where w.lease_until > now()) as workers,
      (select jsonb_agg(to_jsonb(q)) from (
        select queue.name, count(*) filter (where state < 'active' and start_after <= now()) as ready,
          count(*) filter (where state = 'active') as active,
          count(*) filter (where state < 'active' and start_after > now()) as deferred,
          extract(epoch from now() - min(start_after) filter (where state < 'active' and start_after <= now())) * 1000 as "lagMs"
        from unnest(${[stepQueue, healthQueue]}::text[]) with ordinality as queue (name, position)
        left join pgboss.job on job.name = queue.name and job.state < 'completed'
        group by queue.name, queue.position order by queue.position) q) as queues,
      (select coalesce(jsonb_object_agg(state, n), '{}') from (
        select state, count(*) as n from operations where ended_at is null group by state) s) as operations,
      (select coalesce(jsonb_agg(jsonb_build_object('at', minute, 'succeeded', succeeded, 'failed', failed, 'cancelled', cancelled)
          order by minute), '[]') from (
        select date_trunc('minute', ended_at) as minute, count(*) filter (where state = 'succeeded') as succeeded,
          count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'cancelled') as cancelled
        from recent group by 1) m) as throughput,
      (select case when count(*) > 0 then jsonb_build_object('median', percentile_cont(0.5) within group (order by took),
          'p95', percentile_cont(0.95) within group (order by took)) end from recent where state = 'succeeded') as duration`
  const { workers, throughput, duration, ...rest } = row as Row
  return SystemActivity.parse({
    ...rest,
    workers: workers.map((worker) => ({
      ...worker,
      startedAt: new Date(worker.startedAt),
      leaseUntil: new Date(worker.leaseUntil),
    })),
    throughput: throughput.map((minute) => ({ ...minute, at: new Date(minute.at) })),
    durationMs: duration,
  })
}

/** Moments inside JSON are text. */
interface Row {
  workers: { startedAt: string; leaseUntil: string }[]
  throughput: { at: string }[]
  duration: object | null
}
