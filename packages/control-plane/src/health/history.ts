import { HealthHistory, HealthPoint, ToygresError, type HealthResolution } from '@toygres/schema'
import type { ISql } from 'postgres'
import { uptimePercentOf, type Checked } from './uptime.ts'

export interface HistoryRange {
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly resolution?: HealthResolution | undefined
}

/** The longest range at each resolution: an answer stays below 4,400 points, also at an interval of 5 seconds. */
const longestHours: Record<HealthResolution, number> = { raw: 6, minute: 72, hour: 91 * 24 }

/** Where nobody says a resolution: the finest that a person can take in. */
const defaultHours: readonly (readonly [HealthResolution, number])[] = [
  ['raw', 1],
  ['minute', 24],
]

const hourMs = 3_600_000

/** In hours: a day, or as much as there may be of what is asked for. */
const defaultRange = (resolution: HealthResolution = 'hour'): number => Math.min(24, longestHours[resolution])

/** @throws {ToygresError} INVALID_INPUT for a range that ends before it begins, or that is too long for its resolution */
export async function readHistory(
  sql: ISql,
  instanceId: string,
  { from: asked, to: until, resolution: wanted }: HistoryRange,
): Promise<HealthHistory> {
  const [clock] = await sql<{ now: Date }[]>`select now()`
  const to = until ?? clock?.now ?? new Date()
  const from = asked ?? new Date(to.getTime() - defaultRange(wanted) * hourMs)
  const hours = (to.getTime() - from.getTime()) / hourMs
  const resolution = wanted ?? defaultHours.find(([, most]) => hours <= most)?.[0] ?? 'hour'
  if (hours <= 0) throw badRange('from', 'the range ends before it begins: "from" must be before "to"')
  if (hours > longestHours[resolution])
    throw badRange('resolution', `${tooLong(resolution)}: ask for a shorter range, or a coarser resolution`)
  const rows = await points(sql, resolution, { instanceId, from, to })
  const all = rows.map((row) => HealthPoint.parse(row))
  const checks = all.reduce((total, point) => total + point.checks, 0)
  const uptimePercent = uptimePercentOf(rows)
  return HealthHistory.parse({ instanceId, from, to, resolution, checks, uptimePercent, points: all })
}

async function points(
  sql: ISql,
  resolution: HealthResolution,
  { instanceId, from, to }: { instanceId: string; from: Date; to: Date },
) {
  const within = sql`where instance_id = ${instanceId} and at >= ${from} and at < ${to} order by at`
  if (resolution === 'raw')
    return sql<Checked[]>`
      select at, up_s as "upSeconds", down_s as "downSeconds", 1 as checks, (reason is not null)::integer as failures, reason, connections,
        database_bytes::float8 as "databaseBytes",
        case when latency_ms is not null and reason is null then jsonb_build_object('average', latency_ms, 'max', latency_ms) end as "latencyMs"
      from health_samples ${within}`
  return sql<Checked[]>`
    select at, up_s as "upSeconds", down_s as "downSeconds", checks, failures, reason, connections_max as connections, database_bytes::float8 as "databaseBytes",
      case when latency_ms_max is not null and checks > failures
        then jsonb_build_object('average', latency_ms_sum / (checks - failures), 'max', latency_ms_max) end as "latencyMs"
    from ${resolution === 'minute' ? sql`health_by_minute` : sql`health_by_hour`} ${within}`
}

function tooLong(resolution: HealthResolution): string {
  const hours = longestHours[resolution]
  const longest = hours < 100 ? `${hours} hours` : `${hours / 24} days`
  return `a history by ${resolution} is for ${longest} at most`
}

function badRange(path: string, message: string): ToygresError {
  return new ToygresError('INVALID_INPUT', message, { details: { errors: [{ path, message }] } })
}
