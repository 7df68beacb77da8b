import { seconds } from '@toygres/workflow'

/*
 * Within one interval of its loss, every instance has a check again: a check is asked for at most two fifths of an interval,
 * counts as lost after seven tenths, and is looked for ten times an interval.
 */

/** For connection, login and questions together. */
export const longestProbeMs = seconds(4)
export const probeTimeoutMs = (intervalMs: number): number => Math.min(longestProbeMs, intervalMs * 0.4)

/**
 * A check that is under way for longer than this has lost its worker: none takes as long, be it that it waits for its turn, has
 * no answer, and is recorded with many others.
 */
export const lostAfter = { intervals: 0.7, mostMs: seconds(10) } as const

/** How often lost checks are looked for where this is the shortest interval of all. */
export const sweepEveryMs = (shortestIntervalMs: number): number =>
  Math.min(seconds(5), shortestIntervalMs / 10)
