import type { TransactionSql } from 'postgres'

/** Samples of a minute can be committed this long after it: no transaction of ours takes longer. */
const settleS = 60

/** Summed up in one transaction at most, so that an outage of a day is made up for piece by piece. */
const mostMinutes = 30
const mostHours = 2

/** Sums up the minutes, and then the hours, that have ended. @returns whether there is more to do */
export async function rollUp(tx: TransactionSql): Promise<boolean> {
  // A mark ahead of the clock was set before the clock was set back.
  await tx`update health_rollups set done_until = date_bin('1 hour', now(), '2000-01-01Z') where done_until > now()`
  const minutes = await tx<{ done: Date; until: Date; more: boolean }[]>`
    select done_until as done, least(ended, done_until + ${mostMinutes} * interval '1 minute') as until,
      ended > done_until + ${mostMinutes} * interval '1 minute' as more
    from health_rollups, date_bin('1 minute', now() - ${settleS} * interval '1 second', '2000-01-01Z') as ended
    where resolution = 'minute' and ended > done_until for update of health_rollups`
  const [minute] = minutes
  if (minute !== undefined) {
    await tx`
      insert into health_minutes select * from health_by_minute where at >= ${minute.done} and at < ${minute.until}
      on conflict do nothing`
    await tx`update health_rollups set done_until = ${minute.until} where resolution = 'minute'`
  }
  const hours = await tx<{ done: Date; until: Date }[]>`
    select h.done_until as done, least(ended, h.done_until + ${mostHours} * interval '1 hour') as until
    from health_rollups h join health_rollups m on m.resolution = 'minute',
      date_bin('1 hour', m.done_until, '2000-01-01Z') as ended
    where h.resolution = 'hour' and ended > h.done_until`
  const [hour] = hours
  if (hour !== undefined) {
    await tx`
      insert into health_hours select * from health_by_hour where at >= ${hour.done} and at < ${hour.until}
      on conflict do nothing`
    await tx`update health_rollups set done_until = ${hour.until} where resolution = 'hour'`
  }
  return minute?.more ?? false
}

/** Changes of health are few, and kept as long as the longest history. */
const keepEventsDays = 90

export async function forgetOldEvents(tx: TransactionSql): Promise<void> {
  await tx`delete from health_events where id in (
    select id from health_events where at < now() - ${keepEventsDays} * interval '1 day' limit 10000)`
}
