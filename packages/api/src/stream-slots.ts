import { ToygresError } from '@toygres/schema'

/** Each stream holds a connection, and what it watches, for as long as its reader stays. */
const maxStreams = 1_000

/** Bounds how many event streams one process carries at once. */
export class StreamSlots {
  readonly #max: number
  #taken = 0

  constructor(max = maxStreams) {
    this.#max = max
  }

  /** The same stream, in a slot until it ends or its reader leaves. */
  async *carry<Event>(stream: AsyncIterable<Event>): AsyncGenerator<Event, void> {
    if (this.#taken >= this.#max)
      throw new ToygresError('UNAVAILABLE', 'too many streams are open: try again in a while')
    this.#taken++
    try {
      yield* stream
    } finally {
      this.#taken--
    }
  }
}
