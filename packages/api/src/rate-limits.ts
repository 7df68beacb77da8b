import { ToygresError } from '@toygres/schema'

/** Calls that one caller may make: so many at once, and from then on so many in a second. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimits {
  readonly reads: Rate
  readonly writes: Rate
}

/** Nothing that a well-behaved client meets: they keep one that runs wild from taking the process for itself. */
export const defaultRateLimits: RateLimits = {
  reads: { burst: 10_000, perSecond: 5_000 },
  writes: { burst: 400, perSecond: 100 },
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
    const { burst, perSecond } = this.#rate
    const [before, now] = [this.#buckets.get(caller), this.#now()]
    const filled = before === undefined ? burst : before.tokens + ((now - before.at) / 1000) * perSecond
    const tokens = Math.min(burst, filled)
    this.#remember(caller, { tokens: tokens < 1 ? tokens : tokens - 1, at: now })
    if (tokens >= 1) return
    const retryAfterSeconds = Math.max(1, Math.ceil((1 - tokens) / perSecond))
    throw new ToygresError(
      'RATE_LIMITED',
      `this caller makes more than ${perSecond} calls of this kind in a second: send fewer, and this one again after ${retryAfterSeconds} s`,
      { details: { retryAfterSeconds } },
    )
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
