import type { ISql } from 'postgres'

/**
 * What a check adds to the uptime of its instance, as `up_s` and `down_s`: the seconds since the check before it (`was`, the row of
 * `instance_health` until now), under how that one ended. A time in which nobody looked counts as neither.
 */
export const timeSinceLastCheck = (sql: ISql) => sql`
  lateral (
    select case when was.reason is null then s end as up_s, case when was.reason is not null then s end as down_s
    from (select extract(epoch from now() - was.checked_at)::float8 as s) elapsed
    where s between 0 and 2 * i.health_check_interval_s
  )`

/** A piece of history. */
export interface Checked {
  readonly upSeconds: number | null
  readonly downSeconds: number | null
  readonly checks: number
  readonly failures: number
}

/**
 * The share of the time that is known in which the instance was up, 0 to 100. Of an instance that was checked once, and in what
 * was recorded before time was, no time is known: there it is the share of the checks. Null where there were none.
 */
export function uptimePercentOf(history: readonly Checked[]): number | null {
  const total = (of: (piece: Checked) => number | null) =>
    history.reduce((sum, piece) => sum + (of(piece) ?? 0), 0)
  const up = total(({ upSeconds }) => upSeconds)
  const known = up + total(({ downSeconds }) => downSeconds)
  if (known > 0) return (100 * up) / known
  const checks = total((piece) => piece.checks)
  return checks === 0 ? null : 100 * (1 - total(({ failures }) => failures) / checks)
}
