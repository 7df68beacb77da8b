import { onceAllHaveGone } from './once-all-have-gone.ts'

/** Keys that one statement is asked for, at most. */
const mostAtOnce = 100

interface Asked<Key, Row> {
  readonly key: Key
  readonly signal: AbortSignal
  readonly resolve: (row: Row | undefined) => void
  readonly reject: (error: unknown) => void
}

/** Reads one row for each key, in their order; ends when the signal says so. */
export type ReadRows<Key, Row> = (
  keys: readonly Key[],
  signal: AbortSignal,
) => Promise<readonly (Row | undefined)[]>

/**
 * Reads of one row each, of which those that are asked for in the same turn of the event loop are made by one statement. Nothing is
 * kept for the next turn: who asks after a commit is told what it wrote. A statement that fails fails those who waited for it, and
 * one that nobody waits for any more is ended.
 */
export class GatheredReads<Key, Row> {
  readonly #read: ReadRows<Key, Row>
  #asked: Asked<Key, Row>[] = []

  constructor(read: ReadRows<Key, Row>) {
    this.#read = read
  }

  /** The row, or undefined where there is none. `signal` is aborted when its caller has gone. */
  ask(key: Key, signal: AbortSignal): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      this.#asked.push({ key, signal, resolve, reject })
      if (this.#asked.length === 1) setImmediate(() => this.#readAll())
    })
  }

  #readAll(): void {
    const asked = this.#asked
    this.#asked = []
    for (let from = 0; from < asked.length; from += mostAtOnce)
      void this.#answer(asked.slice(from, from + mostAtOnce))
  }

  async #answer(asked: readonly Asked<Key, Row>[]): Promise<void> {
    using gone = onceAllHaveGone(asked.map(({ signal }) => signal))
    try {
      const rows = await this.#read(
        asked.map(({ key }) => key),
        gone.signal,
      )
      for (const [n, { resolve }] of asked.entries()) resolve(rows[n])
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
