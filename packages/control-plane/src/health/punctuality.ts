/** How late checks begin, and how many there were: what operators see of the monitor, once a minute. */
export class Punctuality {
  #lateMs: number[] = []
  #afterSilence: number[] = []
  #failed = 0

  began(lateMs: number, { afterSilence }: { readonly afterSilence: boolean }): void {
    if (afterSilence) this.#afterSilence.push(lateMs)
    else this.#lateMs.push(lateMs)
  }

  failed(): void {
    this.#failed++
  }

  /** What was counted since the last time; null when there was nothing. */
  report(): PunctualityReport | null {
    const [ordinary, afterSilence] = [this.#lateMs, this.#afterSilence]
    const checks = ordinary.length + afterSilence.length
    const failed = this.#failed
    this.#lateMs = []
    this.#afterSilence = []
    this.#failed = 0
    if (checks === 0) return null
    return {
      checks,
      failed,
      lateMs: latenessOf(ordinary),
      ...(afterSilence.length > 0 && { lateAfterSilenceMs: latenessOf(afterSilence) }),
    }
  }
}

function latenessOf(lateMs: readonly number[]): Lateness {
  const sorted = lateMs.toSorted((a, b) => a - b)
  const rank = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) }
}

interface Lateness {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface PunctualityReport {
  readonly checks: number
  readonly failed: number
  readonly lateMs: Lateness
  /** Of those whose instance had not answered the check before: they wait for each other, and for none else. */
  readonly lateAfterSilenceMs?: Lateness
}
