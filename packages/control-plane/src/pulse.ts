import { seconds } from '@toygres/workflow'
import { within } from './within.ts'

/** What anybody may ask as often as they like is asked of the database this often. */
const freshMs = seconds(1)
/** A database that says nothing for so long does not answer. */
const patienceMs = seconds(2)

/** Whether the metadata database answers: it is asked once a second at most, for all who want to know. */
export class Pulse {
  readonly #ask: () => PromiseLike<unknown>
  readonly #now: () => number
  #askedAt = -Infinity
  #isAsking = false
  #answer: Promise<boolean> = Promise.resolve(false)

  constructor(ask: () => PromiseLike<unknown>, now: () => number = () => performance.now()) {
    this.#ask = ask
    this.#now = now
  }

  answers(): Promise<boolean> {
    const now = this.#now()
    // One question that hangs is enough.
    if (this.#isAsking || now - this.#askedAt < freshMs) return this.#answer
    this.#askedAt = now
    this.#isAsking = true
    const asked = Promise.resolve(this.#ask()).finally(() => (this.#isAsking = false))
    this.#answer = within(patienceMs, asked).then(
      () => true,
      () => false,
    )
    return this.#answer
  }
}
