import { delayMs, pause } from './backoff.ts'
import { mayResume, openStream } from './event-stream.ts'
import type { ReadLogs } from './generated/types.ts'
import type { Transport } from './transport.ts'
import type { LogLine, LogOptions } from './types.ts'

/** The lines of a log, none lost or repeated; resumes after the last one that it has seen when the network fails. */
export async function* readLog(
  transport: Transport,
  id: string,
  { tailLines, follow = false, signal }: LogOptions = {},
): AsyncGenerator<LogLine, void> {
  let request: ReadLogs = { id, tailLines, follow }
  let failures = 0
  let reached = false
  const onOpen = () => {
    reached = true
  }
  const until = performance.now() + transport.readTimeoutMs
  for (;;) {
    try {
      const bounds = { signal, onOpen, ...(!reached && { withinMs: until - performance.now() }) }
      for await (const line of openStream(transport, 'instances.logs', request, bounds)) {
        request = { id, follow, lastEventId: line.position }
        failures = 0
        yield line
      }
      // A log that is followed has no end: the control plane bounds how long a stream lasts.
      if (!follow) return
    } catch (error) {
      signal?.throwIfAborted()
      if (!mayResume(error, failures + 1, reached && follow)) throw error
      if (!reached && performance.now() >= until) throw error
    }
    await pause(delayMs(++failures), signal)
  }
}
