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
  /** There may be more that are due and have room. */
  readonly more: boolean
}

/** Checks that can begin: those whose instance said nothing the last time have a place of their own. */
export interface Room {
  readonly ordinary: number
  readonly afterSilence: number
}

export interface ReadyForTurn {
  readonly finished: readonly FinishedCheck[]
  readonly measured: readonly MeasuredSize[]
  readonly room: Room
}

/**
 * One transaction for all that is ready: results are recorded, their jobs replaced by their successors, and the next ones fetched.
 * A crash before it commits leaves the jobs active, for the sweep to find; after it, each instance has its next check.
 */
export async function takeHealthTurn(
  { sql, boss }: { readonly sql: Sql; readonly boss: PgBoss },
  { finished, measured, room }: ReadyForTurn,
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
    const endOf = new Map(finished.map((check) => [check.job.instanceId, check]))
    await sendChecks(
      boss,
      tx,
      recorded.flatMap((check) => {
        const { instanceId } = check
        const end = endOf.get(instanceId)
        if (end === undefined) return []
        const afterSilence = end.result.failure?.reason === 'timeout'
        return [{ id: end.job.id, instanceId, dueAt: nextCheckAt(check), afterSilence }]
      }),
    )
    const ordinary = await fetchChecks(boss, tx, { afterSilence: false, limit: room.ordinary })
    const silent = await fetchChecks(boss, tx, { afterSilence: true, limit: room.afterSilence })
    const jobs = [...ordinary, ...silent]
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
    const more =
      (room.ordinary > 0 && ordinary.length === room.ordinary) ||
      (room.afterSilence > 0 && silent.length === room.afterSilence)
    return { recorded, due, fetched: jobs.length, more }
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
