import { abandoned } from '@toygres/control-plane'
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
  readonly #waiting = new Set<() => void>()

  constructor({ atOnce, mostWaiting }: LineOptions) {
    this.#mostWaiting = mostWaiting
    this.#free = atOnce
  }

  /**
   * @param leaving ends the waiting, not the work
   * @throws {ToygresError} RATE_LIMITED when too many wait already; DEADLINE_EXCEEDED and CALLER_GONE
   */
  async run<T>(work: () => Promise<T>, leaving?: AbortSignal): Promise<T> {
    if (leaving?.aborted) throw abandoned(leaving)
    if (this.#free > 0) this.#free--
    else await this.#turn(leaving)
    try {
      return await work()
    } finally {
      this.#next()
    }
  }

  #turn(leaving?: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#mostWaiting)
      throw new ToygresError(
        'RATE_LIMITED',
        'too many calls wait to be let in: send this one again after 1 s',
        {
          details: { retryAfterSeconds: 1 },
        },
      )
    const waiting = this.#waiting
    return new Promise((resolve, reject) => {
      const begin = () => {
        leaving?.removeEventListener('abort', leave)
        resolve()
      }
      waiting.add(begin)
      function leave(this: AbortSignal) {
        waiting.delete(begin)
        reject(abandoned(this))
      }
      leaving?.addEventListener('abort', leave, { once: true })
    })
  }

  #next(): void {
    const [next] = this.#waiting
    if (next === undefined) return void this.#free++
    this.#waiting.delete(next)
    next()
  }
}
