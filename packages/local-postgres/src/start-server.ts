import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { childEnvironment } from './command.ts'
import { checkDataDirectory } from './data-directory.ts'
import { makeServerDirectory } from './directories.ts'
import { LocalPostgresError, explainSystemError } from './errors.ts'
import { type RunningServer, findServer, removeMisleadingPostmasterFile } from './find-server.ts'
import { type Installation, program } from './installation.ts'
import { identityOf } from './run-as.ts'
import { logSettings, pruneLogs } from './server-log.ts'
import { type ServerPlace, explainLastStart } from './start-failure.ts'
import { untilChanged } from './until-changed.ts'

export interface StartOptions extends ServerPlace {
  /** Settings of PostgreSQL by name, on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called when the server ends while this process still lives. */
  readonly onExit?: () => void
  readonly signal?: AbortSignal | undefined
}

const startTimeoutMs = 30_000

/**
 * Starts a server in a data directory, or finds the one that runs there, and returns when it has its port;
 * it may not answer yet. The server belongs to nobody: it outlives this process, however that ends.
 * @throws {LocalPostgresError} PORT_TAKEN, DATA_DIRECTORY_CORRUPT, DISK_FULL, PERMISSION_DENIED, START_FAILED
 */
export async function startServer(installation: Installation, options: StartOptions): Promise<RunningServer> {
  const { dataDirectory, logDirectory, signal } = options
  const running = await findServer(dataDirectory)
  if (running) return running
  try {
    await checkDataDirectory(dataDirectory, installation.major)
    await makeServerDirectory(logDirectory, installation.account)
    await pruneLogs(logDirectory)
    await removeMisleadingPostmasterFile(dataDirectory)
    const exited = await launch(installation, options)
    return await untilListening(options, exited, signal)
  } catch (error) {
    throw explainSystemError(error, dataDirectory)
  }
}

/** Resolves to a promise of the server's end. */
async function launch(
  installation: Installation,
  options: StartOptions,
): Promise<{ readonly gone: () => boolean; readonly promise: Promise<void> }> {
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
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    let gone = false
    const promise = new Promise<void>((resolve) => {
      child.once('exit', () => {
        gone = true
        resolve()
        options.onExit?.()
      })
    })
    return { gone: () => gone || child.exitCode !== null || child.signalCode !== null, promise }
  } finally {
    await output.close()
  }
}

async function untilListening(
  options: StartOptions,
  exited: { readonly gone: () => boolean; readonly promise: Promise<void> },
  signal: AbortSignal | undefined,
): Promise<RunningServer> {
  const listening = async () => {
    const server = await findServer(options.dataDirectory)
    if (server?.port) return server
    return exited.gone() ? 'gone' : null
  }
  const outcome = await untilChanged(options.dataDirectory, listening, {
    timeoutMs: startTimeoutMs,
    recheckMs: 100,
    or: exited.promise,
    signal,
  })
  if (outcome !== null && outcome !== 'gone') return outcome
  const reason = outcome === 'gone' ? 'ended at once' : `did not listen within ${startTimeoutMs / 1000} s`
  throw (
    (await explainLastStart(options)) ??
    new LocalPostgresError(
      'START_FAILED',
      `PostgreSQL ${reason} in ${options.dataDirectory}: see ${options.startupLog}`,
    )
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
