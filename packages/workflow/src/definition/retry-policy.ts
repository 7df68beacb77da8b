import { minutes, seconds } from './duration.ts'

/** How often a step is tried, and how long it rests in between. */
export interface RetryPolicy {
  /** Executions in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubles from there. */
  readonly firstDelay: number
  /** Milliseconds at most. */
  readonly longestDelay: number
}

export const defaultRetry: RetryPolicy = { attempts: 5, firstDelay: 200, longestDelay: seconds(30) }

/** An undo is worth more patience: what it leaves behind, somebody has to clear up. */
export const undoRetry: RetryPolicy = { attempts: 10, firstDelay: 200, longestDelay: minutes(1) }

/** How long an undo may ask to run again without progress, where its step says nothing of it. */
export const undoDeadlineMs = minutes(10)

/** The rest after `attempt` failed executions: exponential, with up to a quarter of jitter against herds. */
export function delayAfter(attempt: number, policy: RetryPolicy, random: () => number = Math.random): number {
  const exponential = Math.min(policy.firstDelay * 2 ** Math.min(attempt - 1, 30), policy.longestDelay)
  return Math.round(exponential * (1 - random() / 4))
}
