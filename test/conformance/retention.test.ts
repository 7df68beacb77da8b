import { afterAll, beforeAll, expect, test } from 'vitest'
import { endless, straight } from './workflows.ts'
import { openEngine } from './open-engine.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('what ended longer ago than it is kept is forgotten with all its rows; what runs is not', async () => {
  const running = await world.start(endless, {})
  const ids = await Promise.all(Array.from({ length: 3 }, () => world.start(straight, { polls: 0 })))
  for (const id of ids) await world.ended(id)

  const careful = await openEngine(world.database.url)
  await careful.engine.run()
  await careful.close()
  expect(await world.engine.list({ limit: 10 })).toHaveLength(4)

  const forgetful = await openEngine(world.database.url, { retentionMs: 0 })
  await forgetful.engine.run()
  await expect.poll(() => world.engine.list({ limit: 10 })).toHaveLength(1)
  await forgetful.close()
  expect(await world.engine.get(running)).toMatchObject({ state: 'running' })
  for (const table of ['operation_steps', 'operation_events'])
    expect(await world.sql`select from ${world.sql(table)} where operation_id in ${world.sql(ids)}`).toEqual(
      [],
    )
})
