import { connect } from '@toygres/control-plane'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from './open-engine.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

const tables = ['operations', 'operation_steps', 'operation_events', 'workers']

async function load(n: number): Promise<void> {
  const ids = await Promise.all(Array.from({ length: n }, () => world.start(straight, { polls: 1 })))
  for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
}

async function forgetEverything(): Promise<void> {
  const forgetful = await openEngine(world.database.url, { retentionMs: 0 })
  await forgetful.engine.run()
  await expect.poll(() => world.sql`select from operations`).toHaveLength(0)
  await forgetful.close()
}

async function sizes(): Promise<number[]> {
  const found: number[] = []
  for (const table of tables) {
    await world.sql.unsafe(`vacuum ${table}`)
    const [row] = await world.sql<{ pages: number }[]>`
      select (pg_relation_size(${table}::regclass) / current_setting('block_size')::integer)::integer as pages`
    found.push(row?.pages ?? 0)
  }
  return found
}

test('a transaction that is left open holds up no operation, and what it kept from being cleaned up is used again afterwards', async () => {
  const worker = await startWorkerProcess(world.database.url)
  const holder = connect(world.database.url, { max: 1, applicationName: 'idle in transaction' })
  try {
    const held = Promise.withResolvers<void>()
    const holding = Promise.withResolvers<void>()
    const idle = holder.begin('isolation level repeatable read', async (tx) => {
      await tx`set local idle_in_transaction_session_timeout = 0`
      // From here on no row that dies is cleaned up.
      await tx`select count(*) from operations`
      holding.resolve()
      await held.promise
    })
    await holding.promise
    for (let round = 0; round < 4; round++) await load(50)
    await forgetEverything()
    const swollen = await sizes()
    held.resolve()
    await idle
    await sizes()
    // The same again fits into the room that has become free.
    for (let round = 0; round < 4; round++) await load(50)
    await forgetEverything()
    for (const [index, pages] of (await sizes()).entries())
      expect(pages, tables[index]).toBeLessThanOrEqual(swollen[index] ?? 0)
  } finally {
    await Promise.all([kill(worker), holder.end({ timeout: 1 })])
  }
})
