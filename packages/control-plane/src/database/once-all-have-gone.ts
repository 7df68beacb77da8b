/** What ends within this time needs nobody to watch whether it is still waited for. */
const graceMs = 50

/** A signal that is aborted once all of these are, for as long as it is not disposed of. */
export function onceAllHaveGone(
  signals: readonly AbortSignal[],
): Disposable & { readonly signal: AbortSignal } {
  const all = new AbortController()
  let waiting = signals.length
  const leave = () => {
    waiting--
    if (waiting === 0) all.abort()
  }
  let watched: readonly AbortSignal[] = []
  const timer = setTimeout(() => {
    watched = signals
    for (const signal of watched)
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
  }, graceMs)
  const dispose = () => {
    clearTimeout(timer)
    for (const signal of watched) signal.removeEventListener('abort', leave)
  }
  return { signal: all.signal, [Symbol.dispose]: dispose }
}
