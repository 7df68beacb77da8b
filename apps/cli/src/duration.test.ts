import { expect, test } from 'vitest'
import { formatAge, formatDuration, parseDuration } from './duration.ts'

test.for([
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5m', 90_000],
  ['2m', 120_000],
  ['24h', 86_400_000],
  ['10', 10_000],
] as const)('%s is %i ms', ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms)
})

test.for(['', '0', '0s', '-1s', 'soon', '1d', '25h', '1m30s', ' 1s', '1e3s'])('%j is refused', (text) => {
  expect(() => parseDuration(text)).toThrow('Expected a duration like')
})

test.for([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1200, '1.2 s'],
  [59_999, '1 m 00 s'],
  [185_000, '3 m 05 s'],
  [7_800_000, '2 h 10 m'],
] as const)('%i ms read as %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text)
})

test.for([
  [-5, '0s'],
  [59, '59s'],
  [60, '1m'],
  [3600, '1h'],
  [47 * 3600, '47h'],
  [48 * 3600, '2d'],
] as const)('%i seconds ago is %s', ([seconds, text]) => {
  expect(formatAge(new Date(0), new Date(seconds * 1000))).toBe(text)
})
