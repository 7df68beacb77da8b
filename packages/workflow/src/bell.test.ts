import { expect, test } from 'vitest'
import { Bell } from './bell.ts'

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length

test('a ring ends the wait, and one that comes while nobody waits ends the next', async () => {
  const bell = new Bell()
  const waiting = bell.wait(Infinity)
  expect(bell.waited).toBe(true)
  bell.ring()
  await waiting
  expect(bell.waited).toBe(false)
  bell.ring()
  await bell.wait(Infinity)
})

test('a wait with a bound ends by itself, and one without has nothing but the ring to end it', async () => {
  const bell = new Bell()
  await bell.wait(1)
  const before = timers()
  const waiting = bell.wait(Infinity)
  expect(timers()).toBe(before)
  bell.ring()
  await waiting
})
