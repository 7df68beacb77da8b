import type { Address } from '@toygres/providers'
import postgres from 'postgres'

/** Does something on a connection of its own. */
export async function logIn<T>(
  { host, port }: Address,
  password: string,
  work: (sql: postgres.Sql) => Promise<T> | postgres.PendingQuery<postgres.Row[]>,
): Promise<T | postgres.Row[]> {
  const sql = postgres({
    host,
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    max: 1,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => {},
  })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
