import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endless, flaky, impatient, straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('steps run in order, each once, and the history says so', async () => {
  const id = await world.start(straight, { polls: 2 })
  const { operation, events } = await world.ended(id)
  expect(operation.state).toBe('succeeded')
  expect(operation.steps.map((step) => [step.name, step.state, step.attempt])).toEqual([
    ['reserve', 'succeeded', 1],
    ['deploy', 'succeeded', 1],
    ['await', 'succeeded', 1],
    ['finish', 'succeeded', 1],
  ])
  expect(await world.did(id)).toEqual(['reserve', 'deploy', 'poll', 'poll', 'finish'])
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
  // A poll that finds the same as the one before is not news.
  expect(events.filter((event) => event.state === 'waiting')).toHaveLength(1)
})

test('a step that fails is tried again by its policy, and what succeeded counts its attempts', async () => {
  const { operation, events } = await world.ended(await world.start(flaky, { failures: 2 }))
  expect(operation.state).toBe('succeeded')
  expect(operation.steps[0]).toMatchObject({ state: 'succeeded', attempt: 3, error: null })
  expect(events.filter((event) => event.state === 'retrying').map((event) => event.message)).toEqual([
    'attempt 1 failed',
    'attempt 2 failed',
  ])
})

test('an operation whose retries are used up fails with the last error', async () => {
  const { operation } = await world.ended(await world.start(flaky, { failures: 9 }))
  expect(operation).toMatchObject({
    state: 'failed',
    error: { code: 'STEP_FAILED', message: 'attempt 4 failed', step: 'try' },
  })
})

test('waiting ends at the deadline when nothing moves', async () => {
  const { operation } = await world.ended(await world.start(impatient, {}))
  expect(operation.error?.code).toBe('DEADLINE_EXCEEDED')
  expect(operation.error?.message).toContain('nobody came')
})

test('an operation that waits for another begins when that one has ended', async () => {
  const resourceId = newId()
  const first = await world.start(endless, {}, resourceId)
  const second = await world.sql.begin(async (tx) => {
    const active = await world.engine.findActive(tx, resourceId)
    await world.engine.cancel(tx, first)
    const options = { resourceId, input: { polls: 0 }, requestedBy: 'test', after: active?.id ?? '' }
    return world.engine.start(tx, straight, options)
  })
  const { operation } = await world.ended(second)
  const ended = (await world.ended(first)).operation
  expect([ended.state, operation.state]).toEqual(['cancelled', 'succeeded'])
  expect(operation.startedAt?.getTime()).toBeGreaterThanOrEqual(ended.endedAt?.getTime() ?? Infinity)
})
