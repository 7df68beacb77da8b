import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSound } from './sound-history.ts'
import { died, kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { trip } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const steps = ['plan', 'flight', 'weather', 'hotel', 'invoice']
const undoable = new Set(['plan', 'flight', 'hotel', 'invoice'])
/** What SQL alone did before it failed was rolled back. */
const ranBefore = (failsAt: string) =>
  steps.slice(0, steps.indexOf(failsAt) + (failsAt === 'plan' || failsAt === 'invoice' ? 0 : 1))
const begunBy = (failsAt: string) =>
  steps.slice(0, steps.indexOf(failsAt) + 1).filter((step) => undoable.has(step))

test.each(steps)('a failure at %s undoes exactly what has begun, in reverse, each once', async (failsAt) => {
  const id = await world.start(trip, { failsAt })
  const history = await world.ended(id)
  expectSound(history)
  const { operation, events } = history
  expect(operation).toMatchObject({
    state: 'failed',
    error: { code: 'BROKEN', message: `${failsAt} is broken for good`, step: failsAt, leftovers: [] },
  })
  const undone = begunBy(failsAt).toReversed()
  expect(await world.did(id)).toEqual([...ranBefore(failsAt), ...undone.map((step) => `undo ${step}`)])
  expect(events.filter(({ state }) => state === 'undone').map(({ step }) => step)).toEqual(undone)
  // What made the step fail stays readable after it was undone.
  expect(operation.steps.find(({ name }) => name === failsAt)?.error?.code).toBe('BROKEN')
})

test('what cannot be undone is named, and everything else is undone all the same', async () => {
  const id = await world.start(trip, { failsAt: 'invoice', sticksUndoing: 'hotel' })
  const history = await world.ended(id)
  expectSound(history)
  expect(history.operation).toMatchObject({
    state: 'failed',
    error: { code: 'BROKEN', step: 'invoice', leftovers: ['hotel'] },
  })
  expect((await world.did(id)).slice(-2)).toEqual(['undo flight', 'undo plan'])
})

test('a cancelled operation that left something behind has failed: "cancelled" means undone', async () => {
  const id = await world.start(trip, { failsAt: 'hotel', sticksUndoing: 'flight' })
  await world.saw(id, 'hotel')
  await world.cancel(id)
  const { operation } = await world.ended(id)
  expect(operation).toMatchObject({ state: 'failed', error: { leftovers: ['flight'] } })
})

describe('in workers that are killed', () => {
  let victims: World
  beforeAll(async () => {
    victims = await createWorld({ work: false })
  })
  afterAll(() => victims[Symbol.asyncDispose]())

  test.each(['hotel', 'flight'])(
    'a SIGKILL while %s is undone undoes nothing twice and forgets nothing',
    async (step) => {
      const id = await victims.start(trip, { failsAt: 'invoice', diesUndoing: step })
      await died(await startWorkerProcess(victims.database.url))
      await victims.lapse()
      const peer = await startWorkerProcess(victims.database.url)
      try {
        const history = await victims.ended(id)
        expectSound(history)
        const undone = ['invoice', 'hotel', 'flight', 'plan']
        expect(history.operation).toMatchObject({
          state: 'failed',
          error: { step: 'invoice', leftovers: [] },
        })
        expect(history.events.filter(({ state }) => state === 'undone').map((e) => e.step)).toEqual(undone)
        // It has been undone since its first worker began it.
        const { undo } = history.operation.steps.find(({ name }) => name === step) ?? {}
        const lostAt = history.events.find(({ code }) => code === 'TAKEN_OVER')?.at
        expect(undo?.startedAt.getTime()).toBeLessThan(lostAt?.getTime() ?? 0)
        const attempts = await victims.sql`
          select attempt, state from operation_attempts
          where operation_id = ${id} and step = ${step} and undo order by seq`
        expect([...attempts]).toEqual([
          { attempt: 1, state: 'lost' },
          { attempt: 1, state: 'undone' },
        ])
        const undos = (await victims.did(id)).filter((what) => what.startsWith('undo'))
        // Only the undo that died in the middle has run again.
        expect(undos).toEqual(
          undone.flatMap((one) => (one === step ? [`undo ${one}`, `undo ${one}`] : [`undo ${one}`])),
        )
      } finally {
        await kill(peer)
      }
    },
  )
})
