const againAfterMs = 60_000

/**
 * Which answers to what anybody may ask are written down: each that differs from the one before it, and one in a minute. Nobody
 * without a key is to fill the log.
 */
export class News {
  readonly #now: () => number
  readonly #written = new Map<string, { readonly answer: string; readonly at: number }>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether to write it down, which is taken for done. */
  isNews(path: string, data: unknown): boolean {
    const [answer, at] = [JSON.stringify(data), this.#now()]
    const last = this.#written.get(path)
    if (last?.answer === answer && at - last.at < againAfterMs) return false
    this.#written.set(path, { answer, at })
    return true
  }
}
