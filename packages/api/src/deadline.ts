import { ToygresError } from '@toygres/schema'
import { boundedSignal, type BoundedSignal } from './bounded-signal.ts'

/** Longer than any call takes. */
const mostSeconds = 600

const seconds = /^\d{1,3}(\.\d{1,3})?$/

/** For how long a call is waited for. */
export type Deadline = Pick<BoundedSignal, 'signal' | 'release'>

/**
 * Aborted when the caller has gone, and when the time is up that it gave in `X-Request-Timeout`, in seconds.
 * @throws {ToygresError} INVALID_INPUT
 */
export function deadlineOf(request: Request): Deadline {
  const given = request.headers.get('x-request-timeout')
  if (given === null) return { signal: request.signal, release: () => {} }
  const timeout = seconds.test(given) ? Number(given) : 0
  if (timeout <= 0 || timeout > mostSeconds)
    throw new ToygresError(
      'INVALID_INPUT',
      `X-Request-Timeout must be a number of seconds, more than 0 and ${mostSeconds} at most, for example 2.5`,
    )
  return boundedSignal(request.signal, timeout * 1000)
}

/** Whether it was aborted because the time is up, and not because the caller has gone. */
export function hasTimedOut({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}
