import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { straight } from './workflows.ts'
import { openEngine } from './open-engine.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

test("one requester's five hundred operations do not hold up another's one", async () => {
  const start = (requestedBy: string) => world.start(straight, { polls: 0 }, newId(), requestedBy)
  for (let i = 0; i < 500; i++) await start('many')
  const one = await start('one')
  const worker = await openEngine(world.database.url, { concurrency: 4 })
  await worker.engine.run()
  await world.ended(one)
  const [row] = await world.sql<{ before: number }[]>`
    select count(*)::integer as before from operations, (select ended_at from operations where id = ${one}) as one
    where requested_by = 'many' and operations.ended_at < one.ended_at`
  expect(row?.before).toBeLessThan(20)
  await worker.close()
})
