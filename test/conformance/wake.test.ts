import { newId } from '@toygres/workflow'
import { setTimeout as after } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { straight, waiting } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Longer than the test may take: only a wake-up ends the waiting. */
const never = 50_000

test('a wake-up is never lost, whenever it comes', async () => {
  const wakeAtSomeMoment = async (index: number) => {
    const [resourceId, until] = [newId(), `arrival-${index}`]
    const id = await world.start(waiting, { after: never, until }, resourceId)
    // Before it is claimed, while it looks, while its transition is written, while it rests: spread over all of that.
    await after(index % 40)
    await world.sql`insert into witness (what) values (${until})`
    await world.engine.wake(resourceId)
    return (await world.ended(id)).operation.state
  }
  for (let round = 0; round < 10; round++) {
    const states = await Promise.all(Array.from({ length: 40 }, (_, i) => wakeAtSomeMoment(round * 40 + i)))
    expect(states).toEqual(states.map(() => 'succeeded'))
  }
})

test('a wake-up for what does not wait does nothing', async () => {
  const resourceId = newId()
  await world.engine.wake(resourceId)
  const id = await world.start(straight, { polls: 0 }, resourceId)
  expect((await world.ended(id)).operation.state).toBe('succeeded')
  await world.engine.wake(resourceId)
  expect((await world.engine.get(id))?.state).toBe('succeeded')
})
