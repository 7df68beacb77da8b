import { bounded } from './bounded.ts'
import { unanswered } from './error-from.ts'
import { InternalError, RateLimitedError, type ToygresError, UnavailableError } from './errors.ts'
import type { Input, Output, ProcedureName, Transport } from './transport.ts'

const openWithinMs = 30_000
const maxFailures = 4

interface StreamBounds {
  signal: AbortSignal | undefined
  /** The control plane has answered. */
  onOpen: () => void
  /** How long it may take for that, at most. */
  withinMs?: number
}

/** One connection to a stream. Ends when the control plane says that it was all; throws when cut. */
export async function* openStream<Name extends ProcedureName>(
  transport: Transport,
  name: Name,
  input: Input<Name>,
  { signal, onOpen, withinMs = Infinity }: StreamBounds,
): AsyncGenerator<Output<Name>, void> {
  signal?.throwIfAborted()
  const openMs = Math.min(withinMs, openWithinMs)
  const opening = bounded(signal, openMs)
  try {
    const events = await transport.open(name, input, opening.signal).catch((error: unknown) => {
      throw opening.expired ? unanswered(transport.url, openMs, error) : error
    })
    opening.stopClock()
    onOpen()
    yield* events
  } finally {
    opening.release()
  }
}

/** Whether a stream that ended like this is opened again: always by who is patient, else after a few failures in a row at most. */
export function mayResume(error: unknown, failures: number, patient: boolean): error is ToygresError {
  if (error instanceof UnavailableError || error instanceof RateLimitedError)
    return patient || failures < maxFailures
  return error instanceof InternalError && failures < maxFailures
}
