import { errnoOf } from './errors.ts'
import { findServer } from './find-server.ts'
import { killProcessesIn, straysOf } from './processes.ts'
import { untilChanged } from './until-changed.ts'

/** `fast` rolls back what runs and writes a checkpoint; `immediate` does not, and leaves the rest to the next start. */
export type StopMode = 'fast' | 'immediate'

export interface StopOptions {
  readonly mode?: StopMode
  readonly signal?: AbortSignal | undefined
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const
const timeoutMs = { fast: 30_000, immediate: 10_000 } as const

/**
 * Stops the server of a data directory, `fast` unless told; returns when its port is free again.
 * One that does not end in time is stopped the hard way, and one that hears nothing any more is killed with its backends.
 * @returns whether there was one
 * @throws {LocalPostgresError} STOP_FAILED
 */
export async function stopServer(dataDirectory: string, options: StopOptions = {}): Promise<boolean> {
  const server = await findServer(dataDirectory)
  if (!server) return stopStrays(dataDirectory, options)
  if (await told([server.pid], () => isGone(dataDirectory), dataDirectory, options)) return true
  // Whoever was started there meanwhile is not the one that was to be stopped.
  if ((await findServer(dataDirectory))?.pid === server.pid) await killProcessesIn(dataDirectory)
  return true
}

/** Servers whose data was moved or deleted under them: they have no file to be found by, and their ports. */
async function stopStrays(dataDirectory: string, options: StopOptions): Promise<boolean> {
  const pids = await straysOf(dataDirectory)
  if (pids.length === 0) return false
  const gone = async () => ((await straysOf(dataDirectory)).length === 0 ? true : null)
  if (!(await told(pids, gone, dataDirectory, options)))
    for (const pid of await straysOf(dataDirectory)) send(pid, 'SIGKILL')
  return true
}

/** Tells them to end, the hard way where that takes too long. @returns whether they have ended */
async function told(
  pids: readonly number[],
  gone: () => Promise<true | null>,
  dataDirectory: string,
  { mode = 'fast', signal }: StopOptions,
): Promise<boolean> {
  for (const attempt of mode === 'fast' ? (['fast', 'immediate'] as const) : (['immediate'] as const)) {
    for (const pid of pids) send(pid, signals[attempt])
    const wait = { timeoutMs: timeoutMs[attempt], recheckMs: 100, signal }
    if (await untilChanged(dataDirectory, gone, wait)) return true
  }
  return false
}

async function isGone(dataDirectory: string): Promise<true | null> {
  return (await findServer(dataDirectory)) ? null : true
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error
  }
}
