import type { OperationEvent } from '@toygres/sdk'

/** One that failed. */
export interface FailedAttempt {
  readonly number: number
  readonly at: Date
  /** Since the step began, or since the attempt before failed: the pause between them is in it. */
  readonly afterMs: number
  readonly code: string | null
  readonly message: string | null
}

/** What went wrong at a step before it went well or was given up, in this try of the operation; not what did at its undo. */
export function failedAttempts(
  events: readonly OperationEvent[],
  step: string,
  startedAt: Date,
): FailedAttempt[] {
  const retried = events.findLastIndex(({ step: of, code }) => of === null && code === 'RETRIED')
  const own = events.slice(retried + 1).filter((event) => event.step === step)
  const ended = own.findIndex(({ state }) => state === 'succeeded' || state === 'failed')
  const forward = ended === -1 ? own : own.slice(0, ended + 1)
  const failed = forward.filter(({ state }) => state === 'retrying' || state === 'failed')
  let before = Math.max(startedAt.getTime(), events[retried]?.at.getTime() ?? 0)
  return failed.map(({ at, code, message }, index) => {
    const afterMs = at.getTime() - before
    before = at.getTime()
    return { number: index + 1, at, afterMs, code, message }
  })
}
