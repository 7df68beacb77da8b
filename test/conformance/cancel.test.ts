import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endless, straight, waiting } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const cancel = (id: string) => world.sql.begin((tx) => world.engine.cancel(tx, id))

test('a running step is told to stop, and what it began is undone', async () => {
  const id = await world.start(endless, {})
  await expect.poll(() => world.did(id)).toEqual(['run'])
  expect(await cancel(id)).toBe('cancelling')
  const { operation } = await world.ended(id)
  expect(operation.state).toBe('cancelled')
  expect(await world.did(id)).toEqual(['run', 'undo run'])
})

test('a waiting step does not keep its operation from being cancelled at once', async () => {
  const id = await world.start(waiting, { after: 50_000, until: null })
  await expect.poll(() => world.did(id)).toEqual(['poll'])
  await cancel(id)
  expect((await world.ended(id)).operation.state).toBe('cancelled')
  expect(await world.did(id)).toEqual(['poll', 'undo wait'])
})

test('cancelling twice, and after the end, changes nothing', async () => {
  const id = await world.start(endless, {})
  await cancel(id)
  await cancel(id)
  const { operation, events } = await world.ended(id)
  expect(await cancel(id)).toBe('cancelled')
  expect(events.filter((event) => event.state === 'cancelling')).toHaveLength(1)
  expect((await world.engine.get(id))?.endedAt).toEqual(operation.endedAt)
})

test('at whatever moment it comes, a cancellation ends in exactly one of the two ways', async () => {
  const ids = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const id = await world.start(straight, { polls: 1 }, newId())
      if (index % 2 === 0) await world.engine.get(id)
      await cancel(id)
      return id
    }),
  )
  for (const id of ids) {
    const { operation, events } = await world.ended(id)
    const did = await world.did(id)
    expect(['cancelled', 'succeeded']).toContain(operation.state)
    if (operation.state === 'cancelled' && did.includes('reserve'))
      expect(did.filter((what) => what === 'undo reserve')).toHaveLength(1)
    if (operation.state === 'succeeded') expect(did.at(-1)).toBe('finish')
    const terminal = events.filter(
      (event) => event.step === null && ['succeeded', 'failed', 'cancelled'].includes(event.state),
    )
    expect(terminal).toHaveLength(1)
  }
})

test('a wake-up brings a waiting step forward, whatever the race', async () => {
  const resources = Array.from({ length: 30 }, () => newId())
  const ids = await Promise.all(
    resources.map((resource) => world.start(waiting, { after: 50_000, until: 'doorbell' }, resource)),
  )
  await world.sql`insert into witness (what) values ('doorbell')`
  await Promise.all(resources.map((resource) => world.engine.wake(resource)))
  for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
})
