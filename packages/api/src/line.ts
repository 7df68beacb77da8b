import { ToygresError } from '@toygres/schema'

export interface LineOptions {
  /** Works that are done at once. */
  readonly atOnce: number
  /** Works that wait for their turn, at most. */
  readonly mostWaiting: number
}

/** Works that are done one after another, in the order in which they came. */
export class Line {
  readonly #mostWaiting: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor({ atOnce, mostWaiting }: LineOptions) {
    this.#mostWaiting = mostWaiting
    this.#free = atOnce
  }

  /** @throws {ToygresError} RATE_LIMITED when too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#turn()
    try {
      return await work()
    } finally {
      this.#next()
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting)
      throw new ToygresError(
        'RATE_LIMITED',
        'too many calls wait to be let in: send this one again after 1 s',
        {
          details: { retryAfterSeconds: 1 },
        },
      )
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
