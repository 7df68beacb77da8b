import { seconds } from '@toygres/workflow'

/** What anybody may ask as often as they like is asked of the database this often. */
const freshMs = seconds(1)

/** Whether the metadata database answers: it is asked once a second at most, for all who want to know. */
export class Pulse {
  readonly #ask: () => PromiseLike<unknown>
  readonly #now: () => number
  #askedAt = -Infinity
  #answer: Promise<boolean> = Promise.resolve(false)

  constructor(ask: () => PromiseLike<unknown>, now: () => number = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  answers(): Promise<boolean> {
    const now = this.#now()
    if (now - this.#askedAt < freshMs) return this.#answer
    this.#askedAt = now
    this.#answer = Promise.resolve(this.#ask()).then(
      () => true,
      () => false,
    )
    return this.#answer
  }
}
