import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net'
import type { Address } from '@toygres/providers'
import postgres, { type Sql } from 'postgres'
import { TimedOut } from '../within.ts'
import { monitorRole } from './monitor-role.ts'

export interface MonitorLogin extends Address {
  readonly password: string
  /** How a name is resolved. */
  readonly lookup: LookupFunction
}

/** One connection to an instance as its monitor. Never reconnects: what was lost is the answer to the check. */
export interface MonitorConnection {
  readonly sql: Sql
  readonly openedAt: number
  /** Its server has ended it, or we have. */
  readonly isLost: boolean
  /** Set by whoever keeps it, to hear of its loss at once. */
  onLost: () => void
  /** At once, whatever it is doing; its queries are rejected. */
  destroy(): void
}

/**
 * Connects; the login is made with the first query. The socket is ours, so that a server that accepts and then says nothing
 * can be cut off at any moment.
 */
export async function openMonitorConnection(
  { host, port, password, lookup }: MonitorLogin,
  signal: AbortSignal,
): Promise<MonitorConnection> {
  // Nobody would cut it off any more.
  if (signal.aborted) throw new TimedOut('no time left')
  const socket = await connected(connectTcp({ host, port, lookup, noDelay: true }), signal)
  const socketOnce = () => {
    if (socket.destroyed) throw lost()
    return socket
  }
  const sql = postgres({
    host,
    port,
    user: monitorRole,
    password,
    database: 'postgres',
    max: 1,
    // Encrypted wherever the server can; it has no certificate that an authority knows.
    ssl: 'prefer',
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    // Whatever somebody has set for the role: what we ask is asked of PostgreSQL itself.
    connection: { application_name: 'toygres health', search_path: 'pg_catalog' },
    onnotice: () => {},
    // Not in its types: a way to hand over a connected socket. Asked again for a lost one, which is refused.
    ...({ socket: socketOnce } as object),
  })
  const connection: MonitorConnection = {
    sql,
    openedAt: performance.now(),
    get isLost() {
      return socket.destroyed
    },
    onLost: () => {},
    destroy() {
      connection.onLost = () => {}
      socket.destroy()
      sql.end({ timeout: 0 }).catch(() => {})
    },
  }
  socket.once('close', () => connection.onLost())
  return connection
}

/** The signal cuts off the connecting only: the connection outlives the check that opened it. */
async function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  const cut = () => socket.destroy()
  signal.addEventListener('abort', cut)
  try {
    return await new Promise((resolve, reject) => {
      // Stays: a socket that nobody listens to would end the process with its error.
      socket.on('error', reject)
      const ended = () => reject(lost())
      socket.once('close', ended)
      socket.once('connect', () => {
        socket.off('close', ended)
        resolve(socket)
      })
    })
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

function lost(): Error {
  return Object.assign(new Error('the server closed the connection'), { code: 'CONNECTION_CLOSED' })
}
