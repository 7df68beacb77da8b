import { again, newId, PermanentError, workflowsOn, type Workflow } from '@toygres/workflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openEngine, type Settings } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { straight, type Witnessed } from './workflows.ts'
import { createWorld, type World } from './world.ts'

const workflow = workflowsOn<Witnessed>()
const Input = z.object({ restsIn: z.string() })

/** Does its steps in this order; rests in the one that the input names until the operation is told to go on. */
function code(
  steps: readonly string[],
  version = 1,
): Workflow<Witnessed, z.infer<typeof Input>, unknown, void> {
  let built: Workflow<Witnessed, z.infer<typeof Input>, unknown, void> = workflow('ship', {
    version,
    input: Input,
  })
  for (const name of steps)
    built = built.step(name, async ({ sql, operation, input }) => {
      const told = await sql`select from witness where operation_id = ${operation.id} and what = 'go on'`
      if (name === input.restsIn && told.length === 0) return again({ after: 3_600_000, because: 'resting' })
      await sql`insert into witness (operation_id, what) values (${operation.id}, ${`${name} by ${version}`})`
    })
  return built
}
const before = ['pack', 'label', 'send']
const old = code(before)

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false, workflows: [old] })
})
afterAll(() => world[Symbol.asyncDispose]())

/** A worker with this code, for as long as this takes. */
async function withCode(
  workflows: NonNullable<Settings['workflows']>,
  run: () => Promise<void>,
): Promise<void> {
  const worker = await openEngine(world.database.url, { workflows })
  await worker.engine.run()
  try {
    await run()
  } finally {
    await worker.close()
  }
}

const changes: Record<string, { steps: string[]; expected: RegExp; found: RegExp }> = {
  'puts its steps in another order': { steps: ['send', 'pack', 'label'], expected: /pack/, found: /send/ },
  'gives a step another name': { steps: ['pack', 'tag', 'send'], expected: /label/, found: /tag/ },
  'drops a step': { steps: ['pack', 'send'], expected: /label/, found: /send/ },
  'adds a step': { steps: ['pack', 'weigh', 'label', 'send'], expected: /label/, found: /weigh/ },
  'adds a step at the end': {
    steps: ['pack', 'label', 'send', 'bill'],
    expected: /no step|nothing|its end/,
    found: /bill/,
  },
}

describe.each(Object.keys(changes))('code of the same version that %s', (change) => {
  test.each(before)(
    'parks an operation that is in step %s, and runs nothing of it; the right code goes on',
    async (restsIn) => {
      const { steps, expected, found } = changes[change] ?? expect.unreachable()
      const id = await begunIn(restsIn)
      await withCode([code(steps)], async () => {
        await world.hurry()
        const { error } = await world.reached(id, 'parked')
        expect(error?.step).toBe(restsIn)
        expect(error?.message).toMatch(expected)
        expect(error?.message).toMatch(found)
        expect(error?.message).toContain('ship version 1')
      })
      expect(await world.did(id)).toEqual(
        before.slice(0, before.indexOf(restsIn)).map((step) => `${step} by 1`),
      )
      await goesOnWith([old], id)
    },
  )
})

test('a version that nobody here knows parks its operation, whatever else is known; registered beside the new one, it goes on', async () => {
  const id = await begunIn('label')
  const next = code(['pack', 'label', 'insure', 'send'], 2)
  await withCode([next], async () => {
    await world.hurry()
    const { error } = await world.reached(id, 'parked')
    expect(error).toMatchObject({
      code: 'UNKNOWN_WORKFLOW',
      message: expect.stringContaining('ship version 1'),
    })
    const young = await world.sql.begin((tx) =>
      world.engine.start(tx, next, { resourceId: newId(), input: { restsIn: '' }, requestedBy: 'test' }),
    )
    expect((await world.ended(young)).operation).toMatchObject({ state: 'succeeded', version: 2 })
  })
  await goesOnWith([old, next], id)
})

test('operations of the old version that rest go on with it when the new one is there too, and new ones begin with the new', async () => {
  const id = await begunIn('label')
  const next = code(['label', 'send'], 2)
  await withCode([old, next], async () => {
    await world.tell('go on', id)
    await world.hurry()
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('succeeded')
    expect(await world.did(id)).toEqual(['pack by 1', 'go on', 'label by 1', 'send by 1'])
  })
})

test('a workflow that was given up parks its operations, and other workflows go on', async () => {
  const id = await begunIn('send')
  await withCode([straight], async () => {
    await world.hurry()
    await world.reached(id, 'parked')
    expect((await world.ended(await world.start(straight, { polls: 0 }))).operation.state).toBe('succeeded')
  })
  await goesOnWith([old], id)
})

/** Under way with the old code, which has been stopped since. */
async function begunIn(restsIn: string): Promise<string> {
  const id = await world.start(old, { restsIn })
  await withCode([old], () =>
    expect
      .poll(async () => (await world.engine.get(id))?.steps.find(({ state }) => state === 'waiting')?.name)
      .toBe(restsIn),
  )
  return id
}

async function goesOnWith(workflows: NonNullable<Settings['workflows']>, id: string): Promise<void> {
  await withCode(workflows, async () => {
    await world.tell('go on', id)
    expect(await world.retry(id)).toBe('running')
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation).toMatchObject({ state: 'succeeded', error: null })
  })
  const did = (await world.did(id)).filter((what) => what !== 'go on')
  expect(did).toEqual(before.map((step) => `${step} by 1`))
}

const undone = workflow('recall', { version: 1, input: z.object({}) })
  .step('ship', async () => {}, {
    undo: async ({ sql, operation }) => {
      const told = await sql`select from witness where operation_id = ${operation.id} and what = 'go on'`
      if (told.length === 0) return again({ after: 60_000, because: 'resting' })
      await sql`insert into witness (operation_id, what) values (${operation.id}, 'undo ship')`
    },
  })
  .step('break', async () => {
    throw new PermanentError('BROKEN', 'it is broken')
  })

test('an operation that was parked while it was undone goes on undoing, for the reason that it had', async () => {
  const id = await world.start(undone, {})
  await withCode([undone], async () => {
    await expect.poll(async () => (await world.engine.get(id))?.steps[0]?.waitingFor).toBe('resting')
  })
  await withCode([old], async () => {
    await world.hurry()
    expect((await world.reached(id, 'parked')).error).toMatchObject({ code: 'UNKNOWN_WORKFLOW' })
  })
  await withCode([undone], async () => {
    await world.tell('go on', id)
    expect(await world.retry(id)).toBe('undoing')
    const history = await world.ended(id)
    expectSound(history)
    expect(history.operation.state).toBe('failed')
    expect(history.operation.steps.map(({ state }) => state)).toEqual(['undone', 'failed'])
  })
  expect(await world.did(id)).toEqual(['go on', 'undo ship'])
})
