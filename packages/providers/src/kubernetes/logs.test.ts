import { expect, test } from 'vitest'
import { instantOf } from './logs.ts'

test('timestamps are told apart to the nanosecond, whatever time zone a node is in', () => {
  const [a, b, c, d] = [
    '2026-01-02T03:04:05.12Z',
    '2026-01-02T03:04:05.120000001Z',
    '2026-01-02T05:04:05.120000002+02:00',
    '2026-01-01T20:04:06-07:00',
  ].map((text) => instantOf(text) ?? -1n)
  expect([d, c, b, a].toSorted((x = 0n, y = 0n) => (x < y ? -1 : 1))).toEqual([a, b, c, d])
})

test.for(['', 'now', '2026-01-02', '2026-13-02T03:04:05Z', '2026-01-02T03:04:05.1234567890Z'])(
  '%j is no timestamp',
  (text) => expect(instantOf(text)).toBeNull(),
)
