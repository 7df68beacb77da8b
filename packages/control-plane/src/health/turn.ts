import type { PgBoss } from 'pg-boss'
import type { Sql, TransactionSql } from 'postgres'
import { nextCheckAt } from './next-check.ts'
import type { Target } from './probe.ts'
import { endChecks, fetchChecks, sendChecks, type CheckJob } from './queue.ts'
import { recordChecks, type FinishedCheck, type RecordedCheck } from './record.ts'
import { recordSizes, type MeasuredSize } from './record-sizes.ts'

export interface Due {
  readonly job: CheckJob
  readonly target: Target
}

export interface HealthTurn {
  readonly recorded: readonly RecordedCheck[]
  readonly due: readonly Due[]
  /** Fetched jobs, those of no instance included. */
  readonly fetched: number
}

export interface ReadyForTurn {
  readonly finished: readonly FinishedCheck[]
  readonly measured: readonly MeasuredSize[]
  /** Checks that can begin. */
  readonly free: number
}

/**
 * One transaction for all that is ready: results are recorded, their jobs replaced by their successors, and the next ones fetched.
 * A crash before it commits leaves the jobs active, for the sweep to find; after it, each instance has its next check.
 */
export async function takeHealthTurn(
  { sql, boss }: { readonly sql: Sql; readonly boss: PgBoss },
  { finished, measured, free }: ReadyForTurn,
): Promise<HealthTurn> {
  return sql.begin<HealthTurn>(async (tx) => {
    // First of all: its row locks are what keeps a `stop` of the same instance out (see schedule.ts).
    const recorded = await recordChecks(tx, finished)
    await recordSizes(tx, measured)
    await endChecks(
      boss,
      tx,
      finished.map(({ job }) => job),
    )
    const jobOf = new Map(finished.map(({ job }) => [job.instanceId, job]))
    await sendChecks(
      boss,
      tx,
      recorded.flatMap((check) => {
        const job = jobOf.get(check.instanceId)
        if (job === undefined) return []
        return [{ id: job.id, instanceId: job.instanceId, dueAt: nextCheckAt(check) }]
      }),
    )
    const jobs = await fetchChecks(boss, tx, free)
    const targets = await readTargets(tx, jobs)
    const due = jobs.flatMap((job) => {
      const target = targets.get(job.id)
      return target === undefined ? [] : [{ job, target }]
    })
    await endChecks(
      boss,
      tx,
      jobs.filter(({ id }) => !targets.has(id)),
    )
    return { recorded, due, fetched: jobs.length }
  })
}

/** Sizes change slowly, and an instance that has trouble to answer is not asked for them. */
const measureEveryMs = 5 * 60_000

interface TargetRow {
  readonly job_id: string
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly sealed: Buffer | null
  readonly interval_ms: number
  readonly measure: boolean
}

/** By job; a job that is not its instance's current one, or whose instance does not run, has none. */
async function readTargets(tx: TransactionSql, jobs: readonly CheckJob[]): Promise<Map<string, Target>> {
  if (jobs.length === 0) return new Map()
  const rows = await tx<TargetRow[]>`
    select i.health_check_job_id as job_id, i.id, i.name, i.host, i.port, c.sealed_monitor_password as sealed,
      i.health_check_interval_s * 1000 as interval_ms,
      h.failures = 0 and coalesce(h.measured_at < now() - ${measureEveryMs} * interval '1 millisecond', true) as measure
    from instances i join instance_health h on h.instance_id = i.id left join instance_credentials c on c.instance_id = i.id
    where i.id in ${tx(jobs.map(({ instanceId }) => instanceId))} and i.health_check_job_id in ${tx(jobs.map(({ id }) => id))}
      and i.state = 'running' and i.host is not null and i.port is not null`
  return new Map(
    rows.map(({ job_id, id, name, host, port, sealed, interval_ms: intervalMs, measure }) => [
      job_id,
      { instanceId: id, name, address: { host, port }, sealedMonitorPassword: sealed, intervalMs, measure },
    ]),
  )
}
