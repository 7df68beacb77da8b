import type { Sql } from 'postgres'

/**
 * Tells the planner how large the engine's tables have become. Autovacuum does so a minute late, and until then every plan
 * was made for empty tables: a fetch of one job would read the whole history, thousands of times.
 */
export async function refreshStatistics(sql: Sql): Promise<void> {
  const outgrown = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
    where relname in ('operations', 'operation_steps', 'operation_events', 'job_common')
      and n_mod_since_analyze > 1000 + n_live_tup / 2`
  // Another process may be at it: that is as good.
  for (const { name } of outgrown) await sql.unsafe(`analyze (skip_locked) ${name}`)
}
