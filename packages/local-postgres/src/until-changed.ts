import { type FSWatcher, watch } from 'node:fs'

export interface UntilChangedOptions {
  /** Gives up after this long. */
  readonly timeoutMs: number
  /** Asks again after this long even if nothing was heard: a killed process changes no file. */
  readonly recheckMs: number
  /** Wakes once when it settles. */
  readonly or?: Promise<unknown>
  readonly signal?: AbortSignal | undefined
}

/** The first answer of `check` that is not null, asked whenever something in `directory` changes; null after the timeout. */
export async function untilChanged<T>(
  directory: string,
  check: () => Promise<T | null>,
  { timeoutMs, recheckMs, or, signal }: UntilChangedOptions,
): Promise<T | null> {
  const deadline = performance.now() + timeoutMs
  const watcher = watchIfThere(directory)
  let wake = () => {}
  let timer: NodeJS.Timeout | undefined
  const wakeUp = () => wake()
  watcher?.on('change', wakeUp)
  // The directory may vanish under the watch; the timer carries on.
  watcher?.on('error', () => watcher.close())
  signal?.addEventListener('abort', wakeUp)
  void or?.then(wakeUp, wakeUp)
  try {
    for (;;) {
      signal?.throwIfAborted()
      // Set up before the question is asked, so that a change during it is not missed.
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const answer = await check()
      if (answer !== null) return answer
      const left = deadline - performance.now()
      if (left <= 0) return null
      timer = setTimeout(wakeUp, Math.min(left, recheckMs))
      await woken
      clearTimeout(timer)
    }
  } finally {
    clearTimeout(timer)
    watcher?.close()
    signal?.removeEventListener('abort', wakeUp)
  }
}

function watchIfThere(directory: string): FSWatcher | undefined {
  try {
    return watch(directory)
  } catch {
    return undefined
  }
}
