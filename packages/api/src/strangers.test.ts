import { expect, test } from 'vitest'
import { createApi } from './http.ts'
import { Strangers } from './strangers.ts'
import { adminOf, controlPlaneOf, type Answers } from './testing/control-plane.ts'
import { memoryLog } from './testing/log.ts'

const few = { burst: 3, perSecond: 0.01 }
const strangers = { health: few, signIns: few, failures: few }

function serve(answers: Answers) {
  const controlPlane = controlPlaneOf(answers)
  const api = createApi({ controlPlane, logger: memoryLog(), rates: { strangers } })
  return (path: string, address: string, init: RequestInit = {}) =>
    api.fetch(new Request(`http://toygres.test${path}`, init), address)
}

const statusesOf = async (send: () => Promise<Response>, times: number) => {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push((await send()).status)
  return statuses
}

test('one address asks for the health so often, and others do not suffer', async () => {
  const send = serve({ system: { health: () => Promise.resolve({ status: 'ok', version: '1' }) } })
  expect(await statusesOf(() => send('/health', '192.0.2.1'), 5)).toEqual([200, 200, 200, 429, 429])
  expect((await send('/trpc/system.health', '192.0.2.1')).status).toBe(429)
  const refused = await send('/health', '192.0.2.1')
  expect(refused.headers.get('retry-after')).toBe('100')
  expect((await send('/health', '192.0.2.2')).status).toBe(200)
})

test('unknown keys of one address are soon not looked up any more; known ones are, also from there', async () => {
  const looks: string[] = []
  const authenticate: Answers['authenticate'] = (key) => {
    looks.push(key)
    return Promise.resolve(key.endsWith('good') ? adminOf('alice') : null)
  }
  const send = serve({
    authenticate,
    instances: { list: () => Promise.resolve({ items: [], nextCursor: null }) },
  })
  const list = (key: string, address: string) => () =>
    send('/instances', address, { headers: { authorization: `Bearer ${key}` } })
  expect(await statusesOf(list('toygres_0123456789abcdef_good', '192.0.2.1'), 1)).toEqual([200])
  expect(await statusesOf(list('toygres_ffffffffffffffff_bad', '192.0.2.1'), 5)).toEqual([
    401, 401, 401, 429, 429,
  ])
  expect(looks).toHaveLength(4)
  expect(await statusesOf(list('toygres_0123456789abcdef_good', '192.0.2.1'), 5)).toEqual([
    200, 200, 200, 200, 200,
  ])
  expect(await statusesOf(list('toygres_eeeeeeeeeeeeeeee_good', '192.0.2.1'), 1)).toEqual([429])
  expect(await statusesOf(list('toygres_eeeeeeeeeeeeeeee_good', '192.0.2.2'), 1)).toEqual([200])
})

test('one address signs in to the console so often', async () => {
  let opened = 0
  const send = serve({
    sessions: {
      open() {
        opened++
        return Promise.resolve({ token: 'token', session })
      },
    },
  })
  const signIn = () =>
    send('/session', '192.0.2.1', {
      method: 'POST',
      body: JSON.stringify({ apiKey: 'toygres_0123456789abcdef_x' }),
      headers: { 'content-type': 'application/json', 'x-toygres-console': '1' },
    })
  expect(await statusesOf(signIn, 5)).toEqual([200, 200, 200, 429, 429])
  expect(opened).toBe(3)
})

test.each([
  ['192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:0:7::1', '2001:db8:0:7:a:b:c:d'],
  ['2001:db8::1', '2001:db8:0:0:ffff::'],
  ['fe80::1%eth0', 'fe80::2'],
])('%s and %s are one', (one, other) => {
  const limit = new Strangers({ ...strangers, health: { burst: 1, perSecond: 0.01 } })
  limit.askForHealth(one)
  expect(() => limit.askForHealth(other)).toThrow('this caller makes more')
})

test('2001:db8:0:7::1 and 2001:db8:0:8::1 are two', () => {
  const limit = new Strangers({ ...strangers, health: { burst: 1, perSecond: 0.01 } })
  limit.askForHealth('2001:db8:0:7::1')
  expect(() => limit.askForHealth('2001:db8:0:8::1')).not.toThrow()
})

const session = {
  subject: 'api-key:0123456789abcdef',
  name: 'x',
  role: 'viewer',
  projectId: null,
  expiresAt: new Date(Date.now() + 60_000),
} as const
