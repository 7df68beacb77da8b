import { ToygresError } from '@toygres/schema'

/** What becomes of a call whose caller has gone, or whose time is up. */
export function abandoned({ reason }: AbortSignal): ToygresError {
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError'
  return isLate
    ? new ToygresError(
        'DEADLINE_EXCEEDED',
        'the time that the caller gave for this call is over: give it more; a change that is sent again with its idempotency key is made once',
      )
    : new ToygresError('CALLER_GONE', 'the caller has closed the connection: nobody waits for an answer')
}
