import { ToygresError, type OperationEvent } from '@toygres/schema'
import { expect, test, vi } from 'vitest'
import { adminOf } from '../testing/control-plane.ts'
import { serveRest } from '../testing/rest.ts'
import { historyOf, operation } from '../testing/samples.ts'

const events = `GET /operations/${operation.id}/events`

async function* of(...history: OperationEvent[]): AsyncGenerator<OperationEvent> {
  yield* history
}

test('every event is sent with its id, and then that this was all', async () => {
  const history = historyOf(2)
  const { send } = serveRest({ operations: { watch: () => of(...history) } })
  const response = await send(events)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await response.text()).toBe(
    [
      'retry: 1000',
      ...history.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}`),
      'event: end\ndata: {}',
      '',
    ].join('\n\n'),
  )
})

test('a client that connects again gets what it has not seen', async () => {
  const watch = vi.fn(() => of(...historyOf(1)))
  const { send } = serveRest({ operations: { watch } })
  await send(events, { headers: { 'Last-Event-ID': '41' } })
  expect(watch).toHaveBeenCalledWith(
    expect.anything(),
    operation.id,
    expect.objectContaining({ afterSeq: 41 }),
  )
})

test('a client that has seen everything is told not to come again', async () => {
  const { send } = serveRest({ operations: { watch: () => of() } })
  const response = await send(events, { headers: { 'Last-Event-ID': '9' } })
  expect(response.status).toBe(204)
})

test('an operation that is not there is a problem, not a stream', async () => {
  const { send } = serveRest({
    operations: {
      // oxlint-disable-next-line require-yield -- it breaks before
      async *watch() {
        throw new ToygresError('OPERATION_NOT_FOUND', 'there is no such operation')
      },
    },
  })
  const response = await send(events)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
})

test('a reader that leaves ends the stream, and frees its slot', async () => {
  const ended = Promise.withResolvers<void>()
  const { send } = serveRest({
    operations: {
      async *watch(_, _id, { signal }) {
        try {
          yield* historyOf(0)
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
        } finally {
          ended.resolve()
        }
      },
    },
  })
  const reader = (await send(events)).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await ended.promise
})

test('what is cut off in the middle does not look like the end', async () => {
  const { send, log } = serveRest({
    operations: {
      async *watch() {
        yield* historyOf(0)
        throw new Error('connection lost')
      },
    },
  })
  expect(await (await send(events)).text()).not.toContain('event: end')
  expect(log.text()).toContain('connection lost')
})

test('a control plane that stops lets its clients come again', async () => {
  const stopping = new AbortController()
  const { send } = serveRest(
    {
      operations: {
        async *watch(_, _id, { signal }) {
          yield* historyOf(0)
          const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
          stopping.abort()
          await aborted
        },
      },
    },
    { stopping: stopping.signal },
  )
  expect(await (await send(events)).text()).not.toContain('event: end')
})

/** What tells nothing until it is told to stop. */
async function* silence(_: unknown, __: unknown, { signal }: { signal: AbortSignal }) {
  yield* historyOf(0)
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

test('a stream that is silent is pinged, and ends when it has lasted long enough, for its client to come again', async () => {
  const streamTimes = { pingMs: 5, longestMs: 2_000 }
  const { send } = serveRest({ operations: { watch: silence } }, { streamTimes })
  const text = await (await send(events)).text()
  expect(text).toContain('\n\n: ping\n\n: ping\n\n')
  expect(text).not.toMatch(/event: (end|problem)/)
})

test('a stream ends with a problem when the key of its reader opens nothing any more', async () => {
  let isRevoked = false
  const { send } = serveRest(
    {
      authenticate: () => Promise.resolve(isRevoked ? null : adminOf('api-key:ci')),
      operations: { watch: silence },
    },
    { streamTimes: { pingMs: 5 } },
  )
  const response = await send(events)
  isRevoked = true
  const problem = /^event: problem\ndata: (.*)$/m.exec(await response.text())?.[1] ?? '{}'
  expect(JSON.parse(problem)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
})
