import { expect, test } from 'vitest'
import { RefusedReads } from './refused-reads.ts'

test('the same question is written down once a minute, and of one caller twenty are', () => {
  const clock = { now: 0 }
  const reads = new RefusedReads(() => clock.now)
  const news = (subject: string, questions: number) =>
    Array.from({ length: questions }, (_, n) => reads.isNews(subject, `question ${n}`)).filter(Boolean).length
  expect(news('a', 1)).toBe(1)
  expect(news('a', 1)).toBe(0)
  expect(news('a', 500)).toBe(19)
  expect(news('b', 3)).toBe(3)
  clock.now = 60_000
  expect(news('a', 500)).toBe(20)
})
