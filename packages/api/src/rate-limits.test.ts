import { expect, test } from 'vitest'
import { RateLimiter } from './rate-limits.ts'

function limiter() {
  const clock = { now: 0 }
  return { clock, limiter: new RateLimiter({ burst: 3, perSecond: 2 }, () => clock.now) }
}

const refusal = (limiter: RateLimiter, caller = 'a'): unknown => {
  try {
    limiter.take(caller)
    return null
  } catch (error) {
    return error
  }
}

test('a burst passes, the call after it is refused, and told when to come again', () => {
  const { limiter: limit, clock } = limiter()
  for (let call = 0; call < 3; call++) expect(refusal(limit)).toBeNull()
  expect(refusal(limit)).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 1 } })
  clock.now = 499
  expect(refusal(limit)).not.toBeNull()
  clock.now = 1000
  expect(refusal(limit)).toBeNull()
  expect(refusal(limit)).toBeNull()
  expect(refusal(limit)).not.toBeNull()
})

test('a caller that was away for long has no more than a burst', () => {
  const { limiter: limit, clock } = limiter()
  limit.take('a')
  clock.now = 3_600_000
  for (let call = 0; call < 3; call++) expect(refusal(limit)).toBeNull()
  expect(refusal(limit)).not.toBeNull()
})

test('callers do not take from each other', () => {
  const { limiter: limit } = limiter()
  while (refusal(limit, 'loud') === null);
  expect(refusal(limit, 'quiet')).toBeNull()
})

test('what is given back can be taken again, and is no more than a burst', () => {
  const { limiter: limit } = limiter()
  limit.take('a')
  limit.giveBack('a')
  limit.giveBack('a')
  for (let call = 0; call < 3; call++) expect(limit.takesFrom('a')).toBe(true)
  expect(limit.takesFrom('a')).toBe(false)
})

test('however many callers there were, few are remembered', () => {
  const { limiter: limit } = limiter()
  for (let caller = 0; caller < 20_000; caller++) limit.take(`caller ${caller}`)
  expect(limit.remembered).toBe(10_000)
})
