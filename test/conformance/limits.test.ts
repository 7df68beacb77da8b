import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from './open-engine.ts'
import { straight, waiting } from './workflows.ts'
import { createWorld, type World } from './world.ts'

const limits = { workflows: { [waiting.name]: 2 }, groups: { 'a provider': 3 } }
let world: World
beforeAll(async () => {
  world = await createWorld({ limits })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Rests until somebody says `until`. */
const startWaiting = (until: string, { requestedBy = 'test', group = 'none' } = {}) =>
  world.sql.begin((tx) => {
    const input = { after: 50_000, until }
    return world.engine.start(tx, waiting, { resourceId: newId(), input, requestedBy, group })
  })
const startedOf = async (ids: readonly string[]) => {
  const rows = await world.sql<{ id: string }[]>`
    select id from operations where id in ${world.sql([...ids])} and started_at is not null order by id`
  return rows.map(({ id }) => id)
}
const go = async (until: string, ids: readonly string[]) => {
  await world.tell(until)
  for (const id of ids) await world.engine.wake(id)
}

test('no more operations of a workflow run than it may have; each end lets the next one begin', async () => {
  const ids: string[] = []
  for (const until of ['a', 'b', 'c', 'd']) ids.push(await startWaiting(until))
  const [a = '', b = '', c = '', d = ''] = ids
  await expect.poll(() => startedOf(ids)).toEqual([a, b])
  // What is held back says so, and others are not held back with it.
  expect((await world.engine.get(c))?.steps[0]?.waitingFor).toBe('room in workflow waiting')
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
  expect(await startedOf(ids)).toEqual([a, b])
  await go('b', [b])
  await world.ended(b)
  await expect.poll(() => startedOf(ids)).toEqual([a, b, c])
  // One that is cancelled gives its place up; one that never began needs none to be undone.
  await world.cancel(d)
  expect((await world.ended(d)).operation.state).toBe('cancelled')
  await world.cancel(a)
  await go('c', [c])
  for (const id of [a, c]) await world.ended(id)
})

test('operations of one group count together, whatever their workflow', async () => {
  const start = (index: number) =>
    world.sql.begin((tx) => {
      const options = { input: { polls: index }, requestedBy: 'test', group: 'a provider' }
      return world.engine.start(tx, straight, { resourceId: newId(), ...options })
    })
  const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => start(index % 3)))
  for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
  // At the start of each of them, those that had begun and not ended, itself included.
  const [row] = await world.sql<{ most: number }[]>`
    select max(running)::integer as most from (
      select (select count(*) from operations p
        where p.lanes = o.lanes and p.started_at <= o.started_at and p.ended_at > o.started_at) as running
      from operations o where o.id in ${world.sql(ids)}) as seen`
  expect(row?.most).toBeLessThanOrEqual(3)
})

test("one requester's hundred do not keep another's one out of the room there is", async () => {
  const blocker = [await startWaiting('blocked'), await startWaiting('blocked')]
  // One of the many would have its turn before the second of these, and is not woken.
  await expect.poll(() => startedOf(blocker)).toHaveLength(2)
  const many: string[] = []
  for (let i = 0; i < 100; i++) many.push(await startWaiting('blocked', { requestedBy: 'many' }))
  const one = await startWaiting('blocked', { requestedBy: 'one' })
  await go('blocked', blocker)
  expect((await world.ended(one)).operation.state).toBe('succeeded')
  for (const id of many) await world.ended(id)
  const [row] = await world.sql<{ before: number }[]>`
    select count(*)::integer as before from operations, (select started_at from operations where id = ${one}) as one
    where requested_by = 'many' and operations.started_at < one.started_at`
  expect(row?.before).toBeLessThanOrEqual(2)
})

test('two processes that admit at once do not fill one place twice', async () => {
  const peer = await openEngine(world.database.url, { limits })
  await peer.engine.run()
  const ids = await Promise.all(Array.from({ length: 10 }, () => startWaiting('never said')))
  await expect.poll(() => startedOf(ids)).toHaveLength(2)
  await world.announceWork()
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
  expect(await startedOf(ids)).toHaveLength(2)
  for (const id of ids) await world.cancel(id)
  for (const id of ids) expect((await world.ended(id)).operation.state).toBe('cancelled')
  await peer.close()
})

test('nobody waits for one that admits and does not come to an end, and the room that is made meanwhile is filled', async () => {
  await using there = await createWorld({ work: false, limits })
  // Without polls: what nobody comes back for stays where it is.
  const worker = await openEngine(there.database.url, { limits, polls: false })
  await worker.run()
  const ids: string[] = []
  for (const until of ['a', 'b', 'c', 'd']) ids.push(await there.start(waiting, { after: 50_000, until }))
  const [a = '', b = '', c = '', d = ''] = ids
  const started = async () => {
    const rows = await there.sql<{ id: string }[]>`
      select id from operations where workflow = ${waiting.name} and started_at is not null order by id`
    return rows.map(({ id }) => id)
  }
  const end = async (until: string, id: string) => {
    await there.tell(until)
    await there.engine.wake(id)
    expect((await there.ended(id)).operation.state).toBe('succeeded')
  }
  await expect.poll(started).toEqual([a, b])
  await there.sql`create function hold() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(1); return new; end $$`
  await there.sql.unsafe(`create trigger hold before update on operations for each row
    when (new.id = '${c}' and new.admitted and not old.admitted) execute function hold()`)
  const holder = await there.sql.reserve()
  await holder`select pg_advisory_lock(1)`
  await end('a', a)
  await expect
    .poll(() => there.sql`select from pg_locks where locktype = 'advisory' and objid = 1 and not granted`)
    .toHaveLength(1)
  expect((await there.ended(await there.start(straight, { polls: 1 }))).operation.state).toBe('succeeded')
  await end('b', b)
  expect(await started()).toEqual([a, b])
  await holder`select pg_advisory_unlock(1)`
  holder.release()
  await expect.poll(started).toEqual([a, b, c, d])
  await end('c', c)
  await end('d', d)
  await worker.close()
})
