import { HealthCheckIntervalSeconds } from '@toygres/schema'
import { seconds } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { lostAfter, probeTimeoutMs, sweepPaceOf } from './timing.ts'

const intervals = [5, 6, 8, 10, 15, 30, 60, 3600].map((s) => seconds(HealthCheckIntervalSeconds.parse(s)))
const lostAfterMs = (intervalMs: number) => Math.min(lostAfter.mostMs, lostAfter.intervals * intervalMs)

test('a check that is lost is replaced within one interval, also where two processes take turns to look', () => {
  for (const interval of intervals)
    expect(lostAfterMs(interval) + 2 * sweepPaceOf(interval).everyMs).toBeLessThan(interval)
})

test('a check that has no answer has a second and a half to begin and to be recorded before it is taken for lost', () => {
  for (const interval of intervals)
    expect(lostAfterMs(interval) - probeTimeoutMs(interval)).toBeGreaterThanOrEqual(seconds(1.5))
})

test('an instance is looked at as often as its own interval wants it, whatever the others’ are', () => {
  for (const interval of intervals) {
    const { everyMs } = sweepPaceOf(interval)
    expect(interval / everyMs).toBeGreaterThanOrEqual(10)
    expect(everyMs).toBeGreaterThanOrEqual(Math.min(interval / 30, seconds(3)))
  }
})
