import { ToygresError } from '@toygres/schema'
import { describe, expect, test, vi } from 'vitest'
import { createApi } from './http.ts'
import { adminOf, controlPlaneOf, type Answers } from './testing/control-plane.ts'
import { memoryLog } from './testing/log.ts'
import { instance } from './testing/samples.ts'

interface Init extends RequestInit {
  key?: string
  headers?: Record<string, string>
}

function serve(answers: Answers = {}) {
  const log = memoryLog()
  const api = createApi({ controlPlane: controlPlaneOf(answers), logger: log })
  const send = (path: string, init: Init = {}) => {
    const { key, headers, ...rest } = init
    const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
    return api.fetch(
      new Request(`http://toygres.test${path}`, { ...rest, headers: { ...authorization, ...headers } }),
    )
  }
  const post = (path: string, body: string, init: Init = {}) =>
    send(path, {
      method: 'POST',
      body,
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    })
  return { send, post, log }
}

const input = (json: object) => encodeURIComponent(JSON.stringify({ json }))
const getOrders = `/trpc/instances.get?input=${input({ id: 'orders' })}`

/** The error of an answer of tRPC's. */
async function refusalIn(response: Response) {
  const { error } = (await response.json()) as { error: { json: { message: string; data: object } } }
  return { status: response.status, message: error.json.message, ...error.json.data }
}

describe('authentication and permission', () => {
  test.each([
    ['no key', undefined],
    ['an unknown key', 'nobody'],
  ])('%s is refused before anything is asked of the control plane', async (_, key) => {
    const get = vi.fn()
    const { send } = serve({ instances: { get } })
    const response = await send(getOrders, key === undefined ? {} : { key })
    expect(await refusalIn(response)).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      retryable: false,
    })
    expect(get).not.toHaveBeenCalled()
  })

  test('a role that may only look cannot create, and is told what it lacks', async () => {
    const { post } = serve()
    const response = await post('/trpc/instances.create', '{"json":{"name":"orders"}}', { key: 'viewer' })
    const refusal = await refusalIn(response)
    expect(refusal).toMatchObject({ status: 403, code: 'PERMISSION_DENIED' })
    expect(refusal.message).toContain('instances:write')
  })

  test('one request is authenticated once, however many calls it carries', async () => {
    const authenticate = vi.fn(() => Promise.resolve(adminOf('api-key:1')))
    const { send } = serve({ authenticate, instances: { get: () => Promise.resolve(instance) } })
    const batch = encodeURIComponent(JSON.stringify({ 0: { json: { id: 'a' } }, 1: { json: { id: 'b' } } }))
    const response = await send(`/trpc/instances.get,instances.get?batch=1&input=${batch}`, { key: 'k' })
    expect(response.status).toBe(200)
    expect(authenticate).toHaveBeenCalledOnce()
  })

  test('no key ever reaches the log', async () => {
    const { send, log } = serve({
      authenticate: (apiKey) =>
        apiKey === 'sesame' ? Promise.reject(new Error('database gone')) : Promise.resolve(null),
    })
    await send(getOrders, { key: 'sesame' })
    await send(getOrders, { key: 'sesame2' })
    expect(log.lines).toHaveLength(2)
    expect(log.text()).not.toContain('sesame')
  })
})

describe('the log', () => {
  test('is not filled by those without a key, whatever they ask for; what those with one are refused is all in it', async () => {
    const { send, post, log } = serve()
    for (let n = 0; n < 10; n++) {
      await send('/instances')
      await send('/instances', { key: `guess-${n}` })
      await send(getOrders)
      await send(`/trpc/nothing-${n}`)
      await send(`/trpc/operations.watch?input=${input({ id: instance.id })}`).then((answer) => answer.text())
    }
    const codes = () => log.lines.map(({ fields }) => 'code' in fields && fields.code)
    expect(codes()).toEqual(['UNAUTHENTICATED', 'NOT_FOUND'])
    for (let n = 0; n < 3; n++)
      await post('/trpc/instances.create', '{"json":{"name":"orders"}}', { key: 'viewer' })
    expect(codes().slice(2)).toEqual(Array(3).fill('PERMISSION_DENIED'))
  })
})

