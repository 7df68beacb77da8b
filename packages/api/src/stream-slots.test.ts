import { expect, test } from 'vitest'
import { StreamSlots } from './stream-slots.ts'

test('a slot that is given back can be taken again, one that is not cannot', () => {
  const slots = new StreamSlots(1)
  {
    using _slot = slots.take()
    expect(() => slots.take()).toThrow('too many operations are being watched')
  }
  expect(() => slots.take()).not.toThrow()
})
