import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultProjectId, ToygresError } from '@toygres/schema'
import { expect, test } from 'vitest'
import { createApi } from '../http.ts'
import { controlPlaneOf, type Answers } from '../testing/control-plane.ts'
import { memoryLog } from '../testing/log.ts'
import { instance } from '../testing/samples.ts'
import { readConsoleFiles } from './files.ts'

const origin = 'http://toygres.test:7420'
const ownPage = { 'x-toygres-console': '1', host: 'toygres.test:7420' }
const token = 'a'.repeat(43)
const cookie = `other=1; toygres_session_7420=${token}`
const session = {
  subject: 'api-key:1',
  name: 'laptop',
  role: 'admin' as const,
  projectId: null,
  expiresAt: new Date(Date.now() + 3_600_000),
}
const principal = { subject: 'api-key:1', role: 'admin' as const, projectId: defaultProjectId, system: true }

function serve(answers: Answers = {}) {
  const api = createApi({
    controlPlane: controlPlaneOf({
      sessions: {
        open: (apiKey) =>
          apiKey === 'good'
            ? Promise.resolve({ token, session })
            : Promise.reject(new ToygresError('UNAUTHENTICATED', 'no')),
        find: (given) => Promise.resolve(given === token ? session : null),
        authenticate: (given) => Promise.resolve(given === token ? principal : null),
        close: () => Promise.resolve(),
      },
      instances: { get: () => Promise.resolve(instance) },
      ...answers,
    }),
    logger: memoryLog(),
  })
  return (path: string, init?: RequestInit) => api.fetch(new Request(`${origin}${path}`, init))
}
const getOrders = `/trpc/instances.get?input=${encodeURIComponent('{"json":{"id":"orders"}}')}`

test('signing in puts the session into a cookie that neither scripts nor other sites have', async () => {
  const send = serve()
  const body = JSON.stringify({ apiKey: ' good ' })
  const response = await send('/session', { method: 'POST', headers: ownPage, body })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ name: 'laptop', role: 'admin' })
  const set = response.headers.get('set-cookie') ?? ''
  expect(set).toMatch(/^toygres_session_7420=a{43}; Path=\/; Max-Age=3[56]\d\d; HttpOnly; SameSite=Strict$/)
  const secured = { ...ownPage, 'x-forwarded-proto': 'https' }
  const behindProxy = await send('/session', { method: 'POST', headers: secured, body })
  expect(behindProxy.headers.get('set-cookie')).toMatch(/; Secure$/)
})

test('a key that opens nothing signs nobody in', async () => {
  const send = serve()
  const response = await send('/session', { method: 'POST', headers: ownPage, body: '{"apiKey":"bad"}' })
  expect(response.status).toBe(401)
  expect(response.headers.get('set-cookie')).toBeNull()
  expect((await send('/session', { method: 'POST', headers: ownPage, body: 'bad' })).status).toBe(400)
})

test('signing out ends the session and takes the cookie away', async () => {
  const response = await serve()('/session', { method: 'DELETE', headers: { ...ownPage, cookie } })
  expect(response.status).toBe(204)
  expect(response.headers.get('set-cookie')).toMatch(/^toygres_session_7420=; Path=\/; Max-Age=0;/)
})

test('signing out of what is no session writes nothing, and takes the cookie away', async () => {
  const send = serve({
    sessions: {
      find: () => Promise.resolve(null),
      close: () => Promise.reject(new Error('nothing is there to be closed')),
    },
  })
  const response = await send('/session', { method: 'DELETE', headers: { ...ownPage, cookie } })
  expect(response.status).toBe(204)
  expect(response.headers.get('set-cookie')).toMatch(/^toygres_session_7420=; Path=\/; Max-Age=0;/)
})

test('who is signed in is told; nobody is no error', async () => {
  const send = serve()
  expect(await (await send('/session', { headers: { ...ownPage, cookie } })).json()).toMatchObject({
    name: 'laptop',
  })
  expect(await (await send('/session', { headers: ownPage })).json()).toBeNull()
})

test('a session lets calls of our own pages in', async () => {
  const response = await serve()(getOrders, { headers: { ...ownPage, origin, cookie } })
  expect(response.status).toBe(200)
})

test.each([
  ['without the header that other sites cannot send', { host: ownPage.host, cookie }],
  ['from another origin', { ...ownPage, cookie, origin: 'http://evil.test' }],
  ['from another port of the host', { ...ownPage, cookie, origin: 'http://toygres.test:9999' }],
  ['from an origin that is none', { ...ownPage, cookie, origin: 'null' }],
  ['that a browser says comes from elsewhere', { ...ownPage, cookie, 'sec-fetch-site': 'same-site' }],
])('a call %s is refused, whatever cookie it has', async (_, headers) => {
  const send = serve()
  expect((await send(getOrders, { headers })).status).toBe(403)
  expect((await send('/session', { method: 'DELETE', headers })).status).toBe(403)
  const body = '{"apiKey":"good"}'
  expect((await send('/session', { method: 'POST', headers, body })).status).toBe(403)
})

test('a cookie of another control plane on this machine is not ours', async () => {
  const headers = { ...ownPage, cookie: `toygres_session_7421=${token}` }
  expect((await serve()(getOrders, { headers })).status).toBe(401)
})

test('a session that has ended asks for the key again', async () => {
  const headers = { ...ownPage, cookie: `toygres_session_7420=${'b'.repeat(43)}` }
  const response = await serve()(getOrders, { headers })
  expect(response.status).toBe(401)
  expect(await response.text()).toContain('sign in again')
})

test('the console is served: files for ever, the page anew, and nothing but our own runs in it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'toygres console files '))
  try {
    expect(await readConsoleFiles(directory)).toBeNull()
    await mkdir(join(directory, 'assets'))
    await writeFile(join(directory, 'index.html'), '<!doctype html><title>Toygres</title>')
    await writeFile(join(directory, 'assets/main-abc.js'), 'console.log(1)')
    await writeFile(join(directory, 'assets/main-abc.js.map'), '{}')
    const consoleFiles = await readConsoleFiles(directory)
    if (consoleFiles === null) throw new Error('it was not read')
    const api = createApi({ controlPlane: controlPlaneOf({}), logger: memoryLog(), consoleFiles })
    const get = (path: string, headers = {}) => api.fetch(new Request(`${origin}${path}`, { headers }))

    const page = await get('/console/instances/orders')
    expect(await page.text()).toContain('<title>Toygres')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")

    const script = await get('/console/assets/main-abc.js', { 'accept-encoding': 'gzip' })
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    for (const path of ['/console/assets/main-old.js', '/console/assets/main-abc.js.map'])
      expect((await get(path)).status).toBe(404)
    for (const path of ['/', '/console']) expect((await get(path)).headers.get('location')).toBe('/console/')
  } finally {
    await rm(directory, { recursive: true })
  }
})
