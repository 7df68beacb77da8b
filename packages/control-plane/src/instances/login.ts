import type { Address } from '@toygres/providers'
import type { Connection } from '@toygres/schema'
import postgres, { type Sql } from 'postgres'

const user = 'postgres'
const database = 'postgres'

export function connectionTo({ host, port }: Address, password: string): Connection {
  const authority = `${user}:${encodeURIComponent(password)}@${host}:${port}`
  return { connectionString: `postgres://${authority}/${database}`, host, port, database, user, password }
}

/** Seconds for the connection and the login together. */
const loginTimeoutSeconds = 5

/** Milliseconds for whatever is done as the superuser: a server that accepts and then says nothing must not hold us. */
const deedTimeoutMs = 10_000

/** Does something on an instance as its superuser, on a connection of its own. */
export async function withSuperuser(
  address: Address,
  password: string,
  deed: (sql: Sql) => PromiseLike<unknown>,
): Promise<void> {
  const sql = postgres({
    ...address,
    user,
    password,
    database,
    max: 1,
    connect_timeout: loginTimeoutSeconds,
    fetch_types: false,
    onnotice: () => {},
  })
  const timer = setTimeout(() => void sql.end({ timeout: 0 }), deedTimeoutMs)
  try {
    await deed(sql)
  } finally {
    clearTimeout(timer)
    await sql.end({ timeout: 1 })
  }
}