describe('request ids', () => {
  test('the caller’s is taken, echoed, logged, and part of a refusal', async () => {
    const { send, log } = serve()
    const response = await send(getOrders, { headers: { 'x-request-id': 'mine-1' } })
    expect(response.headers.get('x-request-id')).toBe('mine-1')
    expect(await refusalIn(response)).toMatchObject({ requestId: 'mine-1' })
    expect(log.lines).toMatchObject([{ fields: { requestId: 'mine-1', path: 'instances.get' } }])
  })

  test.each([
    ['too long', 'x'.repeat(129)],
    ['not a word', 'a b'],
    ['absent', ''],
  ])('one is made up where it is %s', async (_, given) => {
    const { send } = serve()
    const response = await send('/nowhere', { headers: { 'x-request-id': given } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('health', () => {
  test('is written down when it changes, and not for each of those who ask', async () => {
    let status: 'ok' | 'unavailable' = 'ok'
    const { send, log } = serve({ system: { health: () => Promise.resolve({ status, version: '1' }) } })
    for (let n = 0; n < 5; n++) await send('/health')
    status = 'unavailable'
    for (let n = 0; n < 5; n++) await send('/health')
    expect(log.lines.map(({ message }) => message)).toEqual(['call answered', 'call answered'])
  })

  test.each([
    ['ok', 200],
    ['unavailable', 503],
  ] as const)('%s answers %i, without a key', async (status, httpStatus) => {
    const { send } = serve({ system: { health: () => Promise.resolve({ status, version: '1.2.3' }) } })
    const response = await send('/health')
    expect(response.status).toBe(httpStatus)
    expect(await response.json()).toEqual({ status, version: '1.2.3' })
  })
})

describe('requests that are no calls', () => {
  test.each(['/trpc', '/trpc/instances.explode'])('%s is not found', async (path) => {
    const { send } = serve()
    expect(await refusalIn(await send(path))).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    })
  })

  test.each([
    ['no JSON', '{"json":'],
    ['no object', '"text"'],
    ['not what superjson wrote', '{"json":{"name":"a"},"meta":{"values":{"name":["nonsense"]}}}'],
    ['not what superjson could have written', '{"json":{},"meta":{"values":{"__proto__.x":["undefined"]}}}'],
  ])('a body that is %s is the caller’s fault', async (_, body) => {
    const { post } = serve()
    const response = await post('/trpc/instances.create', body, { key: 'admin' })
    const refusal = { status: 400, code: 'INVALID_INPUT', requestId: response.headers.get('x-request-id') }
    expect(await refusalIn(response)).toMatchObject(refusal)
  })

  test('a mutation cannot be asked for by GET, which a link or an image could', async () => {
    const { send } = serve()
    const response = await send(`/trpc/instances.create?input=${input({ name: 'orders' })}`, { key: 'admin' })
    expect(await refusalIn(response)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  const large = JSON.stringify({ json: { name: 'x'.repeat(1025 * 1024) } })
  test.each([
    ['announced', large],
    ['sent in chunks', new Blob([large]).stream()],
  ])('a body that is too large is refused when %s', async (_, body) => {
    const { send } = serve()
    const response = await send('/trpc/instances.create', {
      method: 'POST',
      key: 'admin',
      body,
      duplex: 'half',
      headers: {
        'content-type': 'application/json',
        ...(typeof body === 'string' && { 'content-length': String(body.length) }),
      },
    })
    expect(await refusalIn(response)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
  })

  test('a batch has a limit', async () => {
    const { send } = serve({ instances: { get: () => Promise.resolve(instance) } })
    const paths = Array.from({ length: 21 }, () => 'instances.get').join(',')
    const response = await send(`/trpc/${paths}?batch=1&input=%7B%7D`, { key: 'admin' })
    const refusal = { status: 400, code: 'INVALID_INPUT', requestId: response.headers.get('x-request-id') }
    expect(await refusalIn(response)).toMatchObject(refusal)
  })
})

describe('answers', () => {
  test('hold what the schema names and nothing else', async () => {
    const { send } = serve({
      instances: { get: () => Promise.resolve({ ...instance, sealed_password: 'x' }) },
    })
    const text = await (await send(getOrders, { key: 'viewer' })).text()
    expect(text).toContain(instance.id)
    expect(text).not.toContain('sealed_password')
  })

  test('are kept by no cache', async () => {
    const { send } = serve({ instances: { get: () => Promise.resolve(instance) } })
    expect((await send(getOrders, { key: 'viewer' })).headers.get('cache-control')).toBe('no-store')
  })

  test('a name that breaks the rule is refused with the rule', async () => {
    const { post } = serve()
    const refusal = await refusalIn(
      await post('/trpc/instances.create', '{"json":{"name":"Orders_1"}}', { key: 'admin' }),
    )
    expect(refusal).toMatchObject({ status: 400, code: 'INVALID_INPUT', errors: [{ path: 'name' }] })
    expect(refusal.message).toContain('lower-case letters')
  })

  test('a refusal of the control plane arrives as it was made', async () => {
    const taken = new ToygresError('OPERATION_IN_PROGRESS', 'wait for it', {
      details: { activeOperationId: 'op-1' },
    })
    const { post } = serve({ instances: { create: () => Promise.reject(taken) } })
    expect(
      await refusalIn(await post('/trpc/instances.create', '{"json":{"name":"orders"}}', { key: 'admin' })),
    ).toMatchObject({
      status: 409,
      message: 'wait for it',
      code: 'OPERATION_IN_PROGRESS',
      retryable: true,
      activeOperationId: 'op-1',
    })
  })

  test('a bug is logged whole and told in one sentence', async () => {
    const { send, log } = serve({
      instances: { get: () => Promise.reject(new Error('column "oops" does not exist')) },
    })
    const response = await send(getOrders, { key: 'viewer' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('oops')
    expect(log.lines).toMatchObject([{ level: 'error', fields: { path: 'instances.get', code: 'INTERNAL' } }])
    expect(log.text()).toContain('oops')
  })

  test('each call leaves one line that says what, for how long and how it ended, but not its input', async () => {
    const { send, log } = serve({ instances: { get: () => Promise.resolve(instance) } })
    await send(getOrders, { key: 'viewer' })
    expect(log.lines).toMatchObject([
      { level: 'info', fields: { path: 'instances.get', type: 'query' }, message: 'call answered' },
    ])
    expect(log.text()).not.toContain('orders')
  })
})
