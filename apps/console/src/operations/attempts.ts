import type { OperationEvent } from '@toygres/sdk'

/** One that failed. */
export interface FailedAttempt {
  readonly number: number
  readonly at: Date
  /** From its beginning, what it polled included; null where the control plane did not tell of durations yet. */
  readonly durationMs: number | null
  readonly code: string | null
  readonly message: string | null
}

/** What went wrong at a step before it went well or was given up, in this try of the operation; not what did at its undo. */
export function failedAttempts(events: readonly OperationEvent[], step: string): FailedAttempt[] {
  const retried = events.findLastIndex(({ step: of, code }) => of === null && code === 'RETRIED')
  const own = events.slice(retried + 1).filter((event) => event.step === step)
  const ended = own.findIndex(({ state }) => state === 'succeeded' || state === 'failed')
  const forward = ended === -1 ? own : own.slice(0, ended + 1)
  const attempts: FailedAttempt[] = []
  let beganAt: number | null = null
  for (const { state, at, code, message, durationMs } of forward) {
    // The first thing that is told of an attempt is the end of its first execution; by a control plane of before, no duration.
    beganAt ??= durationMs == null ? null : at.getTime() - durationMs
    if (state !== 'retrying' && state !== 'failed') continue
    const took = beganAt === null ? null : at.getTime() - beganAt
    attempts.push({ number: attempts.length + 1, at, durationMs: took, code, message })
    beganAt = null
  }
  return attempts
}
