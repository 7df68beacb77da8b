import { mkdir, open, rm } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { isThere, namesIn } from './directories.ts'
import { LocalPostgresError } from './errors.ts'
import { processIdentity } from './process-identity.ts'
import { untilChanged } from './until-changed.ts'

export interface LockOptions {
  readonly signal?: AbortSignal | undefined
  /** How long to wait for whoever holds it, in this process or another; 60 s unless told. */
  readonly timeoutMs?: number
}

const queues = new Map<string, Promise<unknown>>()

/**
 * Runs `work` while nobody else on this machine does under the same lock. A holder that is killed loses it.
 *
 * Everyone who wants in puts a claim there, a file `<lock>.<process>`, and enters when it then sees no claim of
 * another living process: of two, the one that looked later saw the other. A process's name is never used
 * again, so a dead one's claim may be cleared away at any time by anybody. Claims are empty files because
 * those can be made on a full disk, where removing an instance must still work.
 */
export async function withLock<T>(
  lock: string,
  work: () => Promise<T>,
  { timeoutMs = 60_000, signal }: LockOptions = {},
): Promise<T> {
  const path = resolve(lock)
  const deadline = performance.now() + timeoutMs
  const before = queues.get(path) ?? Promise.resolve()
  const { promise: done, resolve: leave } = Promise.withResolvers<void>()
  // Who comes next waits for all that came before, also when we give up: in one process all have the same claim.
  const mine = before.then(() => done)
  queues.set(path, mine)
  void mine.then(() => {
    if (queues.get(path) === mine) queues.delete(path)
  })
  try {
    await ourTurn(before, { lock: path, timeoutMs, signal })
    return await workUnderClaim(path, work, { timeoutMs: Math.max(0, deadline - performance.now()), signal })
  } finally {
    leave()
  }
}

/** Waits for those of this process who came before. */
async function ourTurn(
  before: Promise<unknown>,
  { lock, timeoutMs, signal }: LockOptions & { readonly lock: string; readonly timeoutMs: number },
): Promise<void> {
  signal?.throwIfAborted()
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>()
  const late = setTimeout(() => giveUp(held(lock)), timeoutMs)
  const abort = () => giveUp(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    await Promise.race([before, given])
  } finally {
    clearTimeout(late)
    signal?.removeEventListener('abort', abort)
  }
}

function held(lock: string): LocalPostgresError {
  return new LocalPostgresError('START_FAILED', `somebody else holds ${lock}: try again when it is done`)
}

async function workUnderClaim<T>(
  lock: string,
  work: () => Promise<T>,
  { timeoutMs, signal }: LockOptions & { readonly timeoutMs: number },
): Promise<T> {
  const me = await processIdentity(process.pid)
  if (me === null) throw new Error('BUG: this process does not exist')
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 })
  try {
    const entered = await untilChanged(dirname(lock), () => enter(lock, me), {
      timeoutMs,
      recheckMs: 100,
      signal,
    })
    if (!entered) throw held(lock)
    return await work()
  } finally {
    await withdraw(lock, me)
  }
}

/** Null while somebody else is in, or on the way in. */
async function enter(lock: string, me: string): Promise<true | null> {
  // Who only waits makes no claim: each would wake, and bar, all the others.
  const onTheWay = await isThere(`${lock}.${me}`)
  if (!onTheWay && (await livingRivals(lock, me)).length > 0) return null
  await claim(lock, me)
  const rivals = await livingRivals(lock, me)
  if (rivals.length === 0) return true
  // Of those who came at once exactly one stays on its way, or they would bar each other's for ever.
  if (rivals.some((rival) => rival < me)) await withdraw(lock, me)
  return null
}

/** The living processes that are in, or on the way in. */
export async function holdersOf(lock: string): Promise<{ pid: number; identity: string }[]> {
  const holders = await livingRivals(resolve(lock), '')
  return holders.map((identity) => ({ pid: Number.parseInt(identity, 10), identity }))
}

async function claim(lock: string, me: string): Promise<void> {
  const file = await open(`${lock}.${me}`, 'w', 0o600)
  await file.close()
}

async function livingRivals(lock: string, me: string): Promise<string[]> {
  const prefix = `${basename(lock)}.`
  const rivals: string[] = []
  for (const name of await namesIn(dirname(lock))) {
    const rival = name.slice(prefix.length)
    if (!name.startsWith(prefix) || rival === me) continue
    if ((await processIdentity(Number.parseInt(rival, 10))) === rival) rivals.push(rival)
    else await withdraw(lock, rival)
  }
  return rivals
}

async function withdraw(lock: string, who: string): Promise<void> {
  await rm(`${lock}.${who}`, { force: true })
}
