import { expect, test } from 'vitest'
import { nextCheckAt } from './next-check.ts'

const start = new Date('2026-01-01T00:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const next = (ended: number, { undecided = false, dueAt = start } = {}) =>
  nextCheckAt({ dueAt, now: at(ended), intervalMs: 30_000, undecided })

test('a check that takes a while does not shift the next one', () => {
  expect(next(0.1)).toEqual(at(30))
  expect(next(4)).toEqual(at(30))
})

test('one that comes late keeps to the grid, and makes up for none that was missed', () => {
  expect(next(31)).toEqual(at(60))
  expect(next(30)).toEqual(at(60))
  expect(next(86_400 + 7)).toEqual(at(86_430))
})

test('while the health is undecided the next one comes soon', () => {
  expect(next(1, { undecided: true })).toEqual(at(6))
  expect(next(28, { undecided: true })).toEqual(at(30))
})

test('a due time from before the clock was set back does not put the next one off', () => {
  expect(next(0, { dueAt: at(86_400) })).toEqual(at(30))
})
