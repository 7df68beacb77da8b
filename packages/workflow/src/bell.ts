/** Wakes whoever sleeps. A ring that comes while nobody waits is kept for the next wait. */
export class Bell {
  #rung = false
  #wake: (() => void) | null = null

  /** Whether somebody waits. */
  get waited(): boolean {
    return this.#wake !== null
  }

  readonly ring = (): void => {
    this.#rung = true
    this.#wake?.()
    this.#wake = null
  }

  /** Until it rings, or for `longestMs` milliseconds; with Infinity, until it rings. */
  async wait(longestMs: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = Number.isFinite(longestMs) ? setTimeout(resolve, longestMs) : undefined
      this.#wake = resolve
      await promise
      this.#wake = null
      clearTimeout(timer)
    }
    this.#rung = false
  }
}
