import postgres, { type Sql } from 'postgres'
import { connectedTo, over, type Place } from '../instances/socket.ts'
import { TimedOut } from '../within.ts'
import { monitorRole } from './monitor-role.ts'

export interface MonitorLogin extends Place {
  readonly password: string
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
  { password, ...place }: MonitorLogin,
  signal: AbortSignal,
): Promise<MonitorConnection> {
  // Nobody would cut it off any more.
  if (signal.aborted) throw new TimedOut('no time left')
  const socket = await connectedTo(place, signal)
  const sql = postgres({
    host: place.host,
    port: place.port,
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
    ...over(socket),
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
