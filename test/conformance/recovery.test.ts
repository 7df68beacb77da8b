import { test } from 'vitest'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { endless, gated, staged, straight } from './workflows.ts'
import { createWorld } from './world.ts'

const steps = ['one', 'two', 'three', 'four']

test.concurrent.for(steps)(
  'when its owner is killed in step %s, a peer that is running already goes on with that step, from the lease alone',
  async (killedIn, { expect }) => {
    await using world = await createWorld({ work: false })
    const workers = await Promise.all([1, 2].map(() => startWorkerProcess(world.database.url)))
    try {
      const id = await world.start(staged, { gates: 'go' })
      const before = steps.slice(0, steps.indexOf(killedIn))
      for (const step of before) await world.tell(`go ${step}`)
      await world.saw(id, killedIn)
      const [owner] = await world.sql<{ pid: number }[]>`
        select w.pid from workers w join operations o on o.owner = w.id where o.id = ${id}`
      await kill(workers.find(({ pid }) => pid === owner?.pid) ?? expect.unreachable('it has an owner'))
      // Nobody says anything, and nobody starts: only the lease tells.
      const resumed = [...before, killedIn, killedIn]
      await expect.poll(() => world.did(id)).toEqual(resumed)
      for (const step of steps) await world.tell(`go ${step}`)
      const history = await world.ended(id)
      expectSound(history)
      expect(history.operation.state).toBe('succeeded')
      expect(await world.did(id)).toEqual([...resumed, ...steps.slice(before.length + 1)])
    } finally {
      await Promise.all(workers.map(kill))
    }
  },
)

test.concurrent('owners that are killed one after the other pass an operation on, each without a loss', async ({
  expect,
}) => {
  await using world = await createWorld({ work: false })
  const id = await world.start(staged, { gates: 'go' })
  for (const [round, step] of steps.entries()) {
    const owner = await startWorkerProcess(world.database.url)
    await expect.poll(async () => (await world.did(id)).filter((what) => what === step)).toHaveLength(1)
    await kill(owner)
    await world.lapse()
    await world.tell(`go ${step}`)
    expect((await world.engine.get(id))?.steps.slice(0, round).map(({ state }) => state)).toEqual(
      steps.slice(0, round).map(() => 'succeeded'),
    )
  }
  const last = await startWorkerProcess(world.database.url)
  const history = await world.ended(id)
  await kill(last)
  expectSound(history)
  expect(history.operation.state).toBe('succeeded')
})

test.concurrent('the owner of seven hundred dies, and all of them are taken back, in transactions of bounded size', async ({
  expect,
}) => {
  await using world = await createWorld({ work: false })
  await world.sql.begin(async (tx) => {
    for (let i = 0; i < 700; i++)
      await world.engine.start(tx, gated, {
        resourceId: crypto.randomUUID(),
        input: { gate: 'g' },
        requestedBy: 'test',
      })
    const dead = crypto.randomUUID()
    await tx`insert into workers (id, host, pid, lease_until) values (${dead}, 'gone', 1, now() - interval '1 s')`
    await tx`update operations set state = 'running', owner = ${dead}, fence = 1, started_at = now()`
    await tx`update pgboss.job set state = 'active', started_on = now()`
  })
  const peer = await openEngine(world.database.url, { concurrency: 1 })
  await peer.engine.run()
  await expect.poll(() => world.sql`select from operations where fence = 1`).toHaveLength(0)
  // Rows that were written by one transaction carry its number. The one that runs now has been claimed since.
  const batches = await world.sql<{ size: number }[]>`
    select count(*)::integer as size from operations where owner is null group by xmin::text`
  expect(Math.max(...batches.map(({ size }) => size))).toBeLessThanOrEqual(500)
  expect(await world.sql`select from pgboss.job where state < 'completed'`).toHaveLength(700)
  await world.tell('g')
  await peer.close()
})

test.concurrent('a worker that is stopped hands back what it was doing, and that is not held against it', async ({
  expect,
}) => {
  await using world = await createWorld({ work: false })
  const id = await world.start(staged, { gates: 'go' })
  for (let round = 1; round <= 6; round++) {
    const worker = await openEngine(world.database.url)
    await worker.engine.run()
    await expect.poll(() => world.did(id)).toHaveLength(round)
    await worker.engine.stop(0)
    await worker.sql.end({ timeout: 1 })
  }
  for (const step of steps) await world.tell(`go ${step}`)
  const last = await openEngine(world.database.url)
  await last.engine.run()
  const { operation } = await world.ended(id)
  expect(operation).toMatchObject({ state: 'succeeded', error: null })
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
  await last.close()
})

test.concurrent('a process whose leases lapsed while there was nobody to take over keeps what it runs', async ({
  expect,
}) => {
  await using world = await createWorld({ work: false })
  const alone = await openEngine(world.database.url)
  await alone.engine.run()
  const id = await world.start(endless, {})
  await world.saw(id, 'run')
  const workers = () => world.sql`select id from workers order by id`
  const before = await workers()
  // As it finds them when it was paused for long, or the database was away for everybody.
  await world.lapse()
  await expect
    .poll(async () => world.sql`select from workers where lease_until < now() + interval '1 second'`)
    .toHaveLength(0)
  expect(await workers()).toEqual(before)
  expect(await world.did(id)).toEqual(['run'])
  await world.cancel(id)
  expect((await world.ended(id)).operation.state).toBe('cancelled')
  await alone.close()
})
