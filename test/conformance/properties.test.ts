import { newId } from '@toygres/workflow'
import fc from 'fast-check'
import { setTimeout as after } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectSound } from './sound-history.ts'
import { kill } from '../harness/killable-process.ts'
import { startWorkerProcess } from './worker-process.ts'
import { endings, shapes } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

const position = fc.nat({ max: 5 })
/** Mostly well, so that stories get far. */
const ending = fc.oneof(
  { weight: 5, arbitrary: fc.constant<(typeof endings)[number]>('ok') },
  { weight: 2, arbitrary: fc.constantFrom(...endings) },
)
const story = fc.record({
  shape: fc.constantFrom(...shapes.map(({ shape }) => shape)),
  runs: fc.array(fc.tuple(position, fc.array(ending, { maxLength: 4 })), { maxLength: 6 }),
  undos: fc.array(fc.tuple(position, fc.array(fc.constantFrom('ok', 'again', 'throw'), { maxLength: 2 })), {
    maxLength: 3,
  }),
  /** Milliseconds after the start. */
  cancelAfter: fc.option(fc.nat({ max: 400 }), { freq: 2 }),
  wakeAfter: fc.option(fc.nat({ max: 400 }), { freq: 2 }),
})
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

/** A worker is killed each time that so many more have ended. Fewer often than what parks a step as poisonous. */
const run = fc.record({
  stories: fc.array(story, { minLength: 25, maxLength: 40 }),
  kills: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
})

test('whatever steps do, whoever cancels and wakes, and whichever worker is killed: every operation ends once, and as it has to', async () => {
  await fc.assert(
    fc.asyncProperty(run, async ({ stories, kills }) => {
      const workers = await Promise.all([1, 2].map(() => startWorkerProcess(world.database.url)))
      try {
        let ended = 0
        const killing = killOneAfterAnother(kills, () => ended, workers)
        const endings_ = stories.map((one) => play(one).finally(() => ended++))
        await Promise.all([killing, ...endings_])
      } finally {
        await Promise.all(workers.map(kill))
      }
    }),
    // Shrinking would tell the same long story again and again; the seed that is printed tells it once.
    { numRuns: 3, endOnFailure: true },
  )
}, 180_000)

async function killOneAfterAnother(
  kills: readonly number[],
  ended: () => number,
  workers: Awaited<ReturnType<typeof startWorkerProcess>>[],
): Promise<void> {
  let next = 0
  for (const more of kills) {
    next += more
    while (ended() < next) await after(20)
    const victim = workers.shift() ?? expect.unreachable('there are always two')
    await kill(victim)
    await world.lapse(victim.pid)
    workers.push(await startWorkerProcess(world.database.url))
  }
}

/** Tells one story and checks how it ended. */
async function play({ shape, runs, undos, cancelAfter, wakeAfter }: Story): Promise<void> {
  const { workflow } = shapes.find((one) => one.shape === shape) ?? expect.unreachable()
  const steps = shape.split('').map((letter, index) => `${letter}${index}`)
  const byName = <T>(entries: readonly (readonly [number, T])[]) =>
    Object.fromEntries(entries.map(([index, value]) => [steps[index % steps.length] ?? '', value]))
  const resourceId = newId()
  const input = { run: byName(runs), undo: byName(undos) }
  const id = await world.start(workflow, input, resourceId)
  const cancelling = cancelAfter === null ? null : after(cancelAfter).then(() => world.cancel(id))
  const waking = wakeAfter === null ? null : after(wakeAfter).then(() => world.engine.wake(resourceId))
  const history = await world.ended(id)
  await Promise.all([cancelling, waking])

  expectSound(history)
  const { operation, events } = history
  const did = await world.did(id)
  const firsts = [...new Set(did.filter((what) => !what.startsWith('undo')))]
  expect(firsts).toEqual(steps.filter((step) => firsts.includes(step)))
  if (cancelAfter === null) expect(operation.state).not.toBe('cancelled')
  expect(operation.error?.leftovers ?? []).toEqual([])

  // What SQL alone did, it did once, however often a worker died; what failed left nothing.
  const once = did.filter((what) => /^(undo )?[tv]/.test(what))
  expect(new Set(once).size).toBe(once.length)

  const rows = operation.steps.filter(({ name, startedAt }) => startedAt !== null && name !== 'begin')
  const undone = events.filter(({ state }) => state === 'undone').map(({ step }) => step)
  if (operation.state === 'succeeded') {
    expect(firsts).toEqual(steps)
    expect(did.filter((what) => what.startsWith('undo'))).toEqual([])
  } else {
    // Exactly what has begun and can be undone, in reverse.
    const undoable = rows.map(({ name }) => name).filter((name) => /^[uv]/.test(name))
    expect(undone).toEqual(undoable.toReversed())
    for (const step of firsts.filter((name) => /^[uv]/.test(name))) expect(undone).toContain(step)
  }
}
