import { delayMs, pause } from './backoff.ts'
import { errorFrom, unreachable } from './error-from.ts'
import { UnavailableError } from './errors.ts'
import type { Rpc, Transport } from './transport.ts'

const maxAttempts = 4
const attemptTimeoutMs = 30_000

export interface CallBounds {
  signal?: AbortSignal | undefined
  /** Goes on until the signal says stop, not only a few times. */
  patient?: boolean
  /** Is not safe to repeat. */
  once?: boolean
}

/**
 * Makes a call, and makes it again after a network failure or when the control plane cannot work just now. Whatever
 * is called this way must be safe to repeat, a query or a mutation with an idempotency key; or say `once`.
 */
export async function call<Answer>(
  { rpc, url }: Transport,
  attempt: (rpc: Rpc, options: { signal: AbortSignal }) => Promise<Answer>,
  { signal, patient = false, once = false }: CallBounds = {},
): Promise<Answer> {
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted()
    const timeout = AbortSignal.timeout(attemptTimeoutMs)
    try {
      return await attempt(rpc, {
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      })
    } catch (thrown) {
      signal?.throwIfAborted()
      const error = timeout.aborted ? unreachable(url, timeout.reason) : errorFrom(thrown, url)
      const again = !once && error instanceof UnavailableError && (patient || failures < maxAttempts)
      if (!again) throw error
    }
    await pause(delayMs(failures), signal)
  }
}
