import { expect, test } from 'vitest'
import { howFarAhead } from './server-clock.ts'

const asked = { askedAt: 10_000, answeredAt: 10_100 }

test.for([8_000, 9_000, 10_000])('an answer of %i ms may be of the time that it is here', (told) => {
  expect(howFarAhead(told, asked)).toBe(0)
})

test.for([
  [3_610_000, 3_600_000],
  [-3_590_000, -3_600_000],
])(
  'an answer of %i ms is of a clock that is %i ms ahead, within the second that it cannot tell',
  ([told = 0, ahead = 0]) => {
    expect(Math.abs(howFarAhead(told, asked) - ahead)).toBeLessThan(1_000)
  },
)

test('an answer that was long under way says no more than it can', () => {
  expect(howFarAhead(10_000, { askedAt: 10_000, answeredAt: 40_000 })).toBe(0)
})
