import { again, newId, PermanentError, workflowsOn, type OperationState } from '@toygres/workflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { workflows, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

const Moment = z.object({ stopsIn: z.enum(['body', 'wait', 'back-off', 'undo', 'nowhere']) })

const witness = ({ sql, operation }: Witnessed & { operation: { id: string } }, what: string) =>
  sql`insert into witness (operation_id, what) values (${operation.id}, ${what})`
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
const long = 3_600_000

/** Rests for ever at the moment that its input names, in its second step of three. */
const resting = workflowsOn<Witnessed>()('resting', { version: 1, input: Moment })
  .step('first', async (context) => void (await witness(context, 'first')), {
    undo: async (context) => void (await witness(context, 'undo first')),
  })
  .step(
    'second',
    async (context) => {
      const { input, signal } = context
      await witness(context, 'second')
      if (input.stopsIn === 'wait') return again({ after: long, because: 'nobody came' })
      if (input.stopsIn === 'back-off') throw new Error('try again, much later')
      if (input.stopsIn === 'undo') throw new PermanentError('BROKEN', 'it is broken for good')
      if (input.stopsIn === 'body')
        await untilAborted(signal).finally(() => witness(context, 'was told to stop'))
    },
    {
      deadline: 2 * long,
      timeout: long,
      retry: { attempts: 3, firstDelay: long, longestDelay: long },
      undo: async (context) => {
        await witness(context, 'undo second')
        if (context.input.stopsIn === 'undo') {
          const told =
            await context.sql`select from witness where operation_id = ${context.operation.id} and what = 'let go'`
          if (told.length === 0) return again({ after: 20, because: 'nobody has let go' })
        }
      },
    },
  )
  .step('third', async (context) => void (await witness(context, 'third')))

let world: World
beforeAll(async () => {
  world = await createWorld({ workflows: [...workflows, resting] })
})
afterAll(() => world[Symbol.asyncDispose]())

const stepIs = (id: string, state: string) =>
  expect.poll(async () => (await world.engine.get(id))?.steps[1]?.state).toBe(state)

describe('whatever an operation is doing when it is cancelled, what it did is undone once', () => {
  const undone = ['undo second', 'undo first']

  test('in the middle of a body, which is told to stop', async () => {
    const id = await world.start(resting, { stopsIn: 'body' })
    await world.saw(id, 'second')
    expect(await world.cancel(id)).toBe('cancelling')
    await endsCancelled(id)
    expect(await world.did(id)).toEqual(['first', 'second', 'was told to stop', ...undone])
  })

  test('while it waits to look again', async () => {
    const id = await world.start(resting, { stopsIn: 'wait' })
    await stepIs(id, 'waiting')
    expect(await world.cancel(id)).toBe('cancelling')
    await endsCancelled(id)
    expect(await world.did(id)).toEqual(['first', 'second', ...undone])
  })

  test('while it rests before another attempt', async () => {
    const id = await world.start(resting, { stopsIn: 'back-off' })
    await stepIs(id, 'retrying')
    expect(await world.cancel(id)).toBe('cancelling')
    await endsCancelled(id)
    expect(await world.did(id)).toEqual(['first', 'second', ...undone])
  })

  test('while it is parked', async () => {
    const id = await world.start(resting, { stopsIn: 'wait' })
    await stepIs(id, 'waiting')
    await world.sql`update operations set input = '{"stopsIn": 5}' where id = ${id}`
    await world.hurry()
    await world.reached(id, 'parked')
    await world.sql`update operations set input = '{"stopsIn": "nowhere"}' where id = ${id}`
    expect(await world.cancel(id)).toBe('cancelling')
    await endsCancelled(id)
    expect(await world.did(id)).toEqual(['first', 'second', ...undone])
  })

  test('before anybody has begun it: only what was written beside its start is taken back', async () => {
    await using idle = await createWorld({ work: false })
    const id = await idle.start(resting, { stopsIn: 'nowhere' })
    expect(await idle.cancel(id)).toBe('cancelling')
    const worker = await openEngine(idle.database.url, { workflows: [resting] })
    await worker.engine.run()
    expect((await idle.ended(id)).operation.state).toBe('cancelled')
    expect(await idle.did(id)).toEqual(['undo first'])
    await worker.close()
  })

  test('while it waits for another operation to end: that one goes on, and it is stopped when its turn comes', async () => {
    const resourceId = newId()
    const first = await world.start(resting, { stopsIn: 'wait' }, resourceId)
    const second = await world.sql.begin((tx) =>
      world.engine.start(tx, resting, {
        resourceId,
        input: { stopsIn: 'nowhere' },
        requestedBy: 'test',
        after: first,
      }),
    )
    expect(await world.cancel(second)).toBe('cancelling')
    await stepIs(first, 'waiting')
    expect(await world.did(second)).toEqual([])
    await world.cancel(first)
    await endsCancelled(first)
    await endsCancelled(second)
    expect(await world.did(second)).toEqual(['undo first'])
  })
})

