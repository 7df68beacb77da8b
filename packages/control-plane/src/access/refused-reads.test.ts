import { expect, test } from 'vitest'
import { RefusedReads } from './refused-reads.ts'

test('the same question is written down once a minute, twenty of one caller are, and then that there were more', () => {
  const clock = { now: 0 }
  const reads = new RefusedReads(() => clock.now)
  const noted = (subject: string, questions: number) => {
    const all = Array.from({ length: questions }, (_, n) => reads.take(subject, `question ${n}`))
    return { itself: all.filter((what) => what === 'itself').length, more: all.indexOf('more') }
  }
  expect(noted('a', 1)).toEqual({ itself: 1, more: -1 })
  expect(noted('a', 20)).toEqual({ itself: 19, more: -1 })
  expect(noted('a', 500)).toEqual({ itself: 0, more: 20 })
  expect(noted('a', 500)).toEqual({ itself: 0, more: -1 })
  expect(noted('b', 3)).toEqual({ itself: 3, more: -1 })
  clock.now = 60_000
  expect(noted('a', 500)).toEqual({ itself: 20, more: 20 })
})
