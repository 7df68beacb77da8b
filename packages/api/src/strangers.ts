import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { ToygresError } from '@toygres/schema'
import { Line } from './line.ts'
import { RateLimiter, type StrangerLimits } from './rate-limits.ts'

/** Credentials that are remembered as good, so that whoever guesses from the same address does not hold them up. */
const mostKnown = 10_000

/** Who shows a credential. */
export interface Visitor {
  readonly address: string
  /** Aborted when they have gone, or their time is up. */
  readonly signal?: AbortSignal
}

/**
 * How much those ask of this process who are not known, or not yet. Behind a proxy all have one address, so that nobody is
 * refused for what others of it do: they are only looked up in turn.
 */
export class Strangers {
  readonly #signIns: RateLimiter
  readonly #failures: RateLimiter
  /** Of the addresses that showed too much that opens nothing, all together: what they cost the database is this. */
  readonly #line = new Line({ atOnce: 2, mostWaiting: 10_000 })
  readonly #known = new Set<string>()

  constructor({ signIns, failures }: StrangerLimits, now?: () => number) {
    this.#signIns = new RateLimiter(signIns, now)
    this.#failures = new RateLimiter(failures, now)
  }

  /**
   * A sign-in writes rows once the key is good. So each key signs in so often, and no other counts.
   * @throws {ToygresError} RATE_LIMITED, and what `open` does
   */
  signIn<Session>(address: string, apiKey: string, open: () => Promise<Session>): Promise<Session> {
    return this.greet({ address }, apiKey, async () => {
      this.#signIns.take(nameOf(apiKey))
      return open()
    })
  }

  /**
   * Whose a credential is; null for nobody's.
   * @throws {ToygresError} RATE_LIMITED, DEADLINE_EXCEEDED, CALLER_GONE, and what `lookUp` does
   */
  async greet<Known>(
    { address, signal }: Visitor,
    credential: string,
    lookUp: () => Promise<Known>,
  ): Promise<Known> {
    const name = nameOf(credential)
    if (this.#known.has(name)) return this.#lookUpKnown(name, lookUp)
    const from = network(address)
    // Taken before the look, since many may come at once; given back to who is somebody.
    const isTaken = this.#failures.takesFrom(from)
    const known = await (isTaken ? lookUp() : this.#line.run(lookUp, signal))
    if (known === null) return known
    if (isTaken) this.#failures.giveBack(from)
    this.#remember(name)
    return known
  }

  async #lookUpKnown<Known>(name: string, lookUp: () => Promise<Known>): Promise<Known> {
    try {
      const known = await lookUp()
      if (known === null) this.#known.delete(name)
      return known
    } catch (error) {
      if (error instanceof ToygresError && error.code === 'UNAUTHENTICATED') this.#known.delete(name)
      throw error
    }
  }

  #remember(name: string): void {
    if (this.#known.has(name)) return
    this.#known.add(name)
    const [oldest] = this.#known
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }
}

/** What a credential is known by in this process: of the whole of it, and nothing that opens anything. */
const nameOf = (credential: string): string => hash('sha256', credential, 'base64')

/** Of IPv6, everybody has a network of 64 bits at least: an address of it is nobody else's. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest].slice(0, 4).join(':')
}
