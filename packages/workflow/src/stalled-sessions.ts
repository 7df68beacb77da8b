import type { Sql } from 'postgres'
import { seconds } from './definition/duration.ts'

/** How long a session may wait for the rest of what it was told; a process that lives sends it in one go. */
const stalledMs = seconds(3)

/**
 * Ends sessions of processes that were paused in the middle of a statement's messages: what they have locked would stay locked
 * for as long as they are paused. PostgreSQL's own time-outs see such a session neither as idle nor as running a statement.
 * All connections of a program count, also those that take no turns: the first word of the application name is what they share.
 */
export async function terminateStalledSessions(sql: Sql): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user
      and split_part(application_name, ' ', 1) = nullif(split_part(current_setting('application_name'), ' ', 1), '')
      and state = 'active' and wait_event = 'ClientRead' and query_start < now() - ${stalledMs} * interval '1 millisecond'`
}
