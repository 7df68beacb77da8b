import { expect, test } from 'vitest'
import { InstanceName, instanceNameRule } from './instance-name.ts'

test.for(['a', '0', 'orders', 'a-b', 'x'.repeat(40), '1-2-3'])('"%s" is a name', (name) => {
  expect(InstanceName.parse(name)).toBe(name)
})

test.for([
  '',
  'x'.repeat(41),
  'Orders',
  '-orders',
  'orders-',
  'or_ders',
  'or.ders',
  'or ders',
  'orders\n',
  'örders',
  '../etc',
  "'; drop table instances; --",
])('%j is not, and is told the rule', (name) => {
  const { error } = InstanceName.safeParse(name)
  expect(error?.issues[0]?.message).toBe(instanceNameRule)
})

test('a name never looks like an id, so that one argument can take either', () => {
  const { error } = InstanceName.safeParse('01a20be1-26ef-7384-913c-a2b94ca8fc36')
  expect(error?.issues[0]?.message).toBe('a name must not look like an id')
})
