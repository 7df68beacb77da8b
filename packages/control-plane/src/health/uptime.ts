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
 * The share of the time in which the instance was up, 0 to 100; null where there were no checks. Of what was recorded before time
 * was, the checks are known only: each stands for the time that one does later, or for as much as the others.
 * @param history in the order of time
 */
export function uptimePercentOf(history: readonly Checked[]): number | null {
  const first = history.findIndex((piece) => secondsOf(piece) > 0)
  const [untimed, timed] = first === -1 ? [history, []] : [history.slice(0, first), history.slice(first)]
  const sum = (pieces: readonly Checked[], of: (piece: Checked) => number | null) =>
    pieces.reduce((total, piece) => total + (of(piece) ?? 0), 0)
  const known = sum(timed, secondsOf)
  const secondsPerCheck = known > 0 ? known / sum(timed, ({ checks }) => checks) : 1
  const answered = sum(untimed, ({ checks, failures }) => checks - failures)
  const up = sum(timed, ({ upSeconds }) => upSeconds) + answered * secondsPerCheck
  const whole = known + sum(untimed, ({ checks }) => checks) * secondsPerCheck
  return whole === 0 ? null : (100 * up) / whole
}

const secondsOf = ({ upSeconds, downSeconds }: Checked): number => (upSeconds ?? 0) + (downSeconds ?? 0)
