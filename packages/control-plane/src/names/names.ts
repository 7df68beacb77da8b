import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { minutes, seconds } from '@toygres/workflow'
import { Lane } from '../lane.ts'
import { TimedOut, within } from '../within.ts'
import {
  completionsOf,
  readNameFiles,
  systemNameFiles,
  type NameFilePaths,
  type NameFiles,
} from './name-files.ts'

/** Of one name server, and then of the next: a check has no more time. */
const resolver = () => new Resolver({ timeout: seconds(1), tries: 1 })
const askSystem = (name: string) => lookup(name, { all: true })
/** With all that may be asked. A check has little more, and connects afterwards. */
const longestMs = seconds(3)
/** The system has two of its four threads for names. One that is at a name cannot be called off. */
const ofSystem = { atOnce: 1, holdMs: minutes(1) } as const
/** However long it may be kept: an instance that has moved is found again, and a wrong name is asked for anew at each check. */
const kept = { leastMs: seconds(5), mostMs: seconds(30), failureMs: seconds(2) } as const
const mostKept = 20_000

interface Kept {
  readonly addresses: Promise<readonly LookupAddress[]>
  until: number
}

/** Of name servers. */
type Silence = 'unknown' | 'unanswered'

interface Found {
  readonly addresses: readonly LookupAddress[]
  readonly ttlMs: number
}

export interface NamesOptions {
  /** Anew for each name, since the system's name servers may have changed. */
  readonly makeResolver?: () => Resolver
  readonly askSystem?: (name: string) => Promise<readonly LookupAddress[]>
  readonly files?: NameFilePaths
  readonly now?: () => number
}

/**
 * Resolves names as the system would: by its file of hosts, and completed by its search list. Name
 * servers are asked by ourselves, as many at once as there are names, so that none that hang hold up the others. What they do not
 * tell, the system may know in another way.
 */
export class Names {
  readonly #makeResolver: () => Resolver
  readonly #askSystem: (name: string) => Promise<readonly LookupAddress[]>
  readonly #paths: NameFilePaths
  readonly #now: () => number
  readonly #kept = new Map<string, Kept>()
  /** Each a place of its own: those that no server answers for stand in the way of each other only. */
  readonly #system = { unknown: new Lane(ofSystem), unanswered: new Lane(ofSystem) }
  #files: { readonly read: Promise<NameFiles>; readonly until: number } | undefined

  constructor({
    makeResolver = resolver,
    askSystem: ask = askSystem,
    files = systemNameFiles,
    now = () => performance.now(),
  }: NamesOptions = {}) {
    this.#makeResolver = makeResolver
    this.#askSystem = ask
    this.#paths = files
    this.#now = now
  }

  /** For a socket. */
  readonly lookup: LookupFunction = (name, { all }, callback) =>
    callbackify(() => this.resolve(name))((error, addresses) => {
      if (error !== null) callback(error, '')
      else if (all) callback(null, [...addresses])
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    })

  /** Never empty. */
  resolve(name: string): Promise<readonly LookupAddress[]> {
    const known = this.#kept.get(name)
    if (known !== undefined && this.#now() < known.until) return known.addresses
    const asked = this.#ask(name)
    const entry: Kept = { addresses: asked.then(({ addresses }) => addresses), until: Infinity }
    const keepFor = (ms: number) => void (entry.until = this.#now() + ms)
    asked.then(
      ({ ttlMs }) => keepFor(Math.min(Math.max(ttlMs, kept.leastMs), kept.mostMs)),
      () => keepFor(kept.failureMs),
    )
    if (this.#kept.size >= mostKept) this.#kept.clear()
    this.#kept.set(name, entry)
    return entry.addresses
  }

  async #ask(name: string): Promise<Found> {
    const signal = AbortSignal.timeout(longestMs)
    return within(longestMs, this.#askAll(name, signal)).catch((error: unknown) => {
      throw error instanceof TimedOut ? unanswered(name) : error
    })
  }

  async #askAll(name: string, signal: AbortSignal): Promise<Found> {
    const files = await this.#readFiles()
    const known = files.hosts.get(name.toLowerCase())
    if (known !== undefined) return { addresses: known, ttlMs: 0 }
    const told = await this.#askServers(completionsOf(name, files))
    if (typeof told !== 'string') return told
    const addresses = await this.#system[told].run(() => {
      if (signal.aborted) throw unanswered(name)
      return this.#askSystem(name)
    })
    return { addresses, ttlMs: 0 }
  }

  /** As seldom as a name may change. */
  #readFiles(): Promise<NameFiles> {
    if (this.#files === undefined || this.#now() >= this.#files.until)
      this.#files = { read: readNameFiles(this.#paths), until: this.#now() + kept.leastMs }
    return this.#files.read
  }

  /** Those after one that nobody answers for are not asked for: it may be the one that is meant. */
  async #askServers(names: readonly string[]): Promise<Found | Silence> {
    const asked = this.#makeResolver()
    for (const name of names) {
      const [four, six] = await Promise.allSettled([
        asked.resolve4(name, { ttl: true }),
        asked.resolve6(name, { ttl: true }),
      ])
      const answers = [
        ...(four.status === 'fulfilled' ? four.value.map((answer) => ({ ...answer, family: 4 })) : []),
        ...(six.status === 'fulfilled' ? six.value.map((answer) => ({ ...answer, family: 6 })) : []),
      ]
      if (answers.length > 0)
        return {
          addresses: answers.map(({ address, family }) => ({ address, family })),
          ttlMs: seconds(Math.min(...answers.map(({ ttl }) => ttl))),
        }
      if (isTimeout(four) || isTimeout(six)) return 'unanswered'
    }
    return 'unknown'
  }
}

const unanswered = (name: string): Error =>
  Object.assign(new Error(`no name server has answered for ${name} in time`), { code: 'EAI_AGAIN' })

const isTimeout = (asked: PromiseSettledResult<unknown>): boolean =>
  asked.status === 'rejected' &&
  asked.reason instanceof Error &&
  'code' in asked.reason &&
  asked.reason.code === 'ETIMEOUT'
