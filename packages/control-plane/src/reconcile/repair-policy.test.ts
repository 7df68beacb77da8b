import { minutes, seconds } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { defaultRepairPolicy as policy, mostRestartsPerHour, repairDelayMs } from './repair-policy.ts'

const delay = (kind: Parameters<typeof repairDelayMs>[0]['kind'], repairs: number, hopeless = false) =>
  repairDelayMs({ kind, hopeless, repairs }, policy)

test('a server that died is started at once, then later and later, then not any more', () => {
  expect([0, 1, 2, 3, 4].map((n) => delay('server-down', n))).toEqual([0, 1, 2, 4, 8].map(seconds))
  expect(delay('server-down', mostRestartsPerHour - 1)).toBeLessThanOrEqual(minutes(5))
  expect(delay('server-down', mostRestartsPerHour)).toBeNull()
})

test('other repairs never give up, and are never further apart than five minutes', () => {
  for (const kind of ['leftover', 'operation-gone'] as const) expect(delay(kind, 1000)).toBe(minutes(5))
})

test('an orphan is left alone for its grace', () => {
  expect(delay('orphan', 0)).toBe(policy.orphanGraceMs)
})

test('what only a person can repair is only reported', () => {
  expect(delay('data-missing', 0)).toBeNull()
  expect(delay('server-down', 0, true)).toBeNull()
  const reporting = { ...policy, changedSpec: 'report' } as const
  expect(repairDelayMs({ kind: 'spec-changed', hopeless: false, repairs: 0 }, reporting)).toBeNull()
})
