import { again, newId, workflowsOn } from '@toygres/workflow'
import fc from 'fast-check'
import { setTimeout as after } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openEngine, type OpenEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { straight, workflows, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

/** Rests for longer than any test may take: only a wake-up ends it. */
const never = 3_600_000
const workflow = workflowsOn<Witnessed>()
const Listening = z.object({
  until: z.string(),
  /** Milliseconds from its look to its answer: what comes in between it has not seen. */
  slowness: z.int().default(0),
})
/** Who wants to know that the first look has been taken, by what is looked for: the worker is in this process. */
const looked = new Map<string, () => void>()
const listens = workflow('listens', { version: 1, input: Listening }).step(
  'listen',
  async ({ sql, input }) => {
    const found = await sql`select from witness where what = ${input.until}`
    looked.get(input.until)?.()
    if (found.length > 0) return 'heard'
    await after(input.slowness)
    return again({ after: never, because: 'nobody came' })
  },
)

/** Keeps its first look to itself until it is told to answer. */
const stares = workflow('stares', { version: 1, input: z.object({}) }).step(
  'stare',
  async ({ sql, operation }) => {
    const seen = async (what: string) =>
      (await sql`select from witness where operation_id = ${operation.id} and what = ${what}`).length > 0
    const arrived = await seen('arrived')
    await sql`insert into witness (operation_id, what) values (${operation.id}, 'looked')`
    while (!(await seen('answer'))) await after(10)
    if (!arrived) return again({ after: never, because: 'nobody came' })
  },
)
const givesUp = workflow('gives-up', { version: 1, input: z.object({}) }).step(
  'listen',
  async () => again({ after: 10, because: 'nobody came' }),
  { deadline: 30 },
)
const rests = workflow('rests', { version: 1, input: z.object({}) }).step(
  'try',
  async ({ attempt }) => {
    if (attempt === 1) throw new Error('once more')
  },
  { retry: { attempts: 2, firstDelay: never, longestDelay: never } },
)

let world: World
let worker: OpenEngine
beforeAll(async () => {
  const ours = [...workflows, listens, givesUp, rests, stares]
  world = await createWorld({ work: false, workflows: ours })
  // Without polls nothing makes up for a wake-up that was lost: its operation would never end.
  worker = await openEngine(world.database.url, { workflows: ours, concurrency: 64, polls: false })
  await worker.run()
})
afterAll(async () => {
  await worker.close()
  await world[Symbol.asyncDispose]()
})

/** Before the start; so many milliseconds after the start, or after the step has looked for the first time. */
const arrival = fc.record({
  from: fc.constantFrom('before', 'start', 'look', 'look', 'look'),
  ms: fc.nat({ max: 300 }),
  times: fc.integer({ min: 1, max: 3 }),
  slowness: fc.nat({ max: 600 }),
})
type Arrival = typeof arrival extends fc.Arbitrary<infer A> ? A : never

test('a wake-up is never lost, whenever and however often it comes', async () => {
  const seed = Date.now()
  const arrivals = fc.sample(arrival, { numRuns: 1000, seed })
  const end = async ({ from, ms, times, slowness }: Arrival) => {
    const [resourceId, until] = [newId(), newId()]
    const arrive = async () => {
      await world.tell(until)
      await Promise.all(Array.from({ length: times }, () => world.engine.wake(resourceId)))
    }
    const look = Promise.withResolvers<void>()
    looked.set(until, look.resolve)
    if (from === 'before') await arrive()
    const id = await world.start(listens, { until, slowness }, resourceId)
    if (from === 'look') await look.promise
    await after(ms)
    if (from !== 'before') await arrive()
    const history = await world.ended(id)
    expectSound(history)
    return history.operation.state
  }
  for (let i = 0; i < arrivals.length; i += 100) {
    const states = await Promise.all(arrivals.slice(i, i + 100).map(end))
    expect(new Set(states), `seed ${seed}, arrivals from ${i} on`).toEqual(new Set(['succeeded']))
  }
}, 180_000)

test('one that comes after the step has looked and before it answers makes it look again, once', async () => {
  const resourceId = newId()
  const id = await world.start(stares, {}, resourceId)
  await world.saw(id, 'looked')
  await world.tell('arrived', id)
  for (let i = 0; i < 20; i++) await world.engine.wake(resourceId)
  await world.tell('answer', id)
  expect((await world.ended(id)).operation.state).toBe('succeeded')
  expect(await world.did(id)).toEqual(['looked', 'arrived', 'answer', 'looked'])
})

test('many for a step that rests make it look again, and its waiting is told once', async () => {
  const [resourceId, until] = [newId(), newId()]
  const id = await world.start(listens, { until, slowness: 0 }, resourceId)
  await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
  for (let i = 0; i < 20; i++) await world.engine.wake(resourceId)
  await world.tell(until)
  await world.engine.wake(resourceId)
  expect((await world.ended(id)).events.filter(({ state }) => state === 'waiting')).toHaveLength(1)
})

test('one for a resource that nothing runs on, or runs on no longer, does nothing', async () => {
  const resourceId = newId()
  await world.engine.wake(resourceId)
  const id = await world.start(straight, { polls: 0 }, resourceId)
  const before = await world.ended(id)
  await world.engine.wake(resourceId)
  expect(await world.ended(id)).toEqual(before)
})

test('one that comes after the deadline changes nothing', async () => {
  const resourceId = newId()
  const id = await world.start(givesUp, {}, resourceId)
  const before = await world.ended(id)
  expect(before.operation.error?.code).toBe('DEADLINE_EXCEEDED')
  await world.engine.wake(resourceId)
  expect(await world.ended(id)).toEqual(before)
})

test('one for a parked operation leaves it parked, and is not needed once it is tried again', async () => {
  const [resourceId, until] = [newId(), newId()]
  const id = await world.start(listens, { until, slowness: 0 }, resourceId)
  await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
  await world.sql`update operations set input = '{}' where id = ${id}`
  await world.engine.wake(resourceId)
  await world.reached(id, 'parked')
  await world.engine.wake(resourceId)
  expect((await world.engine.get(id))?.state).toBe('parked')
  await world.tell(until)
  await world.sql`update operations set input = ${world.sql.json({ until, slowness: 0 })} where id = ${id}`
  await world.retry(id)
  expect((await world.ended(id)).operation.state).toBe('succeeded')
})

test('one for a step that rests before another attempt does not cost it an attempt', async () => {
  const resourceId = newId()
  const id = await world.start(rests, {}, resourceId)
  await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('retrying')
  await world.engine.wake(resourceId)
  const { operation } = await world.ended(id)
  expect(operation).toMatchObject({ state: 'succeeded' })
  expect(operation.steps[0]?.attempt).toBe(2)
})
