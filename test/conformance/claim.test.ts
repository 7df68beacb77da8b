import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kill } from '../harness/killable-process.ts'
import { openEngine } from './open-engine.ts'
import { startWorkerProcess } from './worker-process.ts'
import { gated, straight } from './workflows.ts'
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
        to_jsonb(array_agg(distinct pid)) as pids from witness where operation_id in ${world.sql(ids)}`
    expect(row).toMatchObject({ runs: 900, distinct: 900 })
    expect(new Set(row?.pids)).toEqual(new Set(workers.map(({ pid }) => pid)))
  } finally {
    await Promise.all(workers.map(kill))
  }
})

/** Places in all the workers below together. */
const [claimers, places] = [4, 5]

test('no worker comes back with free places while work remains, however they race for it', async () => {
  const ids: string[] = []
  const startAll = async (gate: string) => {
    for (let i = 0; i < claimers * places; i++) ids.push(await world.start(gated, { gate }))
  }
  await startAll('gate 0')
  // Without polls: one that comes back empty by mistake has nothing to try again for, and its places stay free for ever.
  const workers = await Promise.all(
    Array.from({ length: claimers }, () =>
      startWorkerProcess(world.database.url, { polls: false, concurrency: places }),
    ),
  )
  try {
    for (let round = 0; round < 6; round++) {
      // Exactly as many as there are places: all of them are held only if each worker got all it could.
      await expect
        .poll(() => world.sql`select from witness where what = 'hold'`)
        .toHaveLength((round + 1) * claimers * places)
      await startAll(`gate ${round + 1}`)
      await world.tell(`gate ${round}`)
    }
    await world.tell('gate 6')
    for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
    const claims = await world.sql`
      select operation_id from witness where what = 'hold' group by operation_id having count(*) > 1`
    expect(claims).toEqual([])
    // Each was claimed exactly once: the fence counts claims.
    expect(await world.sql`select from operations where workflow = 'gated' and fence <> 1`).toHaveLength(0)
  } finally {
    await Promise.all(workers.map(kill))
  }
})

test('the workers of one process hand on to each other what one has no room for, also to one that is in the middle of a turn', async () => {
  await using there = await createWorld({ work: false })
  let armed = false
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  // Two workers with a place each; without polls, what is not handed on stays where it is.
  const process = await openEngine(there.database.url, {
    concurrency: 2,
    polls: false,
    async reach(point) {
      if (point !== 'turn.committed' || !armed) return
      armed = false
      held.resolve()
      await release.promise
    },
  })
  await process.run()
  /** One transaction, so that one notification tells of both. */
  const startTwo = (gate: string) =>
    there.sql.begin(async (tx) => {
      const options = () => ({ resourceId: newId(), input: { gate }, requestedBy: 'test' })
      return [await there.engine.start(tx, gated, options()), await there.engine.start(tx, gated, options())]
    })
  const end = async (gate: string, ids: string[]) => {
    for (const id of ids) await there.saw(id, 'hold')
    await there.tell(gate)
    for (const id of ids) expect((await there.ended(id)).operation.state).toBe('succeeded')
  }
  for (const gate of ['a', 'b', 'c', 'd']) await end(gate, await startTwo(gate))
  // One has looked and found nothing, and is not back yet; the other, which sleeps, is told.
  armed = true
  await there.announceWork()
  await held.promise
  const ids = await startTwo('e')
  await expect
    .poll(() => there.sql`select from witness where what = 'hold' and operation_id in ${there.sql(ids)}`)
    .toHaveLength(1)
  release.resolve()
  await end('e', ids)
  await process.close()
})
