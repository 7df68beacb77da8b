import { newId } from '@toygres/workflow'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { straight } from './workflows.ts'
import { openEngine } from './open-engine.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld({ work: false })
})
afterEach(() => world[Symbol.asyncDispose]())

interface Asked {
  readonly requestedBy: string
  readonly projectId?: string
}

const start = (asked: Asked) =>
  world.sql.begin((tx) =>
    world.engine.start(tx, straight, { resourceId: newId(), input: { polls: 0 }, ...asked }),
  )

/** How many of those that were there before it had ended when this one had. */
async function endedBefore(one: string): Promise<number> {
  const worker = await openEngine(world.database.url, { concurrency: 4 })
  await worker.engine.run()
  await world.ended(one)
  const [row] = await world.sql<{ before: number }[]>`
    select count(*)::integer as before from operations, (select ended_at from operations where id = ${one}) as one
    where operations.ended_at < one.ended_at`
  await worker.close()
  return row?.before ?? Number.NaN
}

test("one requester's five hundred operations do not hold up another's one", async () => {
  for (let i = 0; i < 500; i++) await start({ requestedBy: 'many' })
  expect(await endedBefore(await start({ requestedBy: 'one' }))).toBeLessThan(20)
})

test("one requester's five hundred for a tenant do not hold up another's one for the same tenant, nor its own for another", async () => {
  const projectId = newId()
  for (let i = 0; i < 500; i++) await start({ requestedBy: 'many', projectId })
  const ones = [
    await start({ requestedBy: 'one', projectId }),
    await start({ requestedBy: 'many', projectId: newId() }),
  ]
  expect(await endedBefore(ones[0] ?? '')).toBeLessThan(20)
  expect(await endedBefore(ones[1] ?? '')).toBeLessThan(20)
})

test('a tenant has no more turns with many requesters than with one', async () => {
  const projectId = newId()
  for (let i = 0; i < 500; i++) await start({ requestedBy: `key ${i % 100}`, projectId })
  expect(await endedBefore(await start({ requestedBy: 'one', projectId: newId() }))).toBeLessThan(20)
})

test('of the turns of a tenant each of its requesters has its own, however many the others have asked for', async () => {
  const projectId = newId()
  for (let i = 0; i < 300; i++) await start({ requestedBy: 'many', projectId })
  const few = []
  for (let i = 0; i < 10; i++) few.push(await start({ requestedBy: 'few', projectId }))
  // It has every second turn, and there are others between them.
  expect(await endedBefore(few.at(-1) ?? '')).toBeLessThan(60)
})
