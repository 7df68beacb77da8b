import { newId, OperationInProgress } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectSound } from './sound-history.ts'
import { brittle, endless, sticky, stuckTwice } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const retry = (id: string) => world.sql.begin((tx) => world.engine.retry(tx, id))
const mend = (id: string) => world.sql`insert into witness (operation_id, what) values (${id}, 'mended')`

test('a failed operation goes on from the first step that was undone, with attempts anew', async () => {
  const id = await world.start(brittle, {})
  const { operation: failed } = await world.ended(id)
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'BROKEN', step: 'break' } })
  await mend(id)
  expect(await retry(id)).toBe('running')
  const { operation, events } = await world.ended(id)
  expect(operation).toMatchObject({ state: 'succeeded', error: null })
  expect(operation.steps.map(({ state, attempt }) => [state, attempt])).toEqual([
    ['succeeded', 1],
    ['succeeded', 1],
    ['succeeded', 1],
  ])
  // The first step has no undo: it stays done.
  expect(await world.did(id)).toEqual(['look', 'deploy', 'break', 'undo deploy', 'mended', 'deploy', 'break'])
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
})

test('an operation that left something behind goes on with removing it', async () => {
  const id = await world.start(sticky, {})
  expect((await world.ended(id)).operation).toMatchObject({
    state: 'failed',
    error: { leftovers: ['deploy'] },
  })
  await mend(id)
  expect(await retry(id)).toBe('undoing')
  expect((await world.ended(id)).operation).toMatchObject({
    state: 'failed',
    error: { code: 'BROKEN', leftovers: [] },
  })
})

test('every step of an undo that is tried again is given its time anew, and what was left behind is gone in the end', async () => {
  const id = await world.start(stuckTwice, {})
  expect((await world.ended(id)).operation).toMatchObject({
    state: 'failed',
    error: { code: 'BROKEN', leftovers: ['second', 'first'] },
  })
  const polled = async (step: string) =>
    (await world.did(id)).filter((what) => what === `undo ${step}`).length
  const before = { first: await polled('first'), second: await polled('second') }
  expect(await retry(id)).toBe('undoing')
  expect((await world.ended(id)).operation.error?.leftovers).toEqual(['second', 'first'])
  // One that is past its deadline already would be given up at its first look.
  expect(await polled('second')).toBeGreaterThan(before.second + 1)
  expect(await polled('first')).toBeGreaterThan(before.first + 1)
  await mend(id)
  expect(await retry(id)).toBe('undoing')
  const history = await world.ended(id)
  expectSound(history)
  expect(history.operation).toMatchObject({ state: 'failed', error: { code: 'BROKEN', leftovers: [] } })
  expect(history.operation.steps.map(({ state }) => state)).toEqual(['undone', 'undone', 'failed'])
})

test('only what failed or was parked is retried', async () => {
  const resourceId = newId()
  const failed = await world.start(brittle, {}, resourceId)
  await world.ended(failed)
  const running = await world.start(endless, {}, resourceId)
  expect(await retry(running)).toMatch(/queued|running/)
  await expect(retry(failed)).rejects.toThrow(OperationInProgress)
  await world.sql.begin((tx) => world.engine.cancel(tx, running))
  expect((await world.ended(running)).operation.state).toBe('cancelled')
  expect(await retry(running)).toBe('cancelled')
  expect(await retry(newId())).toBeNull()
})
