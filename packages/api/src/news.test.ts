import { expect, test } from 'vitest'
import { News } from './news.ts'

test('an answer is news when it differs from the one before it, and once in a minute', () => {
  let now = 0
  const news = new News(() => now)
  const asked = (status: string) => news.isNews('system.health', { status })
  expect([asked('ok'), asked('ok'), asked('unavailable'), asked('unavailable'), asked('ok')]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ])
  now = 59_999
  expect(asked('ok')).toBe(false)
  now = 60_000
  expect([asked('ok'), asked('ok')]).toEqual([true, false])
})

test('what is news is told how many were left out before it', () => {
  let now = 0
  const news = new News(() => now)
  const refused = () => news.leftOutBefore('refused', null)
  expect([refused(), refused(), refused()]).toEqual([0, null, null])
  now = 60_000
  expect([refused(), refused()]).toEqual([2, null])
})
