import type { Instances } from '@toygres/control-plane'
import { instance } from '@toygres/api/testing'
import { ToygresError as Refusal, type InstanceChange } from '@toygres/schema'
import { expect, test } from 'vitest'
import { InternalError } from './index.ts'
import { serve } from './testing/serve.ts'

const instancesRun = '01981d3e-0000-7000-8000-000000000009'
const positionOf = (n: number) => `${instancesRun}.${n}`
const numberIn = (position: string | undefined) => Number(position?.split('.')[1] ?? 0)

/** Changes that are told one after the other, as somebody writes them. */
function ledger() {
  let written = 0
  let ring = Promise.withResolvers<void>()
  const begunAt: number[] = []
  const watch: Instances['watch'] = async function* (_, { after, signal }) {
    begunAt.push(numberIn(after))
    const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    for (let n = numberIn(after); !signal.aborted;) {
      if (n < written) yield { position: positionOf(++n), type: 'changed', instance } satisfies InstanceChange
      else await Promise.race([ring.promise, left])
    }
  }
  function write() {
    written++
    ring.resolve()
    ring = Promise.withResolvers()
  }
  return { watch, write, begunAt }
}

test('a watch whose connection is cut again and again tells of every change once, in order', async () => {
  const { watch, write, begunAt } = ledger()
  const served = await serve({ instances: { watch } })
  const connections: boolean[] = []
  const stop = new AbortController()
  const changes = served.toygres.instances.watch({
    signal: stop.signal,
    onConnection: (connected) => connections.push(connected),
  })
  const cuts = 8
  const seen: number[] = []
  write()
  try {
    for await (const { position } of changes) {
      seen.push(numberIn(position))
      if (seen.length > cuts) break
      served.cut()
      write()
    }
  } finally {
    stop.abort()
  }
  expect(seen).toEqual(Array.from({ length: cuts + 1 }, (_, n) => n + 1))
  expect(begunAt.at(-1)).toBe(cuts)
  expect(connections.filter((connected) => connected).length).toBeGreaterThanOrEqual(cuts + 1)
  expect(connections.at(-1)).toBe(true)
})

test('a watch that is opened and breaks at once, each time, is given up like one that is not opened', async () => {
  let opened = 0
  const served = await serve({
    instances: {
      // oxlint-disable-next-line require-yield -- it breaks before
      async *watch() {
        opened++
        throw new Refusal('INTERNAL', 'broken')
      },
    },
  })
  await expect(served.toygres.instances.watch()[Symbol.asyncIterator]().next()).rejects.toThrow(InternalError)
  expect(opened).toBe(4)
})

test('a change whose text holds what only JavaScript takes for ends of lines is told like any other', async () => {
  const labels = { note: 'one\u2028two\u2029three' }
  const { toygres } = await serve({
    instances: {
      async *watch() {
        yield { position: positionOf(1), type: 'changed', instance: { ...instance, labels } }
        yield { position: positionOf(2), type: 'changed', instance }
      },
    },
  })
  for await (const change of toygres.instances.watch()) {
    expect(change).toMatchObject({ position: positionOf(1), instance: { labels } })
    break
  }
})
