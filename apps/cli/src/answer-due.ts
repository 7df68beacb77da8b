import { CliError } from './cli-error.ts'

// Longer than a busy control plane takes to take something on, and shorter than a person sits before nothing.
const shortestMs = 5_000
const longestMs = 30_000

/** What bears on how long the answer to a change is waited for. */
export interface DueFlags {
  idempotencyKey?: string
  /** How long the change itself may take. */
  timeout?: number
  dryRun?: boolean
}

/** Aborted where a change is not answered in time, which is not when it is made: that goes on. */
export function answerDue(flags: DueFlags): AbortSignal {
  const ms = Math.min(Math.max(flags.timeout ?? longestMs, shortestMs), longestMs)
  const controller = new AbortController()
  setTimeout(() => controller.abort(unanswered(ms, flags)), ms).unref()
  return controller.signal
}

const unanswered = (ms: number, flags: DueFlags): CliError =>
  new CliError('UNAVAILABLE', `no answer from the control plane within ${ms / 1_000} s`, {
    hint: flags.dryRun ? 'see what is the matter with "toygres doctor"' : inDoubt(flags),
  })

function inDoubt({ idempotencyKey, timeout }: DueFlags): string {
  const how = [
    timeout === undefined ? 'look before you ask again' : 'see with "toygres list"',
    ...(idempotencyKey === undefined
      ? []
      : [`run it again with the same --idempotency-key ${idempotencyKey}: it is done once`]),
  ]
  return `it may have been taken on all the same: ${how.join(', or ')}`
}
