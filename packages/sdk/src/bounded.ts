const longestTimerMs = 2 ** 31 - 1

export interface Bounded {
  readonly signal: AbortSignal
  /** Whether it was the time that ended it. */
  readonly expired: boolean
  /** Forgets the time, and with it the last hold on the process. */
  stopClock(): void
  release(): void
}

/** A signal that follows another and is also aborted after so long. (`AbortSignal.any` is not in every Node 20.) */
export function bounded(outer: AbortSignal | undefined, timeoutMs: number): Bounded {
  const controller = new AbortController()
  let expired = false
  const timer = setTimeout(
    () => {
      expired = true
      controller.abort()
    },
    Math.min(timeoutMs, longestTimerMs),
  )
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted) follow()
  else outer?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    get expired() {
      return expired
    },
    stopClock: () => clearTimeout(timer),
    release() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', follow)
    },
  }
}
