import type { ISql } from 'postgres'

/** Every control plane that runs has a session of this name, which hears of operations. */
export const engineSessions = 'toygres engine'

/** Whether another control plane runs on the metadata database. Asked by one that has opened no such session yet. */
export async function anotherRuns(sql: ISql): Promise<boolean> {
  const sessions = await sql`
    select from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name = ${engineSessions} limit 1`
  return sessions.length > 0
}
