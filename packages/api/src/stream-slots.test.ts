import { expect, test } from 'vitest'
import { StreamSlots } from './stream-slots.ts'

async function* endless() {
  for (;;) yield await Promise.resolve('event')
}

test('a stream over the limit is refused, and one that is left makes room', async () => {
  const slots = new StreamSlots({ most: 1 })
  const first = slots.carry('a', endless())
  expect(await first.next()).toEqual({ done: false, value: 'event' })
  const second = slots.carry('b', endless())
  await expect(second.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await first.return()
  expect(await slots.carry('b', endless()).next()).toEqual({ done: false, value: 'event' })
})

test('one caller’s streams leave room for those of others', async () => {
  const slots = new StreamSlots({ most: 3, ofOne: 2 })
  const open = (caller: string) => slots.carry(caller, endless()).next()
  await open('a')
  await open('a')
  await expect(open('a')).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 1 } })
  expect(await open('b')).toEqual({ done: false, value: 'event' })
})
