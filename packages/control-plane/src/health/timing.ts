import { seconds } from '@toygres/workflow'

/*
 * Within one interval of its loss, every instance has a check again: a check is asked for at most two fifths of an interval,
 * counts as lost after seven tenths, and is looked for ten times an interval at least.
 */

/** For connection, login and questions together. */
export const longestProbeMs = seconds(4)
export const probeTimeoutMs = (intervalMs: number): number => Math.min(longestProbeMs, intervalMs * 0.4)

/**
 * A check that is under way for longer than this has lost its worker: none takes as long, be it that it waits for its turn, has
 * no answer, and is recorded with many others.
 */
export const lostAfter = { intervals: 0.7, mostMs: seconds(10) } as const

export interface SweepPace {
  /** Of the instances that are checked at this interval at the shortest, up to the next pace. */
  readonly fromSeconds: number
  readonly everyMs: number
}

/**
 * How often lost checks are looked for: at least ten times in the shortest interval of each pace. Those that are checked rarely
 * are not looked at more often because others are not.
 */
export const sweepPaces = [
  { fromSeconds: 5, everyMs: 500 },
  { fromSeconds: 15, everyMs: 1500 },
  { fromSeconds: 30, everyMs: 3000 },
] as const satisfies readonly SweepPace[]

/** The pace at which instances of this interval are looked at. */
export const sweepPaceOf = (intervalMs: number): (typeof sweepPaces)[number] =>
  sweepPaces.findLast(({ fromSeconds }) => seconds(fromSeconds) <= intervalMs) ?? sweepPaces[0]
