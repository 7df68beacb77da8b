import type { Address } from '@toygres/providers'
import type { Connection } from '@toygres/schema'
import { seconds } from '@toygres/workflow'
import postgres, { type Sql } from 'postgres'
import { connectedTo, over, type Place } from './socket.ts'

const user = 'postgres'
const database = 'postgres'

export function connectionTo({ host, port }: Address, password: string): Connection {
  const authority = `${user}:${encodeURIComponent(password)}@${host}:${port}`
  return { connectionString: `postgres://${authority}/${database}`, host, port, database, user, password }
}

/** For the connection, the login and the answer together. */
const loginTimeoutMs = seconds(5)

/**
 * Does something on an instance as its superuser, on a connection of its own.
 * @throws the signal's reason, as soon as it is aborted
 */
export async function withSuperuser(
  place: Place,
  password: string,
  signal: AbortSignal,
  deed: (sql: Sql) => PromiseLike<unknown>,
): Promise<void> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(loginTimeoutMs)])
  const socket = await Promise.race([connectedTo(place, bounded), aborted(bounded)])
  const { host, port } = place
  const options = { max: 1, fetch_types: false, onnotice: () => {} }
  const sql = postgres({ host, port, user, password, database, ...options, ...over(socket) })
  try {
    await Promise.race([deed(sql), aborted(bounded)])
  } finally {
    // An answer that is no longer waited for must not keep the connection.
    await sql.end({ timeout: 0 })
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
