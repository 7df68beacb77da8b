import { expect, test } from 'vitest'
import { Looks } from './looks.ts'

/** Looks that tell when one begins, and end when they are told to. */
function opened() {
  const begun: string[] = []
  const waiting = new Map<string, () => void>()
  const hearing = new Set<() => void>()
  const look = (id: string) =>
    new Promise<void>((resolve) => {
      begun.push(id)
      waiting.set(id, resolve)
      for (const hear of hearing) hear()
    })
  return {
    looks: new Looks({ look }),
    look,
    begun,
    end: (id: string) => waiting.get(id)?.(),
    hasBegun: (count: number) =>
      new Promise<void>((resolve) => {
        const hear = () => begun.length >= count && resolve()
        hearing.add(hear)
        hear()
      }),
  }
}

test('instances whose provider does not answer hold up no others', async () => {
  const { looks, begun, hasBegun, end } = opened()
  const ids = Array.from({ length: 30 }, (_, n) => `instance-${n}`)
  for (const id of ids) looks.notice(id)
  await hasBegun(30)
  expect(begun.toSorted()).toEqual(ids.toSorted())
  for (const id of ids) end(id)
  await looks.stop()
})

test('one that is noticed while it is looked at is looked at again, once, and not before that look has ended', async () => {
  const { looks, begun, hasBegun, end } = opened()
  looks.notice('orders')
  await hasBegun(1)
  looks.notice('orders')
  looks.notice('orders')
  looks.notice('other')
  await hasBegun(2)
  expect(begun).toEqual(['orders', 'other'])
  end('orders')
  await hasBegun(3)
  expect(begun).toEqual(['orders', 'other', 'orders'])
  for (const id of ['orders', 'other']) end(id)
  await looks.stop()
  expect(begun).toHaveLength(3)
})

test('a pass waits for the look at an instance that is under way, and then looks itself', async () => {
  const { looks, look, begun, hasBegun, end } = opened()
  looks.notice('orders')
  await hasBegun(1)
  const passed = looks.atAll([{ id: 'orders' }, { id: 'other' }], ({ id }) => look(id))
  await hasBegun(2)
  expect(begun).toEqual(['orders', 'other'])
  end('orders')
  await hasBegun(3)
  for (const id of ['orders', 'other']) end(id)
  await passed
  await looks.stop()
})
