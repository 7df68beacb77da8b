/** A signal that follows another, and is aborted by a `TimeoutError` when its time is up. */
export interface BoundedSignal {
  readonly signal: AbortSignal
  /** For its user to leave before the time is up. */
  abort(): void
  /** Forgets the time, and lets go of all that waits for it: whatever it was for has ended. */
  release(): void
}

/** Node keeps what `AbortSignal.any` makes with an `AbortSignal.timeout` until that time is up, however soon the call has ended. */
export function boundedSignal(outer: AbortSignal, timeoutMs: number): BoundedSignal {
  const controller = new AbortController()
  const follow = () => controller.abort(outer.reason)
  const timer = setTimeout(
    () => controller.abort(new DOMException('The time is up', 'TimeoutError')),
    timeoutMs,
  )
  if (outer.aborted) follow()
  else outer.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    release() {
      clearTimeout(timer)
      outer.removeEventListener('abort', follow)
    },
  }
}
