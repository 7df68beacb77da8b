import { ToygresError as Refusal, errorCatalog, type ErrorCode } from '@toygres/schema'
import { instance, operation } from '@toygres/api/testing'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  ConflictError,
  createToygres,
  InternalError,
  InvalidInputError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  type ToygresError,
  UnauthenticatedError,
  UnavailableError,
} from './index.ts'
import { all } from './testing/live-history.ts'
import { serve } from './testing/serve.ts'

const caught = (thrown: unknown) => thrown

const classes: Record<ErrorCode, typeof ToygresError> = {
  INVALID_INPUT: InvalidInputError,
  METHOD_NOT_ALLOWED: InvalidInputError,
  PAYLOAD_TOO_LARGE: InvalidInputError,
  UNSUPPORTED_MEDIA_TYPE: InvalidInputError,
  UNAUTHENTICATED: UnauthenticatedError,
  PERMISSION_DENIED: PermissionDeniedError,
  INSTANCE_NOT_FOUND: NotFoundError,
  API_KEY_NOT_FOUND: NotFoundError,
  WEBHOOK_NOT_FOUND: NotFoundError,
  PROJECT_NOT_FOUND: NotFoundError,
  OPERATION_NOT_FOUND: NotFoundError,
  NOT_FOUND: NotFoundError,
  INSTANCE_NAME_TAKEN: ConflictError,
  API_KEY_NOT_ACTIVE: ConflictError,
  PROJECT_NAME_TAKEN: ConflictError,
  PROJECT_NOT_EMPTY: ConflictError,
  QUOTA_EXCEEDED: ConflictError,
  INSTANCE_NOT_RUNNING: ConflictError,
  OPERATION_IN_PROGRESS: ConflictError,
  OPERATION_NOT_CANCELLABLE: ConflictError,
  OPERATION_DONE: ConflictError,
  IDEMPOTENCY_KEY_IN_PROGRESS: ConflictError,
  IDEMPOTENCY_KEY_REUSED: ConflictError,
  ETAG_MISMATCH: ConflictError,
  INTERNAL: InternalError,
  RATE_LIMITED: RateLimitedError,
  UNAVAILABLE: UnavailableError,
  DEADLINE_EXCEEDED: UnavailableError,
  CALLER_GONE: UnavailableError,
}

test.each(Object.entries(classes))(
  '%s arrives as its class, with what the server said',
  async (code, ErrorClass) => {
    const refusal = new Refusal(code as ErrorCode, 'do this', {
      details: { activeOperationId: 'an-operation' },
    })
    const { toygres } = await serve({ instances: { get: () => Promise.reject(refusal) } })
    const error = await toygres.instances.get('orders').catch(caught)
    expect(error).toBeInstanceOf(ErrorClass)
    expect(error).toMatchObject({
      name: ErrorClass.name,
      code,
      message: 'do this',
      retryable: errorCatalog[code as ErrorCode].retryable,
      operationId: 'an-operation',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  },
)

test('bad input names its fields', async () => {
  const { toygres } = await serve({})
  await expect(toygres.instances.create({ name: 'Orders_1' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'name', message: expect.stringContaining('lower-case letters') as string }],
  })
})

test('a request that is too large is refused as such, not as a broken answer', async () => {
  const { toygres } = await serve({})
  await expect(toygres.instances.create({ name: 'x'.repeat(1_100_000) })).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  })
})

test('dates arrive as dates', async () => {
  const { toygres } = await serve({ instances: { get: () => Promise.resolve(instance) } })
  expect(await toygres.instances.get('orders')).toEqual(instance)
})

test('a change that got no answer is sent again with the same idempotency key', async () => {
  const keys: (string | undefined)[] = []
  const served = await serve({
    instances: {
      create: (_, { idempotencyKey }) => {
        keys.push(idempotencyKey)
        if (keys.length < 3) served.cut()
        return Promise.resolve({ instance, operation })
      },
    },
  })
  await served.toygres.instances.create({ name: 'orders' })
  expect(keys).toHaveLength(3)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)

  await served.toygres.instances.create({ name: 'orders' }, { idempotencyKey: 'mine' })
  expect(keys[3]).toBe('mine')
})

