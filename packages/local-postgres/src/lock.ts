import { mkdir, open, rmdir, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { namesIn } from './directories.ts'
import { LocalPostgresError, errnoOf } from './errors.ts'
import { processIdentity } from './process-identity.ts'
import { untilChanged } from './until-changed.ts'

export interface LockOptions {
  readonly signal?: AbortSignal | undefined
  /** How long to wait for the holder; 60 s unless told. */
  readonly timeoutMs?: number
}

const queues = new Map<string, Promise<unknown>>()

/**
 * Runs `work` while nobody else on this machine does under the same lock, which is a directory that exists
 * only while somebody wants it. A holder that is killed loses the lock.
 *
 * Everyone who wants in puts a claim named after its process there and enters when it then sees no claim of
 * another living process: of two, the one that looked later saw the other. A process's name is never used
 * again, so a dead one's claim may be cleared away at any time by anybody.
 */
export async function withLock<T>(
  lock: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const directory = resolve(lock)
  const before = queues.get(directory) ?? Promise.resolve()
  const mine = before.then(
    () => workUnderClaim(directory, work, options),
    () => workUnderClaim(directory, work, options),
  )
  queues.set(directory, mine)
  try {
    return await mine
  } finally {
    if (queues.get(directory) === mine) queues.delete(directory)
  }
}

async function workUnderClaim<T>(
  directory: string,
  work: () => Promise<T>,
  options: LockOptions,
): Promise<T> {
  const me = await processIdentity(process.pid)
  if (me === null) throw new Error('BUG: this process does not exist')
  try {
    const entered = await untilChanged(directory, () => enter(directory, me), {
      timeoutMs: options.timeoutMs ?? 60_000,
      recheckMs: 100,
      signal: options.signal,
    })
    if (!entered) {
      throw new LocalPostgresError(
        'START_FAILED',
        `another process holds ${directory}: try again when it is done`,
      )
    }
    return await work()
  } finally {
    await withdraw(directory, me)
  }
}

async function enter(directory: string, me: string): Promise<true | null> {
  await claim(directory, me)
  const rivals = await livingRivals(directory, me)
  if (rivals.length === 0) return true
  // Exactly one of those who wait keeps its claim, or they would bar each other's way for ever.
  if (rivals.some((rival) => rival < me)) await withdraw(directory, me)
  return null
}

async function claim(directory: string, me: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const file = await open(join(directory, me), 'w', 0o600)
      return await file.close()
    } catch (error) {
      // The last one to leave took the directory along while we came.
      if (errnoOf(error) !== 'ENOENT') throw error
    }
  }
}

async function livingRivals(directory: string, me: string): Promise<string[]> {
  const rivals: string[] = []
  for (const name of await namesIn(directory)) {
    if (name === me) continue
    if ((await processIdentity(Number.parseInt(name, 10))) === name) rivals.push(name)
    else await unlink(join(directory, name)).catch(ignoreMissing)
  }
  return rivals
}

async function withdraw(directory: string, me: string): Promise<void> {
  await unlink(join(directory, me)).catch(ignoreMissing)
  await rmdir(directory).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOTEMPTY') ignoreMissing(error)
  })
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error
}
