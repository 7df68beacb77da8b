import { expect, test } from 'vitest'
import { StreamSlots } from './stream-slots.ts'

async function* numbers() {
  yield 1
  yield 2
}

test('a stream beyond the bound is refused until another ends or is left', async () => {
  const slots = new StreamSlots(1)
  for await (const first of slots.carry(numbers())) {
    expect(first).toBe(1)
    await expect(slots.carry(numbers()).next()).rejects.toThrow('too many streams are open')
    break
  }
  for await (const _ of slots.carry(numbers()));
  expect(await slots.carry(numbers()).next()).toEqual({ done: false, value: 1 })
})
