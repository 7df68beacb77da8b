import { ToygresError } from '@toygres/schema'

/** Calls that one caller may make: so many at once, and from then on so many in a second. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** What somebody may do whom we do not know, or not yet. */
export interface StrangerLimits {
  /** Sign in with one key, each of which writes rows. */
  readonly signIns: Rate
  /** Show keys and sessions that open nothing, from one address. Beyond that, all such addresses are looked up in one line. */
  readonly failures: Rate
}

export interface RateLimits {
  readonly reads: Rate
  readonly writes: Rate
  /** Those of whom it is not known, or not yet, who they are. */
  readonly strangers: StrangerLimits
}

/** Many may come from one address: what is between them and us has one. */
const defaultStrangerLimits: StrangerLimits = {
  signIns: { burst: 60, perSecond: 1 },
  failures: { burst: 500, perSecond: 20 },
}

/** Nothing that a well-behaved client meets: they keep one that runs wild from taking the process for itself. */
export const defaultRateLimits: RateLimits = {
  reads: { burst: 10_000, perSecond: 5_000 },
  writes: { burst: 400, perSecond: 100 },
  strangers: defaultStrangerLimits,
}

interface Bucket {
  tokens: number
  at: number
}

/** Callers that are remembered. One that is forgotten begins with a full bucket. */
const mostBuckets = 10_000

/** How often each caller calls, in this process: a bucket each, which every call takes a token from, and which fills by itself. */
export class RateLimiter {
  readonly #rate: Rate
  readonly #now: () => number
  /** Those that have called last are last. */
  readonly #buckets = new Map<string, Bucket>()

  /** @param now milliseconds of any clock that never goes back */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate
    this.#now = now
  }

  /** @throws {ToygresError} RATE_LIMITED, with when there is a token again */
  take(caller: string): void {
    if (this.takesFrom(caller)) return
    const { perSecond } = this.#rate
    const retryAfterSeconds = Math.max(1, Math.ceil((1 - this.#tokensOf(caller)) / perSecond))
    throw new ToygresError(
      'RATE_LIMITED',
      `this caller makes more than ${perSecond} calls of this kind in a second: send fewer, and this one again after ${retryAfterSeconds} s`,
      { details: { retryAfterSeconds } },
    )
  }

  /** Whether there was a token to take. */
  takesFrom(caller: string): boolean {
    const tokens = this.#tokensOf(caller)
    const isThere = tokens >= 1
    this.#remember(caller, { tokens: isThere ? tokens - 1 : tokens, at: this.#now() })
    return isThere
  }

  giveBack(caller: string): void {
    const tokens = Math.min(this.#rate.burst, this.#tokensOf(caller) + 1)
    this.#remember(caller, { tokens, at: this.#now() })
  }

  #tokensOf(caller: string): number {
    const { burst, perSecond } = this.#rate
    const before = this.#buckets.get(caller)
    if (before === undefined) return burst
    return Math.min(burst, before.tokens + ((this.#now() - before.at) / 1000) * perSecond)
  }

  get remembered(): number {
    return this.#buckets.size
  }

  #remember(caller: string, bucket: Bucket): void {
    this.#buckets.delete(caller)
    this.#buckets.set(caller, bucket)
    if (this.#buckets.size <= mostBuckets) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}
