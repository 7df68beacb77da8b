import { ToygresError } from '@toygres/schema'

/** Each stream holds a connection and a watcher for as long as it is read. */
const mostStreams = 4_000

/** So that one caller leaves room for others. */
const mostOfOneCaller = 2_000

/** Bounds how many streams, and calls that wait for something, one process carries at once, and how many of them for one caller. */
export class StreamSlots {
  readonly #most: number
  readonly #mostOfOne: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor({ most = mostStreams, ofOne = mostOfOneCaller } = {}) {
    this.#most = most
    this.#mostOfOne = ofOne
  }

  /** The same stream, in a slot until it ends or its reader leaves. */
  async *carry<Event>(caller: string, stream: AsyncIterable<Event>): AsyncGenerator<Event, void> {
    const leave = this.#take(caller)
    try {
      yield* stream
    } finally {
      leave()
    }
  }

  /** What is answered late, in a slot until it is. */
  async hold<Answer>(caller: string, wait: () => Promise<Answer>): Promise<Answer> {
    const leave = this.#take(caller)
    try {
      return await wait()
    } finally {
      leave()
    }
  }

  /** @throws {ToygresError} UNAVAILABLE when there is none */
  #take(caller: string): () => void {
    const theirs = this.#taken.get(caller) ?? 0
    if (this.#total >= this.#most || theirs >= this.#mostOfOne)
      throw new ToygresError('UNAVAILABLE', 'too many streams are open: try again in a while', {
        details: { retryAfterSeconds: 1 },
      })
    this.#count(caller, 1)
    return () => this.#count(caller, -1)
  }

  #count(caller: string, change: number): void {
    this.#total += change
    const now = (this.#taken.get(caller) ?? 0) + change
    if (now === 0) this.#taken.delete(caller)
    else this.#taken.set(caller, now)
  }
}
