import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { died, kill, startWorkerProcess } from './worker-process.ts'
import { endless, poison, straight, waiting } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

test('a worker that was paused past its lease cannot record anything when it comes back', async () => {
  const zombie = await startWorkerProcess(world.database.url)
  const id = await world.start(endless, {})
  await expect.poll(() => world.did(id)).toEqual(['run'])
  zombie.kill('SIGSTOP')
  const peer = await startWorkerProcess(world.database.url)
  try {
    // The peer takes it over, and only then is it cancelled: so the peer is the one who ends it.
    await expect.poll(() => world.did(id), { timeout: 20_000 }).toEqual(['run', 'run'])
    await world.sql.begin((tx) => world.engine.cancel(tx, id))
    const before = await world.ended(id)
    zombie.kill('SIGCONT')
    // The zombie is awake again when it does new work, under a new lease.
    await kill(peer)
    const next = await world.ended(await world.start(straight, { polls: 0 }))
    expect(next.operation.state).toBe('succeeded')
    expect(await world.ended(id)).toEqual(before)
  } finally {
    await Promise.all([kill(zombie), kill(peer)])
  }
})

test('every backend terminated while operations run: none is lost, none ends twice', async () => {
  const worker = await startWorkerProcess(world.database.url)
  try {
    const ids = await Promise.all(Array.from({ length: 40 }, () => world.start(straight, { polls: 3 })))
    for (let round = 0; round < 5; round++) {
      await world.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.catch(() => {})
      await expect.poll(() => world.start(straight, { polls: 0 }).catch(() => null)).not.toBeNull()
    }
    for (const id of ids) {
      await expect
        .poll(() => world.engine.get(id).catch(() => null), { timeout: 30_000 })
        .toMatchObject({ state: 'succeeded' })
      const did = await world.did(id)
      expect(did.filter((what) => what === 'reserve' || what === 'finish')).toEqual(['reserve', 'finish'])
    }
  } finally {
    await kill(worker)
  }
})

test('a step that kills its worker each time is parked with a reason, and its neighbours go on', async () => {
  const resourceId = newId()
  await world.start(poison, {}, resourceId)
  const poisoned = async () => (await world.engine.list({ resourceId, limit: 1 }))[0]
  const parked = expect
    .poll(async () => (await poisoned())?.state, { timeout: 100_000, interval: 200 })
    .toBe('parked')
  let worker = await startWorkerProcess(world.database.url)
  const restarting = { stopped: false }
  const keepOneRunning = async () => {
    for (;;) {
      await died(worker)
      if (restarting.stopped) return
      worker = await startWorkerProcess(world.database.url)
    }
  }
  const kept = keepOneRunning()
  await parked
  expect((await poisoned())?.error).toMatchObject({ code: 'POISONOUS', step: 'die' })
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
  restarting.stopped = true
  await kill(worker)
  await kept
}, 120_000)

test('a job that was dropped from the queue by hand is sent again', async () => {
  const resourceId = newId()
  const id = await world.start(waiting, { after: 20_000, until: 'never' }, resourceId)
  const worker = await startWorkerProcess(world.database.url)
  try {
    await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
    await world.sql`delete from pgboss.job where singleton_key = ${id} and state < 'completed'`
    await expect.poll(() => world.did(id), { timeout: 50_000, interval: 500 }).toEqual(['poll', 'poll'])
  } finally {
    await kill(worker)
  }
}, 90_000)
