import { newId, OperationInProgress } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endless, failing, flaky, impatient, straight } from './workflows.ts'
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

test('a failure undoes the completed steps in reverse, each once', async () => {
  const id = await world.start(failing, {})
  const { operation, events } = await world.ended(id)
  expect(operation).toMatchObject({
    state: 'failed',
    error: { code: 'BROKEN', step: 'break', leftovers: [] },
  })
  expect(await world.did(id)).toEqual(['reserve', 'deploy', 'check', 'undo deploy', 'undo reserve'])
  expect(events.at(-1)).toMatchObject({ operationState: 'failed', step: null })
})

test('waiting ends at the deadline when nothing moves', async () => {
  const { operation } = await world.ended(await world.start(impatient, {}))
  expect(operation.error?.code).toBe('DEADLINE_EXCEEDED')
  expect(operation.error?.message).toContain('nobody came')
})

test('a second operation on the same resource is refused and names the first', async () => {
  const resourceId = newId()
  const first = await world.start(endless, {}, resourceId)
  const second = await world.start(endless, {}, resourceId).catch((error: unknown) => error)
  expect(second).toBeInstanceOf(OperationInProgress)
  expect((second as OperationInProgress).operationId).toBe(first)
  await world.sql.begin((tx) => world.engine.cancel(tx, first))
  await world.ended(first)
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

test('what the caller wrote beside the start vanishes with it when the transaction rolls back', async () => {
  const resourceId = newId()
  const refused = world.sql.begin(async (tx) => {
    await world.engine.start(tx, straight, { resourceId, input: { polls: 0 }, requestedBy: 'test' })
    throw new Error('changed my mind')
  })
  await expect(refused).rejects.toThrow('changed my mind')
  expect(await world.engine.list({ resourceId, limit: 1 })).toEqual([])
})

test('an operation of a workflow that nobody knows is parked, with the reason, and neighbours go on', async () => {
  const id = await world.start(straight, { polls: 1 })
  await world.ended(id)
  const stranger = newId()
  await world.sql.begin(async (tx) => {
    const started = await world.engine.start(tx, straight, {
      resourceId: stranger,
      input: { polls: 0 },
      requestedBy: 'test',
    })
    await tx`update operations set version = 99 where id = ${started}`
  })
  await expect
    .poll(async () => (await world.engine.list({ resourceId: stranger, limit: 1 }))[0]?.state)
    .toBe('parked')
  const [parked] = await world.engine.list({ resourceId: stranger, limit: 1 })
  expect(parked?.error?.message).toContain('straight version 99')
  expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
})
