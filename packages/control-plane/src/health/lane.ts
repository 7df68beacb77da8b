export interface LaneOptions {
  readonly atOnce: number
  /** A work that has not ended after this long lets another begin, and goes on beside it. */
  readonly holdMs: number
  /** Works that may wait for their turn. */
  readonly mostWaiting: number
}

/**
 * Lets so many works begin at once; the others wait their turn. Checks that all begin together share the processor, and beyond
 * some number none of them would end in time: instances would be called unhealthy for our own haste. One that has no answer
 * after a moment costs time and nothing else, so it does not stand in the way of those that are answered.
 */
export class Lane {
  readonly #options: LaneOptions
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(options: LaneOptions) {
    this.#options = options
    this.#free = options.atOnce
  }

  /** Works that may come now: none of them waits for longer than those that may wait need to begin. */
  get room(): number {
    return this.#free + Math.max(0, this.#options.mostWaiting - this.#waiting.length)
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let held = true
    const release = () => {
      if (held) this.#next()
      held = false
    }
    const timer = setTimeout(release, this.#options.holdMs)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      release()
    }
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
