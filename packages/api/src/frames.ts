/** What is promised, or null when it is not there in time. */
export async function within<Value>(ms: number, promised: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)))
  try {
    return await Promise.race([promised, silence])
  } finally {
    clearTimeout(timer)
  }
}

/** Every event, and null after each while in which there was none: proxies cut streams that are silent. */
export async function* eventsAndSilences(
  events: AsyncIterator<unknown>,
  pingMs: number,
  first: Promise<IteratorResult<unknown>> = events.next(),
): AsyncGenerator<unknown, void> {
  try {
    for (let next = first; ; next = events.next()) {
      let result = await within(pingMs, next)
      while (result === null) {
        yield null
        result = await within(pingMs, next)
      }
      if (result.done === true) return
      yield result.value
    }
  } finally {
    // Also where its reader could not go on. Not waited for: it may be in the middle of a silence,
    // and nobody is left to hear how it ended.
    void events.return?.().catch(() => {})
  }
}

/** What is sent of a stream, as it is asked for; `leave` is called when its reader has gone. */
export function bytesOf(frames: AsyncGenerator<string, void>, leave: () => Promise<void>): ReadableStream {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await frames.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: leave,
  })
}
