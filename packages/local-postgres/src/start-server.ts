import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, statfs } from 'node:fs/promises'
import { childEnvironment } from './command.ts'
import { checkDataDirectory } from './data-directory.ts'
import { makeServerDirectory } from './directories.ts'
import { LocalPostgresError, diskFull, explainSystemError } from './errors.ts'
import { type RunningServer, findServer, killOrphans, removeMisleadingPostmasterFile } from './find-server.ts'
import { isPortFree } from './free-port.ts'
import { type Installation, program } from './installation.ts'
import { identityOf } from './run-as.ts'
import { readServerFile } from './server-file.ts'
import { logSettings, pruneLogs } from './server-log.ts'
import { type ServerPlace, explainLastStart, portTaken } from './start-failure.ts'
import { untilChanged } from './until-changed.ts'

export interface StartOptions extends ServerPlace {
  /** Settings of PostgreSQL by name, on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called when the server ends while this process still lives. */
  readonly onExit?: () => void
  readonly signal?: AbortSignal | undefined
}

const startTimeoutMs = 30_000
const fullBelowBytes = 1024 * 1024

/**
 * Starts a server in a data directory, or finds the one that runs there, and returns when it has its port;
 * it may not answer yet. The server belongs to nobody: it outlives this process, however that ends.
 * @throws {LocalPostgresError} PORT_TAKEN, DATA_DIRECTORY_CORRUPT, DISK_FULL, PERMISSION_DENIED, START_FAILED, STOP_FAILED
 */
export async function startServer(installation: Installation, options: StartOptions): Promise<RunningServer> {
  const { dataDirectory, logDirectory } = options
  const running = await findServer(dataDirectory)
  if (running) return running
  try {
    await checkDataDirectory(dataDirectory, installation.major)
    await makeServerDirectory(logDirectory, installation.account)
    await pruneLogs(logDirectory)
    await killOrphans(dataDirectory)
    await removeMisleadingPostmasterFile(dataDirectory)
    return await untilListening(options, await launch(installation, options))
  } catch (error) {
    throw explainSystemError(error, dataDirectory)
  }
}

interface Launched {
  hasEnded(): boolean
  readonly ended: Promise<void>
}

async function launch(installation: Installation, options: StartOptions): Promise<Launched> {
  const output = await open(options.startupLog, 'w', 0o600)
  try {
    const child = spawn(program(installation, 'postgres'), serverArguments(options), {
      cwd: '/',
      // A session of its own: neither a signal to our group nor the end of our terminal reaches it.
      detached: true,
      env: childEnvironment,
      stdio: ['ignore', output.fd, output.fd],
      ...identityOf(installation.account),
    })
    child.unref()
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve()
        options.onExit?.()
      })
    })
    await once(child, 'spawn')
    return { ended, hasEnded: () => child.exitCode !== null || child.signalCode !== null }
  } finally {
    await output.close()
  }
}

async function untilListening(options: StartOptions, launched: Launched): Promise<RunningServer> {
  const listening = async () => {
    const server = await findServer(options.dataDirectory)
    if (server?.port) return server
    return launched.hasEnded() ? 'ended' : null
  }
  const outcome = await untilChanged(options.dataDirectory, listening, {
    timeoutMs: startTimeoutMs,
    recheckMs: 100,
    or: launched.ended,
    signal: options.signal,
  })
  if (outcome !== null && outcome !== 'ended') return outcome
  // Asked of the port itself: what the server has to say of it may not have reached its log yet.
  if (!(await isPortFree(options.port))) throw portTaken(options.port)
  throw (await explainLastStart(options)) ?? (await explainSilence(options, outcome === 'ended'))
}

async function explainSilence(
  { dataDirectory, startupLog }: StartOptions,
  ended: boolean,
): Promise<LocalPostgresError> {
  // On a full disk it cannot even write down why it ends.
  const { bavail, bsize } = await statfs(dataDirectory)
  if (bavail * bsize < fullBelowBytes) return diskFull(dataDirectory)
  const what = ended ? 'ended at once' : `did not listen within ${startTimeoutMs / 1000} s`
  const said = ((await readServerFile(startupLog, 4096)) ?? '').trim().split('\n').at(-1) ?? ''
  const why = said === '' ? '' : ` (it said last: ${said.slice(0, 500)})`
  return new LocalPostgresError(
    'START_FAILED',
    `PostgreSQL ${what} in ${dataDirectory}${why}: see ${startupLog}`,
  )
}

function serverArguments({ dataDirectory, logDirectory, port, settings }: StartOptions): string[] {
  const all = {
    // The command line wins over what a superuser sets with `alter system`: a server stays on the loopback address.
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    shared_buffers: '16MB',
    lc_messages: 'C',
    ...logSettings(logDirectory),
    ...settings,
  }
  return ['-D', dataDirectory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
