import { instance, operation } from '@toygres/api/testing'
import { ToygresError as Refusal } from '@toygres/schema'
import { expect, test } from 'vitest'
import {
  ConflictError,
  createToygres,
  OperationFailedError,
  UnavailableError,
  WaitTimeoutError,
} from './index.ts'
import { all, LiveHistory } from './testing/live-history.ts'
import { serve, type Served } from './testing/serve.ts'

async function serveOperation(steps: number) {
  const history = new LiveHistory(steps)
  const served = await serve({
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: (_, id, options) => history.watch(id, options),
    },
  })
  return { ...served, history }
}

/** Starts to wait; `seen` grows as events arrive. */
async function waitFor({ toygres }: Served) {
  const seen: number[] = []
  const handle = await toygres.operations.get(operation.id)
  const waiting = handle.wait({ onProgress: ({ seq }) => seen.push(seq) })
  waiting.catch(() => {})
  return { seen, waiting }
}

test('waiting tells every event once, in order, and ends with the operation as it ended', async () => {
  const served = await serveOperation(3)
  const { seen, waiting } = await waitFor(served)
  served.history.writeUpTo()
  expect(await waiting).toMatchObject({ id: operation.id, state: 'succeeded', done: true })
  expect(seen).toEqual([1, 2, 3, 4])
  expect(served.history.begunAt).toEqual([0])
})

test('a cut connection loses no event and repeats none', async () => {
  const served = await serveOperation(4)
  const { seen, waiting } = await waitFor(served)
  served.history.writeUpTo(2)
  await expect.poll(() => seen).toEqual([1, 2])
  served.cut()
  served.history.writeUpTo()
  await waiting
  expect(seen).toEqual([1, 2, 3, 4, 5])
  expect(served.history.begunAt).toEqual([0, 2])
})

test('what waits for an operation goes on when any read would have been given up', async () => {
  const history = new LiveHistory(2)
  const served = await serve({
    instances: { create: () => Promise.resolve({ instance, operation: history.operation }) },
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: (_, id, options) => history.watch(id, options),
    },
  })
  const toygres = createToygres({ url: served.url, apiKey: 'admin', readTimeoutMs: 0 })
  const { operation: handle } = await toygres.instances.create({ name: 'orders' })
  await expect(toygres.operations.get(handle.id)).rejects.toThrow(UnavailableError)
  const waiting = handle.wait()
  await served.stop()
  history.writeUpTo()
  await served.start()
  expect(await waiting).toMatchObject({ state: 'succeeded' })
})

test('a control plane that is away for a while is waited for', async () => {
  const served = await serveOperation(4)
  const { seen, waiting } = await waitFor(served)
  served.history.writeUpTo(2)
  await expect.poll(() => seen).toEqual([1, 2])
  await served.stop()
  served.history.writeUpTo()
  await expect(served.toygres.operations.get(operation.id)).rejects.toThrow(UnavailableError)
  await served.start()
  expect(await waiting).toMatchObject({ state: 'succeeded' })
  expect(seen).toEqual([1, 2, 3, 4, 5])
})

test('a stream that the server ends before the last event is resumed', async () => {
  const history = new LiveHistory(2)
  let streams = 0
  const { toygres } = await serve({
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: async function* (_, id, options) {
        for await (const event of history.watch(id, options)) {
          yield event
          if (streams++ === 0) return
        }
      },
    },
  })
  history.writeUpTo(1)
  const seen: number[] = []
  for await (const { seq } of toygres.operations.watch(operation.id)) {
    seen.push(seq)
    history.writeUpTo()
  }
  expect(seen).toEqual([1, 2, 3])
})

test('an operation that failed and was tried again is followed to its end', async () => {
  const history = new LiveHistory(2)
  history.writeUpTo()
  const { toygres } = await serve({
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: async function* (_, id, options) {
        for await (const event of history.watch(id, options))
          yield event.seq === 1 ? { ...event, step: null, state: 'failed', operationState: 'failed' } : event
      },
    },
  })
  const events = await all(toygres.operations.watch(operation.id))
  expect(events.map(({ operationState }) => operationState)).toEqual(['failed', 'running', 'succeeded'])
})

test('the history of an operation that has ended is told again from anywhere, and ends', async () => {
  const { toygres, history } = await serveOperation(3)
  history.writeUpTo()
  const after = async (afterSeq: number) => {
    const events = await all(toygres.operations.watch(operation.id, { afterSeq }))
    return events.map(({ seq }) => seq)
  }
  expect(await after(0)).toEqual([1, 2, 3, 4])
  expect(await after(3)).toEqual([4])
  expect(await after(4)).toEqual([])
})

test('a reader that is far behind gets every event', async () => {
  const { toygres, history } = await serveOperation(5_000)
  history.writeUpTo()
  let last = 0
  for await (const { seq } of toygres.operations.watch(operation.id)) {
    expect(seq).toBe(last + 1)
    last = seq
    if (seq % 500 === 0) await new Promise(setImmediate)
  }
  expect(last).toBe(5_001)
})

