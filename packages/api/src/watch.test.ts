import type { ControlPlane, Operations } from '@toygres/control-plane'
import { ToygresError, type OperationEvent } from '@toygres/schema'
import { expect, test } from 'vitest'
import { createApi, type ApiOptions } from './http.ts'
import { adminOf, controlPlaneOf } from './testing/control-plane.ts'
import { memoryLog } from './testing/log.ts'
import { historyOf, operation } from './testing/samples.ts'

interface WatchOptions extends Pick<ApiOptions, 'stopping' | 'streamTimes'> {
  afterSeq?: number
  authenticate?: ControlPlane['authenticate']
}

/** Asks for the events of an operation, and leaves again with the client's signal. */
async function watch(watchOperation: Operations['watch'], options: WatchOptions = {}) {
  const { afterSeq, authenticate, ...rest } = options
  const log = memoryLog()
  const controlPlane = controlPlaneOf({
    operations: { watch: watchOperation },
    ...(authenticate && { authenticate }),
  })
  const api = createApi({ controlPlane, logger: log, ...rest })
  const json = { id: operation.id, ...(afterSeq !== undefined && { lastEventId: String(afterSeq) }) }
  const input = encodeURIComponent(JSON.stringify({ json }))
  const client = new AbortController()
  const response = await api.fetch(
    new Request(`http://toygres.test/trpc/operations.watch?input=${input}`, {
      headers: { authorization: 'Bearer viewer' },
      signal: client.signal,
    }),
  )
  return { response, client, log }
}

