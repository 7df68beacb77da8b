import type { Sql } from 'postgres'
import { hours } from '../definition/duration.ts'

/** How long an operation that has ended is kept, with its steps and events, unless told otherwise. */
export const defaultRetentionMs = hours(24 * 30)

/** Operations forgotten in one transaction. */
const batch = 1000

/** Forgets every operation that ended longer ago than `olderThanMs`. */
export async function forgetOld(sql: Sql, olderThanMs: number): Promise<void> {
  while ((await forgetOldest(sql, olderThanMs)) === batch);
}

/** Ids are ordered by time: the old ones are found at the front of the primary key, with no index of their own. */
async function forgetOldest(sql: Sql, olderThanMs: number): Promise<number> {
  const rows = await sql`
    with old as (
      delete from operations where id in (
        select id from operations
        where id < ${newestIdOf(olderThanMs, sql)} and ended_at < now() - ${olderThanMs} * interval '1 millisecond'
        order by id limit ${batch} for update skip locked)
      returning id
    ), steps as (delete from operation_steps using old where operation_id = old.id),
    events as (delete from operation_events using old where operation_id = old.id)
    select id from old`
  return rows.length
}

/** The least UUIDv7 of that moment: its first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7). */
const newestIdOf = (agoMs: number, sql: Sql) => sql`
  rpad(lpad(to_hex((extract(epoch from now()) * 1000 - ${agoMs})::bigint), 12, '0'), 32, '0')::uuid`
