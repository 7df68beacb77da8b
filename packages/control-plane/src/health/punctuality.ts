/** How late checks begin, and how many there were: what operators see of the monitor, once a minute. */
export class Punctuality {
  #lateMs: number[] = []
  #failed = 0

  began(lateMs: number): void {
    this.#lateMs.push(lateMs)
  }

  failed(): void {
    this.#failed++
  }

  /** What was counted since the last time; null when there was nothing. */
  report(): PunctualityReport | null {
    const sorted = this.#lateMs.toSorted((a, b) => a - b)
    const failed = this.#failed
    this.#lateMs = []
    this.#failed = 0
    const rank = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
    if (sorted.length === 0) return null
    return { checks: sorted.length, failed, lateMs: { p50: rank(0.5), p99: rank(0.99), max: rank(1) } }
  }
}

export interface PunctualityReport {
  readonly checks: number
  readonly failed: number
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number }
}
