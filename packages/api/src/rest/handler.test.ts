import { defaultProjectId, ToygresError } from '@toygres/schema'
import { describe, expect, test, vi } from 'vitest'
import { instance, operation } from '../testing/samples.ts'
import { serveRest } from '../testing/rest.ts'

const accepted = { instance, operation }
const admin = expect.objectContaining({ subject: 'api-key:admin' }) as unknown
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('answers', () => {
  test('a query answers 200 with what the procedure answers, dates as RFC 3339 has them', async () => {
    const get = vi.fn(() => Promise.resolve(instance))
    const { send } = serveRest({ instances: { get } })
    const response = await send('GET /instances/orders')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual(asJson(instance))
    expect(get).toHaveBeenCalledWith(admin, 'orders')
  })

  test('what starts an operation answers 202, and says where to look and when', async () => {
    const create = vi.fn(() => Promise.resolve(accepted))
    const { send } = serveRest({ instances: { create } })
    const response = await send('POST /instances', {
      json: { name: 'orders' },
      headers: { 'Idempotency-Key': 'k-1' },
    })
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/operations/${operation.id}`)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toEqual(asJson(accepted))
    expect(create).toHaveBeenCalledWith(admin, { name: 'orders', version: '18', idempotencyKey: 'k-1' })
  })

  test.each([
    [false, '1'],
    [true, null],
  ])('an operation with done %s is worth another look after %s', async (done, retryAfter) => {
    const { send } = serveRest({ operations: { get: () => Promise.resolve({ ...operation, done }) } })
    const response = await send(`GET /operations/${operation.id}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('retry-after')).toBe(retryAfter)
    expect(response.headers.has('location')).toBe(false)
  })

  test('an instance has its etag as a header, and a change can be made to depend on it', async () => {
    const update = vi.fn(() => Promise.resolve({ instance, operation: null }))
    const { send } = serveRest({ instances: { get: () => Promise.resolve(instance), update } })
    const etag = (await send('GET /instances/orders')).headers.get('etag') ?? ''
    expect(etag).toBe(`"${instance.etag}"`)
    const response = await send('PATCH /instances/orders', {
      json: { labels: { team: 'a' } },
      headers: { 'If-Match': etag },
    })
    expect(response.status).toBe(200)
    expect(update).toHaveBeenCalledWith(admin, { id: 'orders', labels: { team: 'a' }, etag: instance.etag })
  })

  test('"If-Match: *" asks for no etag in particular', async () => {
    const remove = vi.fn(() => Promise.resolve(accepted))
    const { send } = serveRest({ instances: { delete: remove } })
    await send('DELETE /instances/orders', { headers: { 'If-Match': '*' } })
    expect(remove).toHaveBeenCalledWith(admin, { id: 'orders' })
  })

  test('"If-Match" may name several etags, of which one is to be its own', async () => {
    const remove = vi.fn(() => Promise.resolve(accepted))
    const { send } = serveRest({ instances: { delete: remove } })
    await send('DELETE /instances/orders', { headers: { 'If-Match': '"a-1" , "b-2","c-3"' } })
    expect(remove).toHaveBeenCalledWith(admin, { id: 'orders', etag: 'a-1,b-2,c-3' })
  })

  test.each(['DELETE /keys/0123456789abcdef', 'POST /instances', `POST /operations/${operation.id}/retry`])(
    '%s depends on no etag, and refuses to be asked to',
    async (line) => {
      const { send } = serveRest()
      const json = line === 'POST /instances' ? { name: 'orders' } : {}
      const response = await send(line, { json, headers: { 'If-Match': '"1"' } })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'If-Match' }] })
    },
  )

  test('"If-Match: *" is true of whatever is there', async () => {
    const revoke = vi.fn(() => Promise.reject(new ToygresError('API_KEY_NOT_FOUND', 'no such key')))
    const { send } = serveRest({ keys: { revoke } })
    expect((await send('DELETE /keys/0123456789abcdef', { headers: { 'If-Match': '*' } })).status).toBe(404)
    expect(revoke).toHaveBeenCalledOnce()
  })

  test('a plan answers 200, since nothing was started', async () => {
    const plan = { workflow: 'delete-instance', steps: [], changes: [], cancels: null }
    const { send } = serveRest({ instances: { planDelete: () => Promise.resolve(plan) } })
    const response = await send('DELETE /instances/orders?validateOnly=true')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ plan })
  })

  test('an operation can be waited for', async () => {
    const wait = vi.fn(() => Promise.resolve(operation))
    const { send } = serveRest({ operations: { wait } })
    await send(`GET /operations/${operation.id}?wait=20`)
    expect(wait).toHaveBeenCalledWith(admin, { id: operation.id, waitSeconds: 20 }, expect.any(AbortSignal))
  })

  test('what was made answers 201, and says where it is, and its etag where it has one', async () => {
    const at = new Date()
    const key = {
      id: '0123456789abcdef',
      projectId: null,
      replacedBy: null,
      name: 'ci',
      role: 'viewer' as const,
      state: 'active' as const,
      createdAt: at,
      lastUsedAt: null,
      expiresAt: null,
      revokedAt: null,
    }
    const project = {
      id: defaultProjectId,
      name: 'shop',
      etag: 'p-1',
      quota: { instances: 1, operations: 1 },
      usage: { instances: 0, operations: 0 },
      createdAt: at,
      updatedAt: at,
    }
    const webhook = {
      id: instance.id,
      projectId: defaultProjectId,
      etag: 'w-1',
      url: 'https://hook.test',
      kinds: ['instance.failed' as const],
      failingSince: null,
      disabledReason: null,
      disabledAt: null,
      createdAt: at,
      updatedAt: at,
    }
    const madeKey = () => Promise.resolve({ key, secret: 's' })
    const { send } = serveRest({
      keys: { create: madeKey, rotate: madeKey },
      projects: { create: () => Promise.resolve(project) },
      webhooks: { create: () => Promise.resolve({ webhook, secret: 's' }) },
    })
    const made = async (line: string, json: object) => {
      const { status, headers } = await send(line, { json })
      return [status, headers.get('location'), headers.get('etag')]
    }
    expect(await made('POST /keys', { name: 'ci', role: 'viewer' })).toEqual([201, `/keys/${key.id}`, null])
    expect(await made('POST /keys/fedcba9876543210/rotate', {})).toEqual([201, `/keys/${key.id}`, null])
    expect(await made('POST /projects', { name: 'shop' })).toEqual([201, `/projects/${project.id}`, '"p-1"'])
    const asked = { url: webhook.url, kinds: webhook.kinds }
    expect(await made('POST /webhooks', asked)).toEqual([201, `/webhooks/${webhook.id}`, '"w-1"'])
  })

  test('a HEAD is a GET without its body', async () => {
    const { send } = serveRest({ instances: { get: () => Promise.resolve(instance) } })
    const response = await send('HEAD /instances/orders')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  test('a HEAD opens no stream, which nobody would read', async () => {
    const watch = vi.fn()
    const { send } = serveRest({ instances: { watch } })
    const response = await send('HEAD /instance-changes')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
    expect(watch).not.toHaveBeenCalled()
  })
})

