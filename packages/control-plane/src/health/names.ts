import type { LookupAddress } from 'node:dns'
import { lookup as askSystem, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { minutes, seconds } from '@toygres/workflow'
import { Lane } from '../lane.ts'

/** Of one name server, and then of the next: a check has no more time. */
const resolver = () => new Resolver({ timeout: seconds(1), tries: 1 })
/** The system has four threads for what it is asked, files among them. One that is at a name cannot be called off. */
const ofSystem = { atOnce: 2, holdMs: minutes(1) } as const
/** However long it may be kept: an instance that has moved is found again, and a wrong name is asked for anew at each check. */
const kept = { leastMs: seconds(5), mostMs: seconds(30), failureMs: seconds(2) } as const
const mostKept = 20_000

interface Kept {
  readonly addresses: Promise<readonly LookupAddress[]>
  until: number
}

/**
 * Resolves the names of instances for checks: name servers are asked by ourselves, as many at once as there are names, so that none
 * that hang hold up the others. What only the system knows, a name of its own or one that it completes, is asked of it.
 */
export class Names {
  readonly #resolver: () => Resolver
  readonly #now: () => number
  readonly #kept = new Map<string, Kept>()
  readonly #system = new Lane(ofSystem)

  /** @param makeResolver anew for each name, since the system's name servers may have changed */
  constructor(makeResolver: () => Resolver = resolver, now: () => number = () => performance.now()) {
    this.#resolver = makeResolver
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

  async #ask(name: string): Promise<{ addresses: readonly LookupAddress[]; ttlMs: number }> {
    const answers = name.includes('.') ? await this.#askServers(name) : []
    if (answers.length > 0)
      return {
        addresses: answers.map(({ address, family }) => ({ address, family })),
        ttlMs: seconds(Math.min(...answers.map(({ ttl }) => ttl))),
      }
    return { addresses: await this.#system.run(() => askSystem(name, { all: true })), ttlMs: 0 }
  }

  /** Empty where they have answered that they know none, and where there are none. */
  async #askServers(name: string): Promise<{ address: string; family: number; ttl: number }[]> {
    const asked = this.#resolver()
    const [four, six] = await Promise.allSettled([
      asked.resolve4(name, { ttl: true }),
      asked.resolve6(name, { ttl: true }),
    ])
    const answers = [
      ...(four.status === 'fulfilled' ? four.value.map((answer) => ({ ...answer, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((answer) => ({ ...answer, family: 6 })) : []),
    ]
    // The system would wait for the same servers, and hold up whoever wants anything of it.
    if (answers.length === 0 && (isTimeout(four) || isTimeout(six)))
      throw Object.assign(new Error(`no name server has answered for ${name} in time`), { code: 'EAI_AGAIN' })
    return answers
  }
}

const isTimeout = (asked: PromiseSettledResult<unknown>): boolean =>
  asked.status === 'rejected' &&
  asked.reason instanceof Error &&
  'code' in asked.reason &&
  asked.reason.code === 'ETIMEOUT'