test('an operation that failed or was cancelled rejects, and is at hand', async () => {
  const { toygres, history } = await serveOperation(1)
  const error = { code: 'DISK_FULL', message: 'the disk is full', step: 'deploy', leftovers: [] }
  history.end = { state: 'failed', error }
  history.writeUpTo()
  const handle = await toygres.operations.get(operation.id)
  const failure = await handle.wait().catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(OperationFailedError)
  expect(failure).toMatchObject({
    code: 'OPERATION_FAILED',
    message: 'the disk is full',
    operation: { error },
  })

  history.end = { state: 'cancelled' }
  await expect(handle.wait()).rejects.toMatchObject({
    code: 'OPERATION_CANCELLED',
    operationId: operation.id,
  })
})

test('waiting can be bounded; the stream is closed, the operation is left alone', async () => {
  const { toygres, history } = await serveOperation(1)
  const handle = await toygres.operations.get(operation.id)
  await expect(handle.wait({ timeoutMs: 50 })).rejects.toThrow(WaitTimeoutError)
  await expect.poll(() => history.watchers).toBe(0)
})

test('the bound holds while the control plane is away', async () => {
  const served = await serveOperation(1)
  const handle = await served.toygres.operations.get(operation.id)
  await served.stop()
  await expect(handle.wait({ timeoutMs: 50 })).rejects.toThrow(WaitTimeoutError)
})

test('a signal gives the waiting up with its reason', async () => {
  const { toygres, history } = await serveOperation(1)
  const handle = await toygres.operations.get(operation.id)
  const stop = new AbortController()
  const waiting = handle.wait({ signal: stop.signal })
  waiting.catch(() => {})
  await expect.poll(() => history.watchers).toBe(1)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect.poll(() => history.watchers).toBe(0)
})

test('who leaves the iteration leaves no stream behind', async () => {
  const { toygres, history } = await serveOperation(3)
  history.writeUpTo(1)
  for await (const event of toygres.operations.watch(operation.id)) {
    expect(event.at).toBeInstanceOf(Date)
    break
  }
  await expect.poll(() => history.watchers).toBe(0)
})

test('watching what was never reached fails like any call', async () => {
  const served = await serveOperation(1)
  await served.stop()
  const events = served.toygres.operations.watch(operation.id)
  await expect(all(events)).rejects.toThrow(UnavailableError)
})

test('a change can be waited for in one go, and comes to the instance as it is then', async () => {
  const history = new LiveHistory(2)
  const { toygres } = await serve({
    instances: {
      create: () => Promise.resolve({ instance: { ...instance, state: 'creating' }, operation }),
      get: () => Promise.resolve(instance),
    },
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: (_, id, options) => history.watch(id, options),
    },
  })
  const creating = toygres.instances.create({ name: 'orders' })
  expect(await creating).toMatchObject({ instance: { state: 'creating' }, operation: { id: operation.id } })
  history.writeUpTo()
  const steps: (string | null)[] = []
  expect(await creating.wait({ onProgress: ({ step }) => steps.push(step) })).toEqual(instance)
  expect(steps).toEqual(['step-1', 'step-2', null])
})

test('a change that is refused rejects once, whichever way it is waited for', async () => {
  const { toygres } = await serve({
    instances: { create: () => Promise.reject(new Refusal('INSTANCE_NAME_TAKEN', 'taken')) },
  })
  await expect(toygres.instances.create({ name: 'orders' }).wait()).rejects.toThrow(ConflictError)
  await expect(toygres.instances.create({ name: 'orders' })).rejects.toThrow(ConflictError)
})

test('a control plane that answers while it refuses the stream is told to be back once', async () => {
  const history = new LiveHistory(2)
  const refused = new Refusal('UNAVAILABLE', 'there are enough streams')
  let refusals = 0
  const { toygres } = await serve({
    operations: {
      get: () => Promise.resolve(history.operation),
      watch: async function* (_, id, options) {
        if (++refusals <= 4) throw refused
        yield* history.watch(id, options)
      },
    },
  })
  history.writeUpTo()
  const told: (string | null)[] = []
  const handle = await toygres.operations.get(operation.id)
  await handle.wait({ onAway: (why) => told.push(why && why.code) })
  expect(told).toEqual(['UNAVAILABLE', null])
})

test('the control plane is told to be back when it answers again, not when a stream opens that breaks at once', async () => {
  const history = new LiveHistory(2)
  const refused = new Refusal('UNAVAILABLE', 'its database is away')
  let isAway = false
  let refusals = 0
  const refuseWhileAway = () => {
    if (!isAway) return
    refusals++
    throw refused
  }
  const { toygres } = await serve({
    operations: {
      get: async () => {
        refuseWhileAway()
        return history.operation
      },
      watch: async function* (_, id, options) {
        refuseWhileAway()
        yield* history.watch(id, options)
      },
    },
  })
  const handle = await toygres.operations.get(operation.id)
  isAway = true
  const told: (string | null)[] = []
  const waiting = handle.wait({ onAway: (why) => told.push(why && why.code) })
  await expect.poll(() => refusals).toBeGreaterThan(2)
  isAway = false
  history.writeUpTo()
  await waiting
  expect(told).toEqual(['UNAVAILABLE', null])
})