test('one that is being undone already goes on with that, and fails as it would have', async () => {
  const id = await world.start(resting, { stopsIn: 'undo' })
  await world.saw(id, 'undo second')
  expect(await world.cancel(id)).toBe('undoing')
  await world.tell('let go', id)
  const history = await world.ended(id)
  expectSound(history)
  expect(history.operation).toMatchObject({ state: 'failed', error: { code: 'BROKEN', leftovers: [] } })
  expect((await world.did(id)).filter((what) => what === 'undo first')).toHaveLength(1)
})

test.each<[OperationState, 'nowhere' | 'body']>([
  ['succeeded', 'nowhere'],
  ['cancelled', 'body'],
])('one that has %s stays what it is', async (state, stopsIn) => {
  const id = await world.start(resting, { stopsIn })
  if (stopsIn === 'body') await world.cancel(id)
  const before = await world.ended(id)
  expect(await world.cancel(id)).toBe(state)
  expect(await world.ended(id)).toEqual(before)
})

test('there is nothing to cancel where there is no operation', async () => {
  expect(await world.cancel(newId())).toBeNull()
})

test('cancelling ten times at once is cancelling once', async () => {
  const id = await world.start(resting, { stopsIn: 'body' })
  await world.saw(id, 'second')
  const answers = await Promise.all(Array.from({ length: 10 }, () => world.cancel(id)))
  for (const answer of answers) expect(answer).toMatch(/cancelling|undoing|cancelled/)
  const { events } = await world.ended(id)
  expect(events.filter(({ state }) => state === 'cancelling')).toHaveLength(1)
  expect(await world.did(id)).toEqual(['first', 'second', 'was told to stop', 'undo second', 'undo first'])
})

test('at whatever moment it comes, a cancellation ends in exactly one of the two ways', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const id = await world.start(resting, { stopsIn: 'nowhere' })
      // From before its first claim until after its end, by as many reads as fit in between.
      for (let i = 0; i < index % 12; i++) await world.engine.get(id)
      await world.cancel(id)
      const history = await world.ended(id)
      expectSound(history)
      const did = await world.did(id)
      if (history.operation.state === 'cancelled') {
        // The first step counts as begun from the start.
        const begun = did.includes('second') ? ['second', 'first'] : ['first']
        expect(did.filter((what) => what.startsWith('undo'))).toEqual(begun.map((step) => `undo ${step}`))
      } else expect(did).toEqual(['first', 'second', 'third'])
      return history.operation.state
    }),
  )
  for (const state of outcomes) expect(['cancelled', 'succeeded']).toContain(state)
})

async function endsCancelled(id: string): Promise<void> {
  const history = await world.ended(id)
  expectSound(history)
  expect(history.operation).toMatchObject({ state: 'cancelled', error: null })
}