/** Tells some events, then waits until it is told to stop. */
async function* unfinished(events: OperationEvent[], signal: AbortSignal) {
  yield* events
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

const lines = (text: string, field: string) =>
  text.split('\n').flatMap((line) => (line.startsWith(`${field}: `) ? [line.slice(field.length + 2)] : []))

test('events carry their seq as id, and the stream says when it was the last', async () => {
  const { response } = await watch(async function* () {
    yield* historyOf(2)
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const text = await response.text()
  expect(lines(text, 'id')).toEqual(['1', '2', '3'])
  expect(lines(text, 'event')).toEqual(['connected', 'return'])
})

test('a stream is resumed after the event that the client names', async () => {
  let begunAt: number | undefined
  const { response } = await watch(
    async function* (_, __, { afterSeq }) {
      begunAt = afterSeq
      yield* historyOf(3).slice(afterSeq)
    },
    { afterSeq: 2 },
  )
  expect(lines(await response.text(), 'id')).toEqual(['3', '4'])
  expect(begunAt).toBe(2)
})

const elsewhere: Record<string, { headers?: Record<string, string>; query?: string; after: number }> = {
  'a header': { headers: { 'last-event-id': '2' }, after: 2 },
  'the parameter lastEventId': { query: '&lastEventId=2', after: 2 },
  'the parameter Last-Event-Id': { query: '&Last-Event-Id=2', after: 2 },
  'an empty header, which says nothing': { headers: { 'last-event-id': '' }, after: 0 },
  'an empty parameter, which says nothing': { query: '&lastEventId=', after: 0 },
  'no place at all': { after: 0 },
}

test.each(Object.keys(elsewhere))('a stream is resumed as tRPC does it by what is in %s', async (place) => {
  const { headers = {}, query = '', after } = elsewhere[place] ?? expect.unreachable()
  const controlPlane = controlPlaneOf({
    operations: {
      async *watch(_, __, { afterSeq }) {
        yield* historyOf(3).slice(afterSeq)
      },
    },
  })
  const api = createApi({ controlPlane, logger: memoryLog() })
  const input = encodeURIComponent(JSON.stringify({ json: { id: operation.id } }))
  const response = await api.fetch(
    new Request(`http://toygres.test/trpc/operations.watch?input=${input}${query}`, {
      headers: { authorization: 'Bearer viewer', ...headers },
    }),
  )
  expect(lines(await response.text(), 'id')).toEqual(['1', '2', '3', '4'].slice(after))
})

test('a client that leaves is noticed', async () => {
  let left = false
  const { response, client } = await watch(async function* (_, __, { signal }) {
    yield* unfinished([], signal)
    left = true
  })
  const reading = response.text().catch(() => 'cut')
  client.abort()
  await reading
  await expect.poll(() => left).toBe(true)
})

test('an operation that is not there ends the stream with a refusal that is not to be tried again', async () => {
  const { response, log } = await watch(() => {
    throw new ToygresError('OPERATION_NOT_FOUND', 'there is none')
  })
  const text = await response.text()
  expect(lines(text, 'event')).toEqual(['connected', 'serialized-error'])
  expect(text).toContain('"code":-32004')
  expect(text).toContain('OPERATION_NOT_FOUND')
  expect(log.lines.at(-1)).toMatchObject({ message: 'call refused', fields: { code: 'OPERATION_NOT_FOUND' } })
})

test('a process that stops ends its streams as unavailable, not as finished', async () => {
  const stop = new AbortController()
  const { response } = await watch((_, __, { signal }) => unfinished(historyOf(3).slice(0, 1), signal), {
    stopping: stop.signal,
  })
  stop.abort()
  const text = await response.text()
  expect(lines(text, 'id')).toEqual(['1'])
  expect(lines(text, 'event')).toEqual(['connected', 'serialized-error'])
  expect(text).toContain('UNAVAILABLE')
})

test('a stream that is silent is pinged, and ends when it has lasted long enough, for its client to come again', async () => {
  const { response } = await watch((_, __, { signal }) => unfinished([], signal), {
    streamTimes: { pingMs: 5, longestMs: 2_000 },
  })
  const [connected, ...others] = lines(await response.text(), 'event')
  expect(connected).toBe('connected')
  expect(new Set(others)).toEqual(new Set(['ping']))
})

test('a stream ends when the key of its reader opens nothing any more, and not when nobody can say', async () => {
  const answers = ['known', 'unavailable', 'revoked']
  const { response, log } = await watch((_, __, { signal }) => unfinished([], signal), {
    streamTimes: { pingMs: 5 },
    authenticate() {
      const answer = answers.shift()
      if (answer === 'unavailable') return Promise.reject(new ToygresError('UNAVAILABLE', 'not now'))
      return Promise.resolve(answer === 'known' ? adminOf('api-key:ci') : null)
    },
  })
  const text = await response.text()
  expect(lines(text, 'event').at(-1)).toBe('serialized-error')
  expect(text).toContain('UNAUTHENTICATED')
  expect(answers).toEqual([])
  expect(log.lines.at(-1)).toMatchObject({ message: 'call refused', fields: { code: 'UNAUTHENTICATED' } })
})

test('a token that is no longer good lets its stream go on: it cannot be revoked', async () => {
  let asked = 0
  const { response } = await watch((_, __, { signal }) => unfinished([], signal), {
    streamTimes: { pingMs: 5, longestMs: 500 },
    authenticate: () => Promise.resolve(asked++ === 0 ? adminOf('oidc:ci') : null),
  })
  expect(lines(await response.text(), 'event')).not.toContain('serialized-error')
  expect(asked).toBe(1)
})

test('an input that cannot be read is the caller’s fault', async () => {
  const log = memoryLog()
  const api = createApi({ controlPlane: controlPlaneOf({}), logger: log })
  const response = await api.fetch(
    new Request('http://toygres.test/trpc/operations.watch?input=%7B%22json', {
      headers: { authorization: 'Bearer viewer' },
    }),
  )
  const text = await response.text()
  expect(lines(text, 'event')).toEqual(['connected', 'serialized-error'])
  expect(text).toContain('INVALID_INPUT')
  expect(text).toContain(response.headers.get('x-request-id'))
})

test('a browser that connects again says in a header what it has seen', async () => {
  const controlPlane = controlPlaneOf({
    operations: {
      watch: async function* (_, __, { afterSeq }) {
        yield* historyOf(3).slice(afterSeq)
      },
    },
  })
  const api = createApi({ controlPlane, logger: memoryLog() })
  const input = encodeURIComponent(JSON.stringify({ json: { id: operation.id } }))
  const response = await api.fetch(
    new Request(`http://toygres.test/trpc/operations.watch?input=${input}`, {
      headers: { authorization: 'Bearer viewer', 'last-event-id': '3' },
    }),
  )
  expect(lines(await response.text(), 'id')).toEqual(['4'])
})

test('an event that breaks the schema is not sent', async () => {
  const { response } = await watch(async function* () {
    yield { ...historyOf(0)[0], seq: 0 } as OperationEvent
  })
  const text = await response.text()
  expect(lines(text, 'id')).toEqual([])
  expect(text).toContain('INTERNAL')
})
