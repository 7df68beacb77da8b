import { afterAll, beforeAll, expect, test } from 'vitest'
import { kill, startWorkerProcess } from './worker-process.ts'
import { straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

test('three workers share what is ready: each step runs once, and none of them idles', async () => {
  const workers = await Promise.all([1, 2, 3].map(() => startWorkerProcess(world.database.url)))
  try {
    const ids = await Promise.all(Array.from({ length: 300 }, () => world.start(straight, { polls: 0 })))
    for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
    const [row] = await world.sql<{ runs: number; distinct: number; pids: number[] }[]>`
      select count(*)::integer as runs, count(distinct (operation_id, what))::integer as distinct,
        to_jsonb(array_agg(distinct pid)) as pids from witness`
    expect(row).toMatchObject({ runs: 900, distinct: 900 })
    expect(new Set(row?.pids)).toEqual(new Set(workers.map(({ pid }) => pid)))
  } finally {
    await Promise.all(workers.map(kill))
  }
})
