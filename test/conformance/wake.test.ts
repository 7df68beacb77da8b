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
const listens = workflow('listens', { version: 1, input: z.object({ until: z.string() }) }).step(
  'listen',
  async ({ sql, input }) => {
    const found = await sql`select from witness where what = ${input.until}`
    return found.length > 0 ? 'heard' : again({ after: never, because: 'nobody came' })
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
  const ours = [...workflows, listens, givesUp, rests]
  world = await createWorld({ work: false, workflows: ours })
  // Without polls nothing makes up for a wake-up that was lost: its operation would never end.
  worker = await openEngine(world.database.url, { workflows: ours, concurrency: 64 })
  await worker.runWithoutPolls()
})
afterAll(async () => {
  await worker.close()
  await world[Symbol.asyncDispose]()
})

interface Arrival {
  /** Milliseconds after the start; null: before it. */
  readonly at: number | null
  readonly times: number
}
/** Before it is claimed, while it looks, while its transition is written, while it rests: spread over all of that. */
const arrival = fc.record<Arrival>({
  at: fc.option(fc.integer({ min: 0, max: 150 }), { freq: 10 }),
  times: fc.integer({ min: 1, max: 3 }),
})

test('a wake-up is never lost, whenever and however often it comes', async () => {
  const seed = Date.now()
  const arrivals = fc.sample(arrival, { numRuns: 1000, seed })
  const end = async ({ at, times }: Arrival) => {
    const [resourceId, until] = [newId(), newId()]
    if (at === null) {
      await world.tell(until)
      await world.engine.wake(resourceId)
    }
    const id = await world.start(listens, { until }, resourceId)
    if (at !== null) {
      await after(at)
      await world.tell(until)
      await Promise.all(Array.from({ length: times }, () => world.engine.wake(resourceId)))
    }
    const history = await world.ended(id)
    expectSound(history)
    return history.operation.state
  }
  for (let i = 0; i < arrivals.length; i += 100) {
    const states = await Promise.all(arrivals.slice(i, i + 100).map(end))
    expect(new Set(states), `seed ${seed}, arrivals from ${i} on`).toEqual(new Set(['succeeded']))
  }
}, 180_000)

test('one that comes while the step looks makes it look again at once, and twice at most', async () => {
  const [resourceId, until] = [newId(), newId()]
  const id = await world.start(listens, { until }, resourceId)
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
  const id = await world.start(listens, { until }, resourceId)
  await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.state).toBe('waiting')
  await world.sql`update operations set input = '{}' where id = ${id}`
  await world.engine.wake(resourceId)
  await world.reached(id, 'parked')
  await world.engine.wake(resourceId)
  expect((await world.engine.get(id))?.state).toBe('parked')
  await world.tell(until)
  await world.sql`update operations set input = ${world.sql.json({ until })} where id = ${id}`
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
