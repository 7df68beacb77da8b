import { crashPoints, type CrashPoint } from '@toygres/workflow'
import { beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from './open-engine.ts'
import { expectSound } from './sound-history.ts'
import { chapters, resourceOf, tellStory } from './story.ts'
import { died, kill, startProcess } from '../harness/killable-process.ts'
import { createWorld, type World } from './world.ts'

/** How often an undisturbed story passes each point. */
const passes = new Map<string, number>()

beforeAll(async () => {
  await using world = await createWorld({
    reach: (point) => void passes.set(point, (passes.get(point) ?? 0) + 1),
  })
  await tellStory(world, { round: 0, atOnce: false })
  await expectStoryToHold(world)
})

test('every crash point is passed by the story, so that the tests below are about something', () => {
  expect(crashPoints.filter((point) => !passes.has(point))).toEqual([])
})

/** Of the story's course: at its begin, in its first and its second half, and near its end. */
const moments = [0, 0.3, 0.6, 0.85]

// Generated from the engine's own list: a point that is added is tested, and one that no chapter reaches fails.
describe.concurrent.each(crashPoints)('a worker killed at %s', (crashAt: CrashPoint) => {
  test.each(moments)(
    'and %f of the way through costs nothing: a peer ends the operations',
    async (moment) => {
      await using world = await createWorld({ work: false })
      const orders = {
        crashAt,
        skip: Math.floor((passes.get(crashAt) ?? 0) * moment),
        // Half of the crashes hit one operation, half of them hit many, each somewhere else in its course.
        atOnce: moments.indexOf(moment) % 2 === 1,
      }
      const victim = await startProcess(new URL('story-main.ts', import.meta.url), {
        args: [JSON.stringify({ databaseUrl: world.database.url, ...orders })],
      })
      try {
        await died(victim)
      } finally {
        await kill(victim)
      }
      expect(victim.signalCode).toBe('SIGKILL')
      await world.lapse()
      const peer = await openEngine(world.database.url)
      try {
        await peer.engine.run()
        for (let round = 0; await isBegun(world, round); round++)
          await tellStory(peer, { round, atOnce: true })
        await expectStoryToHold(world)
      } finally {
        await peer.close()
      }
    },
  )
})

const isBegun = async (world: World, round: number): Promise<boolean> => {
  const resources = Object.keys(chapters).map((_, index) => resourceOf(round, index))
  const rows = await world.sql`select from operations where resource_id in ${world.sql(resources)} limit 1`
  return round === 0 || rows.length > 0
}

/** Each operation exists with its caller's row, has ended as its chapter says, once, and did what it had to. */
async function expectStoryToHold(world: World): Promise<void> {
  for (let round = 0; await isBegun(world, round); round++)
    for (const [index, { ends, did }] of Object.values(chapters).entries()) {
      const operations = await world.engine.list({ resourceId: resourceOf(round, index), limit: 10 })
      expect(operations.map(({ state }) => state).toReversed()).toEqual(ends)
      for (const { id } of operations) {
        expectSound(await world.ended(id))
        expect((await world.did(id)).join()).toMatch(did)
      }
    }
}
