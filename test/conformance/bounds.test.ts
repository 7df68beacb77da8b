import { again, newId, workflowsOn } from '@toygres/workflow'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startLossyProxy } from './lossy-proxy.ts'
import { openEngine } from './open-engine.ts'
import { endless, straight, workflows, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

const crowd = { now: 0, most: 0, open: Promise.withResolvers<void>() }
const crowded = workflowsOn<Witnessed>()('crowded', { version: 1, input: z.object({}) }).step(
  'stay',
  async () => {
    crowd.most = Math.max(crowd.most, ++crowd.now)
    await crowd.open.promise
    crowd.now--
  },
)

const long = 'x'.repeat(100_000)
const wordy = workflowsOn<Witnessed>()('wordy', { version: 1, input: z.object({}) }).step(
  'talk',
  async ({ sql, operation }) => {
    const before = await sql`select from witness where operation_id = ${operation.id}`
    await sql`insert into witness (operation_id, what) values (${operation.id}, 'talked')`
    if (before.length === 0) return again({ after: 1, because: long, progress: long })
    throw new Error(long)
  },
  { retry: { attempts: 1, firstDelay: 1, longestDelay: 1 } },
)

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false, workflows: [...workflows, crowded, wordy] })
})
afterAll(() => world[Symbol.asyncDispose]())

const startMany = (n: number) =>
  world.sql.begin(async (tx) => {
    const ids: string[] = []
    for (let i = 0; i < n; i++)
      ids.push(await world.engine.start(tx, crowded, { resourceId: newId(), input: {}, requestedBy: 'test' }))
    return ids
  })

/** The most rows of this table that one transaction wrote: rows carry its number. */
async function largestWrite(table: string): Promise<number> {
  const [row] = await world.sql<{ most: number }[]>`
    select max(size)::integer as most from (select count(*) as size from ${world.sql(table)} group by xmin::text) as sizes`
  return row?.most ?? 0
}

test('no more steps run at once than there are places, and what ends together is recorded in turns of bounded size', async () => {
  const ids = await startMany(700)
  const worker = await openEngine(world.database.url, { workflows: [crowded], concurrency: 450 })
  await worker.engine.run()
  await expect.poll(() => crowd.now).toBe(450)
  crowd.open.resolve()
  for (const id of ids) expect((await world.ended(id)).operation.state).toBe('succeeded')
  expect(crowd.most).toBe(450)
  expect(await largestWrite('operation_steps')).toBeLessThanOrEqual(200)
  await worker.close()
})

test('what a step says of itself is cut to what is kept', async () => {
  const worker = await openEngine(world.database.url, { workflows: [wordy] })
  await worker.engine.run()
  const id = await world.start(wordy, {})
  await world.ended(id)
  await worker.close()
  const [row] = await world.sql<{ longest: number }[]>`
    select greatest(
      (select max(length(message)) from operation_events where operation_id = ${id}),
      (select max(greatest(length(waiting_for), length(progress), length(error ->> 'message'))) from operation_steps where operation_id = ${id}),
      (select length(error ->> 'message') from operations where id = ${id})) as longest`
  expect(row?.longest).toBeLessThanOrEqual(1000)
})

test('a history that is longer than a page is read to its end, each event once', async () => {
  const id = await world.start(straight, { polls: 0 })
  await world.sql`insert into operation_events (operation_id, seq, operation_state, state)
    select ${id}, n, 'running', 'running' from generate_series(2, 1700) as n`
  await world.sql`update operations set last_seq = 1700, ended_at = now(), state = 'succeeded' where id = ${id}`
  const seqs = (await world.ended(id)).events.map(({ seq }) => seq)
  expect(seqs).toEqual(Array.from({ length: 1700 }, (_, index) => index + 1))
})

test('a page of operations has as many as were asked for, and the next begins after its last', async () => {
  const seen: string[] = []
  for (let before: string | undefined; ; before = seen.at(-1)) {
    const page = await world.engine.list({ limit: 200, before })
    expect(page.length).toBeLessThanOrEqual(200)
    seen.push(...page.map(({ id }) => id))
    if (page.length < 200) break
  }
  const all = await world.sql<{ id: string }[]>`select id from operations order by id desc`
  expect(seen).toEqual(all.map(({ id }) => id))
})

test('operations without a job get theirs back, so many in one transaction and no more', async () => {
  await startMany(1200)
  await world.sql`delete from pgboss.job`
  // One look when it starts, and the next after 30 s.
  const worker = await openEngine(world.database.url, { workflows: [], concurrency: 1 })
  await worker.engine.run()
  await expect.poll(() => world.sql`select from pgboss.job`).toHaveLength(500)
  await worker.close()
})

test('the jobs of steps that are recorded are gone, and those that nothing was done for after a day', async () => {
  await world.sql`delete from pgboss.job`
  const worker = await openEngine(world.database.url, { concurrency: 1 })
  await worker.engine.run()
  const id = await world.start(straight, { polls: 0 })
  await world.ended(id)
  expect(await world.sql`select from pgboss.job where singleton_key = ${id}`).toHaveLength(0)
  await world.sql.begin(async (tx) => {
    const options = { resourceId: newId(), input: { polls: 0 }, requestedBy: 'test' }
    await tx`delete from operations where id = ${await world.engine.start(tx, straight, options)}`
  })
  await expect.poll(() => world.sql`select from pgboss.job where state = 'completed'`).toHaveLength(1)
  await worker.close()
  await world.sql`update pgboss.job set completed_on = now() - interval '25 hours' where state = 'completed'`
  const ended = () => world.sql`select from pgboss.job where state = 'completed'`
  expect((await ended()).length).toBeGreaterThan(0)
  const boss = new PgBoss({ connectionString: world.database.url, max: 2, migrate: false, schedule: false })
  await boss.start()
  // One process at a time tidies up: this one may have to ask again.
  const left = () => boss.supervise('operation-steps').then(ended)
  await expect.poll(left, { interval: 1000 }).toHaveLength(0)
  await boss.stop({ graceful: false })
})

test('an engine stops also where the database neither answers nor refuses, and a peer goes on with what it ran', async () => {
  await using there = await createWorld({ work: false })
  await using proxy = await startLossyProxy(there.database.url)
  const worker = await openEngine(proxy.url)
  await worker.run()
  const id = await there.start(endless, {})
  await there.saw(id, 'run')
  proxy.silence()
  await worker.engine.stop(0)
  await worker.sql.end({ timeout: 0 })
  const peer = await openEngine(there.database.url)
  await peer.run()
  await expect.poll(() => there.did(id)).toEqual(['run', 'run'])
  await there.cancel(id)
  expect((await there.ended(id)).operation.state).toBe('cancelled')
  await peer.close()
})