describe('input', () => {
  test('numbers, booleans and dates are read from the query', async () => {
    const list = vi.fn(() => Promise.resolve({ items: [], nextCursor: null }))
    const history = vi.fn(() => Promise.reject(new ToygresError('INSTANCE_NOT_FOUND', 'no such instance')))
    const { send } = serveRest({ instances: { list }, health: { history } })
    await send('GET /instances?limit=7&includeDeleted=true')
    expect(list).toHaveBeenCalledWith(admin, { limit: 7, includeDeleted: true })
    await send('GET /instances/orders/health/history?from=2026-01-02T03:04:05%2B01:00')
    expect(history).toHaveBeenCalledWith(admin, { id: 'orders', from: new Date('2026-01-02T02:04:05Z') })
  })

  test.each([
    ['a limit that is no number', 'GET /instances?limit=many', ['limit']],
    ['a limit out of range', 'GET /instances?limit=1001', ['limit']],
    ['a flag that is neither', 'GET /instances?includeDeleted=yes', ['includeDeleted']],
    ['a misspelt parameter', 'GET /instances?includedeleted=true', ['includedeleted']],
    ['a parameter given twice', 'GET /instances?limit=1&limit=2', ['limit']],
    ['a date that is none', 'GET /instances/orders/health/history?from=yesterday', ['from']],
    ['an id that is none', 'GET /operations/orders', ['id']],
  ])('%s is refused by its name', async (_, line, fields) => {
    const { send } = serveRest()
    const response = await send(line)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'INVALID_INPUT',
      errors: fields.map((path) => ({ path })),
    })
  })

  test('a field is refused by the name that it has in the request', async () => {
    const { send } = serveRest()
    const response = await send('POST /instances', {
      json: { name: 'orders' },
      headers: { 'Idempotency-Key': 'x'.repeat(1000) },
    })
    const message = 'an idempotency key is one word of 1 to 128 characters'
    expect(await response.json()).toMatchObject({
      detail: `Idempotency-Key: ${message}`,
      errors: [{ path: 'Idempotency-Key', message }],
    })
    const wait = await send(`GET /operations/${operation.id}?wait=61`)
    expect(await wait.json()).toMatchObject({
      detail: expect.stringMatching(/^wait: /),
      errors: [{ path: 'wait' }],
    })
  })

  test.each([
    ['no JSON', '{"name":'],
    ['no object', '["orders"]'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['an object with a field that nobody knows', '{"name":"orders","versoin":"17"}'],
    ['an object that wants to be more', '{"name":"orders","__proto__":{"version":"17"}}'],
    ['empty', ''],
  ])('a body that is %s is refused', async (_, body) => {
    const { send } = serveRest()
    const response = await send('POST /instances', { body, headers: { 'content-type': 'application/json' } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT' })
  })

  test.each([
    ['PATCH /instances/orders', '{"labels":{"__proto__":"1"}}', 'labels.__proto__'],
    ['PATCH /instances/orders', '{"labelChanges":{"team":"a","__proto__":null}}', 'labelChanges.__proto__'],
    ['POST /instances', '{"name":"orders","labels":{"__proto__":"1"}}', 'labels.__proto__'],
  ])('%s refuses %s, which would pass for no label at all', async (line, body, path) => {
    const { send } = serveRest()
    const response = await send(line, { body, headers: { 'content-type': 'application/json' } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path }] })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'a body of type %s is refused, which a form on another site could send',
    async (type) => {
      const { send } = serveRest()
      const response = await send('POST /instances', {
        body: '{"name":"orders"}',
        headers: { 'content-type': type },
      })
      expect(response.status).toBe(415)
      expect(await response.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
    },
  )

  test.each(['', '{}', ' {}\n'])('what has no field in its body needs no body: %j will do', async (body) => {
    const retry = vi.fn(() => Promise.resolve(operation))
    const { send } = serveRest({ operations: { retry } })
    expect((await send(`POST /operations/${operation.id}/retry`, { body })).status).toBe(202)
    expect(retry).toHaveBeenCalledOnce()
  })

  test.each([
    ['POST /instances/orders/stop', 'validateOnly', 'the query, as ?validateOnly='],
    ['POST /instances/orders/start', 'etag', 'the header If-Match'],
    ['DELETE /instances/orders', 'validateOnly', 'the query, as ?validateOnly='],
    ['DELETE /instances/orders', 'If-Match', 'the header If-Match'],
    ['DELETE /instances/orders', 'id', 'the path'],
    ['PATCH /instances/orders', 'validateOnly', 'the query, as ?validateOnly='],
  ])('%s refuses %s in its body, and says where it goes', async (line, name, where) => {
    const { send } = serveRest()
    const response = await send(line, { json: { [name]: 'orders' } })
    const message = `this request has no such field in its body: ${name} goes into ${where}`
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT', errors: [{ message }] })
  })

  test('a parameter that is none is refused, and where it goes is said', async () => {
    const { send } = serveRest()
    const response = await send('PATCH /instances/orders?etag=1&labels=a')
    const message = 'this request has no such parameter'
    expect(await response.json()).toMatchObject({
      errors: [
        { path: 'If-Match', message: `${message}: etag goes into the header If-Match` },
        { path: 'labels', message: `${message}: labels goes into the body` },
      ],
    })
  })

  test.each(['[]', '{bad', 'null', 'validateOnly=true', new Uint8Array([0xff])])(
    'nothing is deleted by a request whose body is %s',
    async (body) => {
      const { send } = serveRest()
      const response = await send('DELETE /instances/orders', { body })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT' })
    },
  )

  test('a caller who may not do it is told that, whatever is in the body', async () => {
    const { send } = serveRest()
    const response = await send('POST /instances', {
      body: 'nonsense',
      headers: { authorization: 'Bearer viewer' },
    })
    expect(response.status).toBe(403)
  })
})

describe('refusals', () => {
  test('are problems as of RFC 9457, with what programs decide by', async () => {
    const refusal = new ToygresError('INSTANCE_NOT_FOUND', 'there is no instance orders')
    const { send } = serveRest({ instances: { get: () => Promise.reject(refusal) } })
    const response = await send('GET /instances/orders', { headers: { 'X-Request-Id': 'mine-1' } })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('x-request-id')).toBe('mine-1')
    expect(await response.json()).toEqual({
      type: '/docs#INSTANCE_NOT_FOUND',
      title: 'Instance not found',
      status: 404,
      detail: 'there is no instance orders',
      code: 'INSTANCE_NOT_FOUND',
      retryable: false,
      requestId: 'mine-1',
    })
  })

  test('no key is answered with how to show one', async () => {
    const { send } = serveRest()
    const response = await send('GET /instances', { headers: { authorization: '' } })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('what may succeed later says when', async () => {
    const busy = new ToygresError('UNAVAILABLE', 'the database is away')
    const slow = new ToygresError('RATE_LIMITED', 'slow down', { details: { retryAfterSeconds: 7 } })
    const { send } = serveRest({
      instances: { get: () => Promise.reject(busy), list: () => Promise.reject(slow) },
    })
    const unavailable = await send('GET /instances/orders')
    expect(unavailable.status).toBe(503)
    expect(unavailable.headers.get('retry-after')).toBe('1')
    expect((await send('GET /instances')).headers.get('retry-after')).toBe('7')
  })

  test('a bug tells nothing but where to look, and is logged whole', async () => {
    const { send, log } = serveRest({ instances: { get: () => Promise.reject(new Error('oops')) } })
    const response = await send('GET /instances/orders')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('oops')
    expect(log.lines).toMatchObject([{ level: 'error', fields: { path: 'instances.get', code: 'INTERNAL' } }])
    expect(log.text()).toContain('oops')
  })

  test.each(['/', '/nowhere', '/instances/', '/instances//health', '/instances/%ff', '/instances/a/b/c/d'])(
    'there is nothing at %s',
    async (path) => {
      const { send } = serveRest()
      const response = await send(`GET ${path}`)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  test('a path without the method says which it has', async () => {
    const { send } = serveRest()
    const response = await send('PUT /instances/orders')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, PATCH, DELETE')
    expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  test('a body that is too large is refused', async () => {
    const { send } = serveRest()
    const response = await send('POST /instances', {
      json: { name: 'x'.repeat(1025 * 1024) },
      headers: { 'content-length': String(1026 * 1024) },
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })
})
