import { isIPv6 } from 'node:net'
import { RateLimiter, type StrangerLimits } from './rate-limits.ts'

/** Credentials that are remembered as good, so that whoever guesses from the same address does not shut them out. */
const mostKnown = 10_000

/** How much those ask of this process who are not known, or not yet: bounded by address, in bounded memory. */
export class Strangers {
  readonly #health: RateLimiter
  readonly #signIns: RateLimiter
  readonly #failures: RateLimiter
  readonly #known = new Set<string>()

  constructor({ health, signIns, failures }: StrangerLimits, now?: () => number) {
    this.#health = new RateLimiter(health, now)
    this.#signIns = new RateLimiter(signIns, now)
    this.#failures = new RateLimiter(failures, now)
  }

  /** @throws {ToygresError} RATE_LIMITED */
  askForHealth(address: string): void {
    this.#health.take(network(address))
  }

  /** @throws {ToygresError} RATE_LIMITED */
  signIn(address: string): void {
    this.#signIns.take(network(address))
  }

  /**
   * Whose a credential is. Who has shown too many that are nobody's is not even looked up, but where the credential was good last.
   * @throws {ToygresError} RATE_LIMITED
   */
  async greet<Known>(
    address: string,
    credential: string,
    lookUp: () => Promise<Known | null>,
  ): Promise<Known | null> {
    const from = network(address)
    const name = publicPart(credential)
    if (!this.#known.has(name)) this.#failures.refuseWithout(from)
    const known = await lookUp()
    if (known === null) {
      this.#known.delete(name)
      this.#failures.spend(from)
    } else this.#remember(name)
    return known
  }

  #remember(name: string): void {
    if (this.#known.has(name)) return
    this.#known.add(name)
    const [oldest] = this.#known
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }
}

/** What a call is known by in this process while it is bounded: never the whole of a secret. */
const publicPart = (credential: string): string => credential.slice(0, 24)

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
