import { watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isThere } from './directories.ts'
import { LocalPostgresError } from './errors.ts'
import { findServer } from './find-server.ts'
import { type RunServerOptions, type Server, runServer } from './run-server.ts'
import { pruneLogs } from './server-log.ts'
import { stopServer } from './stop-server.ts'
import { untilChanged } from './until-changed.ts'

export interface KeepServerOptions extends Omit<RunServerOptions, 'port' | 'signal' | 'onExit'> {
  /** Called when it had ended and runs again, on the same port. */
  readonly onRestart: () => void
}

export interface KeptServer {
  readonly port: number
  /** Settles with the reason once it has ended and does not start again. */
  readonly lost: Promise<Error>
  /** Stops the keeping, then the server. */
  stop(): Promise<void>
}

const restartWithinMs = 30_000
const restartEveryMs = 200
/** The death of a server that an earlier process started is no event for us. */
const lookAgainMs = 1000

/**
 * Makes a server run as `runServer` does, starts it again whenever it ends, and bounds its log. For one process
 * that has the directory to itself: what a failed start leaves running is stopped.
 * @throws {LocalPostgresError}
 */
export async function keepServer({ onRestart, ...options }: KeepServerOptions): Promise<KeptServer> {
  const directory = resolve(options.directory)
  const dataDirectory = join(directory, 'data')
  const stopping = new AbortController()
  const { signal } = stopping
  let ended = Promise.withResolvers<void>()
  const run = (port?: number) => {
    ended = Promise.withResolvers<void>()
    return runServer({ ...options, ...(port && { port }), signal, onExit: ended.resolve })
  }

  const { port } = await run().catch(async (error: unknown) => {
    await stopServer(dataDirectory)
    throw error
  })
  const logs = boundLogs(join(directory, 'log'))

  const keep = async (): Promise<never> => {
    for (;;) {
      await untilEnded(dataDirectory, ended.promise, signal)
      await restart(dataDirectory, () => run(port), signal)
      onRestart()
    }
  }
  const lost = Promise.withResolvers<Error>()
  const kept = keep().catch((error: unknown) => {
    if (!signal.aborted) lost.resolve(error instanceof Error ? error : new Error(String(error)))
  })
  return {
    port,
    lost: lost.promise,
    stop: async () => {
      stopping.abort()
      await kept
      logs[Symbol.dispose]()
      await stopServer(dataDirectory)
    },
  }
}

async function untilEnded(directory: string, ended: Promise<void>, signal: AbortSignal): Promise<void> {
  const check = async () => ((await findServer(directory)) ? null : true)
  await untilChanged(directory, check, { timeoutMs: Infinity, recheckMs: lookAgainMs, or: ended, signal })
}

/** A start may be refused for a moment: its port is the near end of a passing connection, or its disk is full. */
async function restart(
  dataDirectory: string,
  run: () => Promise<Server>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + restartWithinMs
  for (;;) {
    // To make it anew would put an empty database in the place of what was there.
    if (!(await isThere(dataDirectory)))
      throw new LocalPostgresError('DATA_DIRECTORY_CORRUPT', `the data directory ${dataDirectory} is gone`)
    try {
      await run()
      return
    } catch (error) {
      if (signal.aborted || performance.now() > deadline) throw error
    }
    await delay(restartEveryMs, undefined, { signal })
  }
}

function boundLogs(logDirectory: string): Disposable {
  const prune = () => void pruneLogs(logDirectory).catch(() => {})
  prune()
  const watcher = watch(logDirectory, prune)
  watcher.on('error', () => watcher.close())
  return { [Symbol.dispose]: () => watcher.close() }
}
