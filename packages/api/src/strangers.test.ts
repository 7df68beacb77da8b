import { ToygresError } from '@toygres/schema'
import { expect, test } from 'vitest'
import { createApi } from './http.ts'
import { Strangers } from './strangers.ts'
import { adminOf, controlPlaneOf, type Answers } from './testing/control-plane.ts'
import { memoryLog } from './testing/log.ts'

const few = { burst: 3, perSecond: 0.01 }
const strangers = { signIns: few, failures: few }

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

const unauthenticated = () => Promise.reject(new ToygresError('UNAUTHENTICATED', 'no'))

/** Looks that begin together, and end when they are let; credentials that end in "good" are somebody's. */
function slowLooks() {
  const looks: string[] = []
  const end = Promise.withResolvers<void>()
  const lookUp = (credential: string) => async () => {
    looks.push(credential)
    await end.promise
    return credential.endsWith('good') ? credential : null
  }
  return { looks, lookUp, end: end.resolve }
}

test('whoever asks for the health is answered, however often: many do who have one address', async () => {
  const send = serve({ system: { health: () => Promise.resolve({ status: 'ok', version: '1' }) } })
  const answers = await Promise.all(Array.from({ length: 2000 }, () => send('/health', '192.0.2.1')))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})

test('who waits to be looked up waits no longer than the time that the caller gave', async () => {
  const end = Promise.withResolvers<null>()
  let looks = 0
  const send = serve({
    authenticate: () => {
      looks++
      return end.promise
    },
  })
  const list = (n: number, headers: Record<string, string> = {}) =>
    send('/instances', '192.0.2.1', { headers: { authorization: `Bearer bad-${n}`, ...headers } })
  // Three that the address may show, and two that are looked up of those that stand in line.
  const crowd = Array.from({ length: 5 }, (_, n) => list(n))
  await expect.poll(() => looks).toBe(5)
  const late = await list(5, { 'x-request-timeout': '0.05' })
  expect(late.status).toBe(504)
  expect(await late.json()).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true })
  end.resolve(null)
  expect(new Set((await Promise.all(crowd)).map(({ status }) => status))).toEqual(new Set([401]))
  expect(looks).toBe(5)
})

test('a good key that was not seen yet is let in, whatever others of its address have shown', async () => {
  const send = serve({
    authenticate: (key) => Promise.resolve(key.endsWith('good') ? adminOf('alice') : null),
    instances: { list: () => Promise.resolve({ items: [], nextCursor: null }) },
  })
  const list = (key: string) => () =>
    send('/instances', '192.0.2.1', { headers: { authorization: `Bearer ${key}` } })
  expect(await statusesOf(list('toygres_ffffffffffffffff_bad'), 5)).toEqual([401, 401, 401, 401, 401])
  expect(await statusesOf(list('toygres_eeeeeeeeeeeeeeee_good'), 5)).toEqual([200, 200, 200, 200, 200])
})

test('of a thousand bad ones at once a few are looked up, and then all addresses stand in one line', async () => {
  const limit = new Strangers(strangers)
  const { looks, lookUp, end } = slowLooks()
  const crowd = ['192.0.2.1', '192.0.2.2'].flatMap((address) =>
    Array.from({ length: 500 }, (_, n) => limit.greet({ address }, `${n}`, lookUp(`${n} of ${address}`))),
  )
  const good = limit.greet({ address: '192.0.2.1' }, 'good', lookUp('good'))
  expect(looks).toHaveLength(3 + 3 + 2)
  end()
  expect(await good).toBe('good')
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([null]))
})

test('who is known does not stand in line, and is so by all that they show', async () => {
  const limit = new Strangers(strangers)
  const seen = slowLooks()
  seen.end()
  const key = 'toygres_0123456789abcdef_good'
  await limit.greet({ address: '192.0.2.1' }, key, seen.lookUp(key))
  const { looks, lookUp, end } = slowLooks()
  const others = Array.from({ length: 10 }, (_, n) =>
    limit.greet({ address: '192.0.2.1' }, `toygres_0123456789abcdef_${n}`, lookUp('bad')),
  )
  const known = Array.from({ length: 10 }, () => limit.greet({ address: '192.0.2.1' }, key, lookUp(key)))
  expect(looks.filter((look) => look === 'bad')).toHaveLength(3 + 2)
  expect(looks.filter((look) => look === key)).toHaveLength(10)
  end()
  await Promise.all([...others, ...known])
})

