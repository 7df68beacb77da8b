const againAfterMs = 60_000

interface Written {
  readonly answer: string
  readonly at: number
  /** Since then. */
  leftOut: number
}

/**
 * Which answers to what anybody may ask are written down: each that differs from the one before it, and one in a minute. Nobody
 * without a key is to fill the log.
 */
export class News {
  readonly #now: () => number
  readonly #written = new Map<string, Written>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether to write it down, which is taken for done. */
  isNews(path: string, data: unknown): boolean {
    return this.leftOutBefore(path, data) !== null
  }

  /** The same, with how many were left out since the last that was written down; null for one that is left out, too. */
  leftOutBefore(path: string, data: unknown): number | null {
    const [answer, at] = [JSON.stringify(data), this.#now()]
    const last = this.#written.get(path)
    if (last?.answer === answer && at - last.at < againAfterMs) {
      last.leftOut++
      return null
    }
    this.#written.set(path, { answer, at, leftOut: 0 })
    return last?.leftOut ?? 0
  }
}
