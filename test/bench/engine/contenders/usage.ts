import postgres from 'postgres'
import { execute } from '../../../harness/postgres/set-up-postgres.ts'

/** What PostgreSQL has counted in one database, or in the whole server where it counts only there. */
export interface Usage {
  readonly walBytes: number
  readonly walRecords: number
  readonly commits: number
  /** Row versions that updates and deletes left behind, whether or not vacuum has come since. */
  readonly deadTuples: number
  /** Of them, those that a page cleans up by itself. */
  readonly hotUpdates: number
}

/**
 * A page's first change after a checkpoint logs all of it: how many there are depends on the clock and on how few steps one
 * measures, not on who changes what. Without them the same steps write the same WAL each time.
 */
export async function withoutPageImages(serverUrl: string): Promise<void> {
  await execute(serverUrl, 'alter system set full_page_writes = off')
  await execute(serverUrl, 'select pg_reload_conf()')
}

/** Whatever ran before must have closed its connections: the counters are complete once a connection has ended. */
export async function readUsage(databaseUrl: string): Promise<Usage> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql<Record<keyof Usage, string>[]>`
      select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as "walBytes",
        w.wal_records as "walRecords", d.xact_commit as "commits",
        t.dead as "deadTuples", t.hot as "hotUpdates"
      from pg_stat_wal w, pg_stat_database d,
        (select sum(n_tup_upd + n_tup_del) as dead, sum(n_tup_hot_upd) as hot from pg_stat_user_tables) t
      where d.datname = current_database()`
    if (row === undefined) throw new Error('PostgreSQL has no statistics of this database')
    return each((name) => Number(row[name]))
  } finally {
    await sql.end()
  }
}

export const difference = (before: Usage, after: Usage): Usage => each((name) => after[name] - before[name])

const each = (value: (name: keyof Usage) => number): Usage => ({
  walBytes: value('walBytes'),
  walRecords: value('walRecords'),
  commits: value('commits'),
  deadTuples: value('deadTuples'),
  hotUpdates: value('hotUpdates'),
})
