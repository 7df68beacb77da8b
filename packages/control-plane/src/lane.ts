export interface LaneOptions {
  readonly atOnce: number
  /** A work that has not ended after this long lets another begin, and goes on beside it. */
  readonly holdMs: number
}

/** A process that comes so much too late to what is due has more to do than it can. */
const lateMs = 50

/**
 * Lets so many works begin at once; the others wait their turn. Those that all begin together share the processor, and beyond
 * some number none of them would end in time. One that has no answer after a moment costs time and nothing else, so it does not
 * stand in the way of those that are answered.
 */
export class Lane {
  readonly #holdMs: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor({ atOnce, holdMs }: LaneOptions) {
    this.#holdMs = holdMs
    this.#free = atOnce
  }

  /** Works that would begin at once. */
  get free(): number {
    return this.#free
  }

  get waiting(): number {
    return this.#waiting.length
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let held = true
    const release = () => {
      if (held) this.#next()
      held = false
    }
    let timer: NodeJS.Timeout | undefined
    const hold = () => {
      const due = performance.now() + this.#holdMs
      // Where we are late ourselves, silence says nothing of who is asked: one more would make all of them later.
      timer = setTimeout(() => (performance.now() > due + lateMs ? hold() : release()), this.#holdMs)
    }
    hold()
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
