import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { nextCheckAt, replacementAt } from './next-check.ts'

const start = new Date('2026-01-01T00:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
/** A third of an interval after those whose grid begins with the minute. */
const instanceId = '01981d3e-0000-7000-8000-000055555556'
const intervalMs = 30_000
const next = (ended: number, undecided = false) =>
  nextCheckAt({ instanceId, now: at(ended), intervalMs, undecided })

test('a check that takes a while does not shift the next one', () => {
  expect(next(10.1)).toEqual(at(40))
  expect(next(14)).toEqual(at(40))
})

test('one that comes late keeps to the grid, and makes up for none that was missed', () => {
  expect(next(41)).toEqual(at(70))
  expect(next(40)).toEqual(at(70))
  expect(next(86_400 + 17)).toEqual(at(86_440))
})

test('while the health is undecided the next one comes soon, and those after it keep to the grid', () => {
  expect(next(11, true)).toEqual(at(16))
  expect(next(38, true)).toEqual(at(40))
  expect(next(16)).toEqual(at(40))
})

test('the next one is never further away than the interval, wherever the clock was set to', () => {
  for (const seconds of [0, 9.999, 10, -86_400, 1e9]) {
    const away = next(seconds).getTime() - at(seconds).getTime()
    expect(away).toBeGreaterThan(0)
    expect(away).toBeLessThanOrEqual(intervalMs)
  }
})

test('checks of many that came to one moment are spread over the interval again, each where it was', () => {
  const ids = Array.from({ length: 3000 }, newId)
  const tenths = new Map<number, number>()
  for (const id of ids) {
    const checked = { instanceId: id, now: start, intervalMs, undecided: false }
    const away = nextCheckAt(checked).getTime() - start.getTime()
    const tenth = Math.min(Math.floor(away / (intervalMs / 10)), 9)
    tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1)
    expect(nextCheckAt({ ...checked, now: at(30) }).getTime() - at(30).getTime()).toBe(away)
  }
  expect(Math.max(...tenths.values())).toBeLessThan(2 * 300)
})

test('one that was lost is made up for on the grid, and within half a minute where checks are rare', () => {
  expect(replacementAt({ instanceId, now: at(11), intervalMs })).toEqual(at(40))
  const hourly = replacementAt({ instanceId, now: at(11), intervalMs: 3_600_000 })
  expect(hourly.getTime() - at(11).getTime()).toBeLessThanOrEqual(30_000)
})
