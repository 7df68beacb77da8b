import { delayMs, pause } from './backoff.ts'
import { bounded } from './bounded.ts'
import { unanswered } from './error-from.ts'
import { ToygresError } from './errors.ts'
import { procedures } from './generated/procedures.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import type { Input, Output, ProcedureName, Transport } from './transport.ts'

const maxAttempts = 4
const attemptTimeoutMs = 30_000

/** Who is told to come back later than this is told so: the caller knows better whether to wait for that long. */
const longestAskedWaitMs = 30_000

export interface CallBounds {
  signal?: AbortSignal | undefined
  /** Sent with changes; one is made up where none is given. */
  idempotencyKey?: string | undefined
  /** Goes on until the signal says stop, not only a few times, nor only for the time of a read. */
  patient?: boolean
  /** After so long also who is patient has failed. */
  withinMs?: number
  /** How long the control plane may take over it by design. */
  takesMs?: number
}

/**
 * Makes a call, and makes it again after a network failure or when the control plane cannot do it just now: always for a query, for
 * a change only if its idempotency key makes that safe.
 */
export async function call<Name extends ProcedureName>(
  transport: Transport,
  name: Name,
  input: Input<Name>,
  { signal, idempotencyKey, patient = false, withinMs = Infinity, takesMs = 0 }: CallBounds = {},
): Promise<Output<Name>> {
  const keyed = procedures[name] === 'keyed'
  const request = keyed ? { ...input, idempotencyKey: idempotencyKey ?? newIdempotencyKey() } : input
  const isRead = procedures[name] === 'query'
  const repeatable = keyed || isRead
  const began = performance.now()
  let until = began + (isRead && !patient ? transport.readTimeoutMs + takesMs : withinMs)
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted()
    const timeoutMs = Math.ceil(Math.min(attemptTimeoutMs + takesMs, Math.max(1, until - performance.now())))
    const attempt = bounded(signal, timeoutMs)
    let error: unknown
    try {
      return await transport.send(name, request, { signal: attempt.signal, timeoutMs })
    } catch (thrown) {
      signal?.throwIfAborted()
      error = attempt.expired
        ? unanswered(transport.url, Math.min(performance.now(), until) - began, thrown)
        : thrown
    } finally {
      attempt.release()
    }
    if (!repeatable || !mayPass(error) || !(patient || failures < maxAttempts)) throw error
    const pauseMs = Math.max(delayMs(failures), error.retryAfterMs ?? 0)
    // Who is asked to wait has an answer.
    if (error.retryAfterMs !== undefined && !patient) until += pauseMs
    if (performance.now() + pauseMs >= until) throw error
    await pause(pauseMs, signal)
  }
}

/** Whether the same request is worth sending again by itself, soon. */
function mayPass(error: unknown): error is ToygresError {
  return (
    error instanceof ToygresError && isPassing(error.code) && (error.retryAfterMs ?? 0) <= longestAskedWaitMs
  )
}

function isPassing(code: string): boolean {
  return code === 'UNAVAILABLE' || code === 'RATE_LIMITED' || code === 'IDEMPOTENCY_KEY_IN_PROGRESS'
}