test('a good one costs nothing; one that is refused, as much as one that is unknown', async () => {
  const limit = new Strangers(strangers)
  const seen = slowLooks()
  seen.end()
  for (let n = 0; n < 10; n++) await limit.greet({ address: '192.0.2.1' }, `${n} good`, seen.lookUp('good'))
  for (let n = 0; n < 3; n++)
    await expect(limit.greet({ address: '192.0.2.1' }, `${n}.of.issuer`, unauthenticated)).rejects.toThrow(
      'no',
    )
  const { looks, lookUp, end } = slowLooks()
  const crowd = Array.from({ length: 10 }, (_, n) =>
    limit.greet({ address: '192.0.2.1' }, `${n}`, lookUp('bad')),
  )
  expect(looks).toHaveLength(2)
  end()
  await Promise.all(crowd)
})

test('one that opened something and no longer does stands in line with the others', async () => {
  const limit = new Strangers(strangers)
  const seen = slowLooks()
  seen.end()
  for (const refusal of [() => Promise.resolve(null), unauthenticated]) {
    await limit.greet({ address: '192.0.2.1' }, 'once good', seen.lookUp('once good'))
    await limit.greet({ address: '192.0.2.1' }, 'once good', refusal).catch(() => null)
    const { looks, lookUp, end } = slowLooks()
    const crowd = Array.from({ length: 10 }, () =>
      limit.greet({ address: '192.0.2.1' }, 'once good', lookUp('bad')),
    )
    expect(looks.length).toBeLessThan(10)
    end()
    await Promise.all(crowd)
  }
})

test('one key signs in to the console so often, and no other key suffers, nor from bad ones', async () => {
  const opened: string[] = []
  const send = serve({
    sessions: {
      open(apiKey) {
        if (!apiKey.endsWith('good')) return unauthenticated()
        opened.push(apiKey)
        return Promise.resolve({ token: 'token', session })
      },
    },
  })
  const signIn = (apiKey: string) => () =>
    send('/session', '192.0.2.1', {
      method: 'POST',
      body: JSON.stringify({ apiKey }),
      headers: { 'content-type': 'application/json', 'x-toygres-console': '1' },
    })
  for (let n = 0; n < 10; n++) expect((await signIn(`bad ${n}`)()).status).toBe(401)
  expect(await statusesOf(signIn('one good'), 5)).toEqual([200, 200, 200, 429, 429])
  expect(await statusesOf(signIn('another good'), 2)).toEqual([200, 200])
  expect(opened).toHaveLength(5)
})

/** Looks of these addresses that are not in line, where one token is all that an address has. */
function looksAtOnce(addresses: readonly string[]): number {
  const limit = new Strangers({ ...strangers, failures: { burst: 1, perSecond: 0.01 } })
  const { looks, lookUp, end } = slowLooks()
  // Two fill the line.
  for (let n = 0; n < 3; n++) void limit.greet({ address: '198.51.100.1' }, `${n}`, lookUp('filler'))
  for (const address of addresses) void limit.greet({ address }, address, lookUp(address))
  end()
  return looks.filter((look) => look !== 'filler').length
}

test.each([
  ['192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:0:7::1', '2001:db8:0:7:a:b:c:d'],
  ['2001:db8::1', '2001:db8:0:0:ffff::'],
  ['fe80::1%eth0', 'fe80::2'],
])('%s and %s are one', (one, other) => {
  expect(looksAtOnce([one, other])).toBe(1)
})

test('2001:db8:0:7::1 and 2001:db8:0:8::1 are two', () => {
  expect(looksAtOnce(['2001:db8:0:7::1', '2001:db8:0:8::1'])).toBe(2)
})

const session = {
  subject: 'api-key:0123456789abcdef',
  name: 'x',
  role: 'viewer',
  projectId: null,
  expiresAt: new Date(Date.now() + 60_000),
} as const
