import { historyOf, instance, operation } from '@toygres/api/testing'
import { ToygresError as Refusal } from '@toygres/schema'
import { expect, test } from 'vitest'
import { OperationFailedError, UnavailableError, WaitTimeoutError } from './index.ts'
import { serve } from './testing/serve.ts'

const connection = {
  connectionString: 'postgres://postgres:secret@127.0.0.1:20001/postgres',
  host: '127.0.0.1',
  port: 20_001,
  database: 'postgres',
  user: 'postgres',
  password: 'secret',
}

/** A control plane whose operations end at once, and which remembers what there is. */
async function serveInstances(
  over: { end?: 'succeeded' | 'failed'; stuck?: 'creation' | 'deletion'; onCreate?: () => void } = {},
) {
  const existing = new Set<string>()
  const made: string[] = []
  const served = await serve({
    instances: {
      create: (_, { name }) => {
        existing.add(name)
        made.push(name)
        over.onCreate?.()
        return Promise.resolve({ instance: { ...instance, name }, operation })
      },
      get: (_, name) => Promise.resolve({ ...instance, ...(existing.has(name) && { name }) }),
      connection: () => Promise.resolve(connection),
      delete: (_, { id }) => {
        if (!existing.delete(id)) throw new Refusal('INSTANCE_NOT_FOUND', 'there is none')
        return Promise.resolve({ instance, operation: { ...operation, id: deletion } })
      },
    },
    operations: {
      get: (_, id) =>
        Promise.resolve({
          ...operation,
          id,
          state: id === deletion ? 'succeeded' : (over.end ?? 'succeeded'),
          done: true,
        }),
      watch: async function* (_, id, { afterSeq, signal }) {
        if (over.stuck === (id === deletion ? 'deletion' : 'creation'))
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield* historyOf(1).slice(afterSeq)
      },
    },
  })
  return { ...served, existing, made }
}
const deletion = '01981d3e-0000-7000-8000-000000000003'

test('the work is handed a login, its result is handed back, and nothing is left', async () => {
  const { toygres, existing, made } = await serveInstances()
  const result = await toygres.withTemporaryInstance(
    ({ connectionString, instance: { name } }) => {
      expect(existing).toContain(name)
      return connectionString
    },
    { version: '17' },
  )
  expect(result).toBe(connection.connectionString)
  expect(made).toEqual([expect.stringMatching(/^temporary-[0-9a-f]{12}$/)])
  expect(existing.size).toBe(0)
})

test('work that throws leaves nothing, and its error is the caller’s', async () => {
  const { toygres, existing, made } = await serveInstances()
  const broken = new Error('the assertion failed')
  await expect(toygres.withTemporaryInstance(() => Promise.reject(broken))).rejects.toBe(broken)
  await expect(
    toygres.withTemporaryInstance(() => {
      throw broken
    }),
  ).rejects.toBe(broken)
  expect(made).toHaveLength(2)
  expect(existing.size).toBe(0)
})

test('work that is aborted is not waited for, and leaves nothing', async () => {
  const { toygres, existing, made } = await serveInstances()
  const stop = new AbortController()
  const work = () => {
    stop.abort(new Error('enough'))
    return new Promise(() => {})
  }
  await expect(toygres.withTemporaryInstance(work, { signal: stop.signal })).rejects.toThrow('enough')
  expect(made).toHaveLength(1)
  expect(existing.size).toBe(0)
})

test('aborted while it is asked for, it is removed all the same', async () => {
  const stop = new AbortController()
  const { toygres, existing, made } = await serveInstances({
    onCreate: () => stop.abort(new Error('enough')),
  })
  const work = () => expect.unreachable('nothing is left to work on')
  await expect(toygres.withTemporaryInstance(work, { signal: stop.signal })).rejects.toThrow('enough')
  expect(made).toHaveLength(1)
  expect(existing.size).toBe(0)
})

test('what could not be made is removed, too', async () => {
  const { toygres, existing, made } = await serveInstances({ end: 'failed' })
  await expect(toygres.withTemporaryInstance(() => {})).rejects.toThrow(OperationFailedError)
  expect(made).toHaveLength(1)
  expect(existing.size).toBe(0)
})

test('a removal that does not end is waited for as long as the caller said, and told of', async () => {
  const { toygres } = await serveInstances({ stuck: 'deletion' })
  const used = toygres.withTemporaryInstance(() => 'done', { timeoutMs: 3000 })
  await expect(used).rejects.toThrow(WaitTimeoutError)
})

test('a creation that does not end is given up then, and removed', async () => {
  const { toygres, existing } = await serveInstances({ stuck: 'creation' })
  await expect(toygres.withTemporaryInstance(() => {}, { timeoutMs: 3000 })).rejects.toThrow(WaitTimeoutError)
  expect(existing.size).toBe(0)
})

test('what the work itself has deleted is no failure', async () => {
  const { toygres, existing } = await serveInstances()
  await toygres.withTemporaryInstance(({ instance: { name } }) => toygres.instances.delete(name))
  expect(existing.size).toBe(0)
})

test('where the answer to the creation was lost, it is removed by its name', async () => {
  const served = await serveInstances({ onCreate: () => served.cut() })
  await expect(served.toygres.withTemporaryInstance(() => {})).rejects.toThrow(UnavailableError)
  expect(new Set(served.made).size).toBe(1)
  expect(served.existing.size).toBe(0)
})

test('when nothing can be removed any more, both failures are told', async () => {
  const served = await serveInstances()
  const work = async () => {
    await served.stop()
    throw new Error('the assertion failed')
  }
  await expect(served.toygres.withTemporaryInstance(work, { timeoutMs: 3000 })).rejects.toMatchObject({
    message: expect.stringMatching(
      /instance temporary-\w+ could not be removed after it: delete it by hand/,
    ) as string,
    errors: [{ message: 'the assertion failed' }, { code: 'UNAVAILABLE' }],
  })
})
