import { crashPoints } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { died, kill, startWorkerProcess } from './worker-process.ts'
import { failing, straight } from './workflows.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ work: false })
})
afterAll(() => world[Symbol.asyncDispose]())

async function endsOnce(id: string) {
  const { operation, events } = await world.ended(id)
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
  const terminal = events.filter(
    (event) => event.step === null && ['succeeded', 'failed', 'cancelled'].includes(event.state),
  )
  expect(terminal).toHaveLength(1)
  return operation
}

const times = (all: string[], what: string) => all.filter((one) => one === what).length

for (const crashAt of crashPoints) {
  test(`a worker killed at ${crashAt} costs nothing: a peer ends the operations`, async () => {
    const [good, bad] = await Promise.all([world.start(straight, { polls: 1 }), world.start(failing, {})])
    // Three passes in, so that the crash hits an operation in the middle as well as at its begin.
    const victim = await startWorkerProcess(world.database.url, { crashAt, skip: 3 })
    await died(victim)
    const peer = await startWorkerProcess(world.database.url)
    try {
      expect((await endsOnce(good)).state).toBe('succeeded')
      expect((await endsOnce(bad)).state).toBe('failed')
      const [did, undid] = [await world.did(good), await world.did(bad)]
      // SQL-only steps are exactly once, whatever happens; others may run again, but are recorded once.
      for (const what of ['reserve', 'finish']) expect(times(did, what)).toBe(1)
      expect(times(undid, 'reserve')).toBe(1)
      expect(times(undid, 'undo reserve')).toBe(1)
      expect(times(undid, 'undo deploy')).toBeGreaterThanOrEqual(1)
      expect(undid.at(-1)).toBe('undo reserve')
    } finally {
      await kill(peer)
    }
  })
}
