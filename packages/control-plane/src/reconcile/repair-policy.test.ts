import { minutes, seconds } from '@toygres/workflow'
import { expect, test } from 'vitest'
import {
  defaultRepairPolicy as policy,
  isGivenUp,
  mostRepairsPerHour,
  repairDelayMs,
  type RepairPolicy,
} from './repair-policy.ts'

const reporting = { ...policy, changedSpec: 'report' } as const
const delay = (kind: Parameters<typeof repairDelayMs>[0]['kind'], repairs: number, hopeless = false) =>
  repairDelayMs({ kind, hopeless, repairs }, policy)

test.for(['server-down', 'spec-changed'] as const)(
  'what comes back again and again (%s) is repaired at once, then later and later, then not any more',
  (kind) => {
    expect([0, 1, 2, 3, 4].map((n) => delay(kind, n))).toEqual([0, 1, 2, 4, 8].map(seconds))
    expect(delay(kind, mostRepairsPerHour - 1)).toBeLessThanOrEqual(minutes(5))
    expect(delay(kind, mostRepairsPerHour)).toBeNull()
  },
)

test('other repairs never give up, and are never further apart than five minutes', () => {
  for (const kind of ['leftover', 'operation-gone'] as const) expect(delay(kind, 1000)).toBe(minutes(5))
})

test('an orphan is left alone for its grace', () => {
  expect(delay('orphan', 0)).toBe(policy.orphanGraceMs)
})

test('what only a person can repair is only reported', () => {
  expect(delay('data-missing', 0)).toBeNull()
  expect(delay('server-down', 0, true)).toBeNull()
  expect(repairDelayMs({ kind: 'spec-changed', hopeless: false, repairs: 0 }, reporting)).toBeNull()
})

test('given up is what would be repaired, had it not come back so often', () => {
  const givenUp = (
    kind: 'server-down' | 'spec-changed',
    repairs: number,
    by: RepairPolicy,
    hopeless = false,
  ) => isGivenUp({ kind, hopeless, repairs }, by)
  expect(givenUp('server-down', mostRepairsPerHour - 1, policy)).toBe(false)
  expect(givenUp('server-down', mostRepairsPerHour, policy)).toBe(true)
  expect(givenUp('server-down', mostRepairsPerHour, policy, true)).toBe(false)
  expect(givenUp('spec-changed', mostRepairsPerHour, policy)).toBe(true)
  expect(givenUp('spec-changed', mostRepairsPerHour, reporting)).toBe(false)
})
