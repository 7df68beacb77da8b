import { ProviderError, type ProviderErrorCode } from '@toygres/providers'
import { again, minutes, seconds, type Again } from '@toygres/workflow'
import { MetadataUnavailable } from '../database/away.ts'

/** Milliseconds for which a call bears a place that does not answer. Short, since its step then says so and comes back. */
export const patienceMs = seconds(3)

/** A namespace that is being removed takes as long as what is in it: like an outage, that passes by itself. */
const passing: readonly string[] = ['CLUSTER_UNAVAILABLE', 'BEING_REMOVED'] satisfies ProviderErrorCode[]

const isOutage = (error: unknown): error is Error =>
  error instanceof MetadataUnavailable || (error instanceof ProviderError && passing.includes(error.code))

/** At least, and at most: a step that is asked to wait for longer than it may take would give up. */
const waits = { leastMs: seconds(1), mostMs: minutes(1) } as const

/** As long as the place asks to be left alone: a crowd of operations that comes back sooner keeps it busy. */
function waitMs(error: Error): number {
  const asked = error instanceof ProviderError ? (error.retryAfterMs ?? 0) : 0
  return Math.min(Math.max(asked, waits.leastMs), waits.mostMs)
}

/**
 * A step that waits, and says for what, while the place where instances live, or the metadata database, does not answer or is not
 * free yet: an outage is none of its attempts. How long it waits is its deadline.
 */
export function bearingOutages<Context, Output>(step: (context: Context) => Promise<Output | Again>) {
  return async (context: Context): Promise<Output | Again> => {
    try {
      return await step(context)
    } catch (error) {
      if (!isOutage(error)) throw error
      // Nothing goes on without the metadata database: what the step had waited for before has all its time again.
      const progress = error instanceof MetadataUnavailable ? { progress: `since ${Date.now()}` } : {}
      return again({ after: waitMs(error), because: error.message, ...progress })
    }
  }
}
