import { errorFrom, unreachable } from './error-from.ts'
import type { Transport } from './transport.ts'
import type { OperationEvent } from './types.ts'

const openWithinMs = 30_000

/** A reader that lags this far behind loses its connection, not an event: it resumes after what it has read. */
const maxUnread = 1_000

export interface EventStreamOptions {
  id: string
  afterSeq: number
  signal?: AbortSignal | undefined
  /** The control plane has answered. */
  onOpen: () => void
}

/** One connection to the events of an operation. Ends when the control plane says that it was all; throws when cut. */
export async function* openEventStream(
  { rpc, url }: Transport,
  { id, afterSeq, signal, onOpen }: EventStreamOptions,
): AsyncGenerator<OperationEvent, void> {
  const unread: OperationEvent[] = []
  let end: { error?: unknown } | undefined
  let wake: (() => void) | undefined
  const finish = (how: { error?: unknown }) => {
    end ??= how
    wake?.()
  }
  const cut = (error?: unknown) =>
    finish({ error: error === undefined ? unreachable(url) : errorFrom(error, url) })

  const opening = setTimeout(cut, openWithinMs)
  const subscription = rpc.operations.watch.subscribe(
    { id, lastEventId: String(afterSeq) },
    {
      onStarted: () => {
        clearTimeout(opening)
        onOpen()
      },
      onData: ({ data }) => {
        unread.push(data)
        if (unread.length === maxUnread) cut()
        wake?.()
      },
      // An error while it connects again: this connection is over, and `watchOperation` decides when the next begins.
      onConnectionStateChange: ({ error }) => {
        if (error !== null) cut(error)
      },
      onError: cut,
      onComplete: () => finish({}),
    },
  )
  const stop = () => finish({ error: signal?.reason })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for (;;) {
      signal?.throwIfAborted()
      const event = unread.shift()
      if (event !== undefined) yield event
      else if (end === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else if ('error' in end) throw end.error
      else return
    }
  } finally {
    clearTimeout(opening)
    signal?.removeEventListener('abort', stop)
    subscription.unsubscribe()
  }
}
