import postgres from 'postgres'
import { LocalPostgresError } from './errors.ts'
import { type RunningServer, findServer } from './find-server.ts'
import { probe } from './probe.ts'
import { type ServerPlace, explainLastStart } from './start-failure.ts'
import { untilChanged } from './until-changed.ts'

export interface ReadinessOptions {
  /** Of the superuser: proves that this very server is the one, and that it takes the login. */
  readonly password: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits until somebody can log in to a server that was started; woken by the server's own notes.
 * @throws {LocalPostgresError} why it does not come up; START_FAILED when it takes too long or refuses the password
 */
export async function untilReady(place: ServerPlace, options: ReadinessOptions): Promise<RunningServer> {
  const { timeoutMs, signal } = options
  const server = await untilChanged(place.dataDirectory, () => readyOrGone(place, signal), {
    timeoutMs,
    recheckMs: 250,
    signal,
  })
  if (server === null) {
    throw new LocalPostgresError(
      'START_FAILED',
      `PostgreSQL on port ${place.port} did not come up in ${timeoutMs} ms`,
    )
  }
  if (server === 'gone') {
    throw (
      (await explainLastStart(place)) ??
      new LocalPostgresError('START_FAILED', `no PostgreSQL runs in ${place.dataDirectory}`)
    )
  }
  await logIn(server.port ?? place.port, options.password)
  return server
}

/** Whether a server takes logins now. */
export async function isAccepting(server: RunningServer, signal?: AbortSignal): Promise<boolean> {
  if (server.status !== 'ready' || server.port === null) return false
  return (await probe(server.port, { timeoutMs: 2000, signal })) === 'accepting'
}

async function readyOrGone(
  { dataDirectory }: ServerPlace,
  signal: AbortSignal | undefined,
): Promise<RunningServer | 'gone' | null> {
  const server = await findServer(dataDirectory)
  if (!server) return 'gone'
  return (await isAccepting(server, signal)) ? server : null
}

async function logIn(port: number, password: string): Promise<void> {
  const sql = postgres({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    max: 1,
    connect_timeout: 10,
    // That query is the library's own: where the server dies under it, nobody hears of its failure but the process.
    fetch_types: false,
    onnotice: () => {},
  })
  try {
    await sql`select 1`
  } catch (cause) {
    throw new LocalPostgresError(
      'START_FAILED',
      `PostgreSQL on port ${port} refuses the login of "postgres"`,
      { cause },
    )
  } finally {
    await sql.end({ timeout: 1 })
  }
}