test('a control plane that cannot work now is asked a few times', async () => {
  let calls = 0
  const { toygres } = await serve({
    instances: {
      get: () =>
        ++calls < 3 ? Promise.reject(new Refusal('UNAVAILABLE', 'later')) : Promise.resolve(instance),
    },
  })
  expect(await toygres.instances.get('orders')).toEqual(instance)
})

test('a refusal is not repeated', async () => {
  let calls = 0
  const get = () => Promise.reject(new Refusal(++calls === 1 ? 'INTERNAL' : 'NOT_FOUND', 'no'))
  const { toygres } = await serve({ instances: { get } })
  await expect(toygres.instances.get('orders')).rejects.toThrow(InternalError)
  expect(calls).toBe(1)
})

test('a control plane that is not there is named in one line', async () => {
  const { toygres, url, stop } = await serve({})
  await stop()
  const error = await toygres.system.health().catch(caught)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error).toMatchObject({
    message: `cannot reach the control plane at ${url}: is it running?`,
    retryable: true,
  })
})

test('another server at that address is told apart', async () => {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<h1>Hello'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const toygres = createToygres({ url, apiKey: 'k' })
  const message = `${url} does not answer like a Toygres control plane (HTTP 200): check the URL`
  await expect(toygres.instances.list()).rejects.toThrow(message)
  await expect(all(toygres.operations.watch(operation.id))).rejects.toThrow(message)
})

test.for([
  [200, '{"error":"x"}'],
  [200, '{"status":"ok"}'],
  [200, 'null'],
  [401, '{"error":"log in at the gateway first"}'],
  [429, '{"message":"too many requests"}'],
] as const)(
  'an answer in JSON that no control plane gives is told apart at once: %i %s',
  async ([status, body]) => {
    let requests = 0
    const server = createServer((_, response) => {
      requests++
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(createToygres({ url, apiKey: 'k' }).instances.list()).rejects.toThrow(
      `${url} does not answer like a Toygres control plane (HTTP ${status}): check the URL`,
    )
    expect(requests).toBe(1)
  },
)

test('the API key is in no URL, streams included', async () => {
  const { url, requests } = await serve({
    instances: { get: () => Promise.resolve(instance) },
    operations: { get: () => Promise.resolve({ ...operation, done: true }), watch: async function* () {} },
  })
  const toygres = createToygres({ url: `${url}/`, apiKey: 'operator' })
  await toygres.instances.get('orders')
  await all(toygres.operations.watch(operation.id))
  expect(requests.join()).toContain('/trpc/operations.watch?input=')
  expect(requests.join()).not.toContain('operator')
})

test('a signal gives a call up with its reason', async () => {
  const stop = new AbortController()
  const { toygres } = await serve({
    instances: {
      get: () => {
        stop.abort(new Error('enough'))
        return new Promise(() => {})
      },
    },
  })
  await expect(toygres.instances.get('orders', { signal: stop.signal })).rejects.toThrow('enough')
})

test.each(['', 'orders', 'ftp://host', 'http://me:secret@host'])(
  'the url %j is refused without a word of it',
  (url) => {
    expect(() => createToygres({ url, apiKey: 'k' })).toThrow('url must be like http://host:port')
  },
)

test.each(['', 'two words', 'line\nend'])('the key %j is refused without a word of it', (apiKey) => {
  expect(() => createToygres({ url: 'http://host', apiKey })).toThrow('apiKey must be one word')
})

test('a handle prints, spreads and serializes as the plain operation', async () => {
  const { toygres } = await serve({ operations: { get: () => Promise.resolve(operation) } })
  const handle = await toygres.operations.get(operation.id)
  expect({ ...handle }).toEqual(operation)
  expect(JSON.stringify(handle)).toBe(JSON.stringify(operation))
  expect(handle.toJSON()).toEqual(operation)
})
