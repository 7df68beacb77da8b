import { join, resolve } from 'node:path'
import { installPostgres } from './binaries.ts'
import { createDataDirectory } from './data-directory.ts'
import { giveTree, makePassableDirectory } from './directories.ts'
import { LocalPostgresError, explainSystemError } from './errors.ts'
import { findServer } from './find-server.ts'
import { anyFreePort } from './free-port.ts'
import type { Installation, PostgresMajor } from './installation.ts'
import { withLock } from './lock.ts'
import { untilReady } from './readiness.ts'
import { type ServerUser, serverAccount } from './run-as.ts'
import type { ServerPlace } from './start-failure.ts'
import { startServer } from './start-server.ts'

export interface RunServerOptions {
  /** Holds the binaries and the templates; shared with instances. */
  readonly home: string
  /** Holds this server's `data` and `log`; on the same file system as `home`. */
  readonly directory: string
  readonly major: PostgresMajor
  /** Of the superuser `postgres`: given to a new server, expected of an existing one. */
  readonly password: string
  /** Any free one unless told. A server that runs already keeps the one it has. */
  readonly port?: number
  /** Settings of PostgreSQL by name, such as `{ shared_buffers: '32MB' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whose processes it is made of when we are root; `toygres`, as for instances, unless told. */
  readonly user?: ServerUser
  /** Called when a server that this call started ends while this process still lives. */
  readonly onExit?: () => void
  readonly signal?: AbortSignal
}

export interface Server {
  readonly pid: number
  readonly port: number
  readonly dataDirectory: string
  /** False when it ran before the call. */
  readonly started: boolean
}

const readyTimeoutMs = 60_000
const portAttempts = 5

/**
 * Makes a server run in `directory`, from nothing if need be, and returns once a login succeeded.
 * It outlives this process; `stopServer(dataDirectory)` ends it. Safe for any number of callers at once.
 * @throws {LocalPostgresError}
 */
export async function runServer(options: RunServerOptions): Promise<Server> {
  const installation = {
    ...(await installPostgres(options.home, options.major)),
    account: await serverAccount(options.user),
  }
  const directory = resolve(options.directory)
  const dataDirectory = join(directory, 'data')
  await makePassableDirectory(directory, installation.account).catch((error: unknown) => {
    throw explainSystemError(error, directory)
  })
  return withLock(
    join(directory, 'lock'),
    async () => {
      await createDataDirectory(installation, dataDirectory, options)
      const running = await findServer(dataDirectory)
      // It may be of a time when another user ran it.
      if (!running) await giveTree(dataDirectory, installation.account)
      const place = placeIn(directory, running?.port ?? 0)
      const port = running ? place.port : await startOnFreePort(installation, place, options)
      const server = await untilReady(
        { ...place, port },
        { password: options.password, timeoutMs: readyTimeoutMs, signal: options.signal },
      )
      return { pid: server.pid, port, dataDirectory, started: running === null }
    },
    { signal: options.signal },
  )
}

function placeIn(directory: string, port: number): ServerPlace {
  return {
    dataDirectory: join(directory, 'data'),
    logDirectory: join(directory, 'log'),
    startupLog: join(directory, 'startup.log'),
    port,
  }
}

async function startOnFreePort(
  installation: Installation,
  place: ServerPlace,
  { port: wanted, settings = {}, onExit, signal }: RunServerOptions,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await anyFreePort())
    try {
      await startServer(installation, { ...place, port, settings, signal, ...(onExit && { onExit }) })
      return port
    } catch (error) {
      const unlucky =
        error instanceof LocalPostgresError && error.code === 'PORT_TAKEN' && wanted === undefined
      if (!unlucky || attempt === portAttempts) throw error
    }
  }
}
