import { delayMs, pause } from './backoff.ts'
import { mayResume, openStream } from './event-stream.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, InstanceChange } from './types.ts'

/** How to watch the instances. */
export interface WatchInstancesOptions extends CallOptions {
  /** Is told when a connection is there, and when it is lost and the next one is tried. */
  onConnection?: ((connected: boolean) => void) | undefined
}

/** A connection that was there for so long has not failed: it ends now and then, also where nothing changes. */
const soundMs = 5_000

/** Changes of instances, none lost: after an interruption it goes on where it was, or says `reset`. */
export async function* watchInstances(
  transport: Transport,
  { signal, onConnection }: WatchInstancesOptions = {},
): AsyncGenerator<InstanceChange, void> {
  let lastEventId: string | undefined
  let failures = 0
  for (;;) {
    // That it was opened says little: what fails at once does so after its headers.
    let openedAt = Infinity
    const onOpen = () => {
      openedAt = performance.now()
      onConnection?.(true)
    }
    const noteSound = () => {
      if (performance.now() - openedAt >= soundMs) failures = 0
    }
    try {
      for await (const change of openStream(
        transport,
        'instances.watch',
        { lastEventId },
        { signal, onOpen },
      )) {
        lastEventId = change.position
        failures = 0
        yield change
      }
      noteSound()
    } catch (error) {
      signal?.throwIfAborted()
      noteSound()
      if (!mayResume(error, failures + 1, true)) throw error
      onConnection?.(false)
    }
    await pause(delayMs(++failures), signal)
  }
}
