import type { Address } from '@toygres/providers'
import type { Connection } from '@toygres/schema'
import postgres from 'postgres'

const user = 'postgres'
const database = 'postgres'

export function connectionTo({ host, port }: Address, password: string): Connection {
  const authority = `${user}:${encodeURIComponent(password)}@${host}:${port}`
  return { connectionString: `postgres://${authority}/${database}`, host, port, database, user, password }
}

/** Seconds for the connection and the login together. */
const loginTimeoutSeconds = 5

/** Logs in and asks the server a question: what a user will do next, so that "running" means usable. */
export async function logInTo(address: Address, password: string): Promise<void> {
  const sql = postgres({
    ...address,
    user,
    password,
    database,
    max: 1,
    connect_timeout: loginTimeoutSeconds,
    onnotice: () => {},
  })
  try {
    await sql`select pg_is_in_recovery()`.simple()
  } finally {
    await sql.end({ timeout: 1 })
  }
}
