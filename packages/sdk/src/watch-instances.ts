import { delayMs, pause } from './backoff.ts'
import { mayResume, openStream } from './event-stream.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, InstanceChange } from './types.ts'

/** How to watch the instances. */
export interface WatchInstancesOptions extends CallOptions {
  /** Is told when a connection is there, and when it is lost and the next one is tried. */
  onConnection?: ((connected: boolean) => void) | undefined
}

/** Changes of instances, none lost: after an interruption it goes on where it was, or says `reset`. */
export async function* watchInstances(
  transport: Transport,
  { signal, onConnection }: WatchInstancesOptions = {},
): AsyncGenerator<InstanceChange, void> {
  let lastEventId: string | undefined
  let failures = 0
  // A stream that was there has not failed: it ends now and then, also where nothing changes.
  const onOpen = () => {
    failures = 0
    onConnection?.(true)
  }
  for (;;) {
    try {
      for await (const change of openStream(
        transport,
        'instances.watch',
        { lastEventId },
        { signal, onOpen },
      )) {
        lastEventId = change.position
        yield change
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (!mayResume(error, failures + 1, true)) throw error
      onConnection?.(false)
    }
    await pause(delayMs(++failures), signal)
  }
}
