import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi, type OpenApi } from './open-api.ts'

let api: OpenApi
beforeAll(async () => {
  api = await openApi({
    rates: { reads: { burst: 50, perSecond: 0.01 }, writes: { burst: 2, perSecond: 0.01 } },
  })
})
afterAll(() => api[Symbol.asyncDispose]())

test('a caller that calls too often is told when to come again, and others do not suffer', async () => {
  const [loud, quiet] = [await api.key(), await api.key()]
  const create = (key: string) => api.mutate('keys.create', { name: 'x', role: 'viewer' }, { key })
  expect(await create(loud)).toMatchObject({ status: 200 })
  expect(await create(loud)).toMatchObject({ status: 200 })
  const refused = await create(loud)
  expect(refused).toMatchObject({
    status: 429,
    error: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: expect.any(Number) as number },
  })
  expect(refused.headers.get('retry-after')).toBe(String(refused.error?.['retryAfterSeconds']))
  // Reading is another matter, and so is somebody else.
  expect(await api.query('instances.list', {}, { key: loud })).toMatchObject({ status: 200 })
  expect(await create(quiet)).toMatchObject({ status: 200 })
})

test('each call of a batch counts', async () => {
  const key = await api.key()
  const batch = (calls: number) =>
    fetch(
      `${api.url}/trpc/${Array.from({ length: calls }, () => 'instances.list').join(',')}?batch=1&input=${encodeURIComponent(
        JSON.stringify(Object.fromEntries(Array.from({ length: calls }, (_, n) => [n, { json: {} }]))),
      )}`,
      { headers: { authorization: `Bearer ${key}` } },
    )
  for (let sent = 0; sent < 40; sent += 20) expect((await batch(20)).status).toBe(200)
  const last = await batch(20)
  expect(last.headers.get('retry-after')).not.toBeNull()
  expect((await last.text()).split('RATE_LIMITED')).toHaveLength(11)
})

test.each([
  ['limit', { limit: 0 }],
  ['limit', { limit: 1001 }],
  ['cursor', { cursor: 'of-another-list' }],
  ['cursor', { cursor: 'x'.repeat(501) }],
])('a page is refused that is out of bounds in its %s', async (path, input) => {
  expect(await api.query('instances.list', input)).toMatchObject({
    status: 400,
    error: { code: 'INVALID_INPUT', errors: [{ path }] },
  })
})
