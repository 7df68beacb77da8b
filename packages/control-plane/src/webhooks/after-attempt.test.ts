import { hours, seconds } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { afterAttempt, pauseMs } from './after-attempt.ts'

const attempt = { status: 500, attempts: 1, failingForMs: null }

test.for([200, 202, 204, 299])('%i is delivered', (status) => {
  expect(afterAttempt({ ...attempt, status }, 0)).toEqual({ state: 'delivered' })
})

test.for([null, 199, 301, 302, 400, 401, 404, 429, 500, 503])('%s is tried again', (status) => {
  expect(afterAttempt({ ...attempt, status }, 0)).toEqual({ state: 'pending', retryAfterMs: seconds(5) })
})

test('each attempt waits longer than the one before, until it is given up after two days', () => {
  let [before, total, attempts] = [0, 0, 1]
  for (; ; attempts++) {
    const verdict = afterAttempt({ ...attempt, attempts }, 0)
    if (verdict.state !== 'pending') break
    expect(verdict.retryAfterMs).toBeGreaterThan(before)
    before = verdict.retryAfterMs
    total += before
  }
  expect(attempts).toBe(12)
  expect(total).toBeGreaterThan(hours(47))
  expect(total).toBeLessThan(hours(49))
})

test('a quarter is added by chance', () => {
  expect(afterAttempt(attempt, 1)).toEqual({ state: 'pending', retryAfterMs: 6250 })
})

test('"gone" disables at once, five days without any success do as well', () => {
  expect(afterAttempt({ ...attempt, status: 410 }, 0)).toMatchObject({
    state: 'failed',
    disable: expect.stringContaining('410'),
  })
  expect(afterAttempt({ ...attempt, failingForMs: hours(119) }, 0)).not.toHaveProperty('disable')
  expect(afterAttempt({ ...attempt, failingForMs: hours(120) }, 0)).toMatchObject({
    disable: 'nothing has got through for 5 days',
  })
  expect(afterAttempt({ ...attempt, status: 200, failingForMs: hours(120) }, 0)).toEqual({
    state: 'delivered',
  })
})

test('a webhook that fails again and again is left alone, longer each time, for a minute at most', () => {
  expect([1, 4, 5, 6, 7, 10, 11, 12, 5000].map(pauseMs)).toEqual([0, 0, 1, 2, 4, 32, 60, 60, 60].map(seconds))
})
