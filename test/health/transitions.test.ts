import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { findServer } from '@toygres/local-postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { alice, ask, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
let id: string
let connectionString: string
beforeAll(async () => {
  // That its address is not what its provider says is only reported: the tests send its checks elsewhere.
  domain = await openDomain({ repair: { changedSpec: 'report' } })
  id = await domain.created('orders')
  ;({ connectionString } = await domain.plane.instances.connection(alice, id))
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 5 })
  await until(async () => (await health()).status === 'healthy')
})
afterAll(() => domain[Symbol.asyncDispose]())

const health = () => domain.plane.health.get(alice, id)

/** Makes the next check due: its place in time is not what these tests are about. */
async function hurry(): Promise<void> {
  await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state = 'created'`
  await domain.sql`select pg_notify('toygres_health', '')`
}

const untilHurried = (condition: () => Promise<boolean>) =>
  until(async () => {
    await hurry()
    return condition()
  })
const becomes = (status: string) => untilHurried(async () => (await health()).status === status)
const lastEvent = async () => (await domain.plane.health.events(alice, { id, limit: 1 })).items[0]

/** Sends checks to another place, as if the instance lived there. */
async function redirectTo(port: number, host = '127.0.0.1'): Promise<void> {
  await domain.sql`update instances set host = ${host}, port = ${port} where id = ${id}`
}

/** Accepts connections and does this with each. */
async function listener(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const errorResponse = (code: string, message: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Speaks the protocol up to this error: no TLS where it is asked for, then a refusal. */
const refusing = (code: string, message: string) => (socket: Socket) => {
  const refuse = () => socket.end(errorResponse(code, message))
  socket.once('data', (first) => {
    if (first.length > 8) return refuse()
    socket.write('N')
    socket.once('data', refuse)
  })
}

/** Promises TLS, and then speaks something else. */
const garbled = (socket: Socket) => {
  socket.once('data', () => {
    socket.write('S')
    socket.once('data', () => socket.end('this is not TLS'))
  })
}

const port = (): number => Number(new URL(connectionString).port)

const places: readonly (readonly [reason: string, place: () => Promise<number>])[] = [
  ['refused', async () => 1],
  ['timeout', () => listener(() => {})],
  ['connection-lost', () => listener((socket) => socket.destroy())],
  ['starting-up', () => listener(refusing('57P03', 'the database system is starting up'))],
  ['shutting-down', () => listener(refusing('57P03', 'the database system is shutting down'))],
  ['too-many-connections', () => listener(refusing('53300', 'sorry, too many clients already'))],
  ['auth', () => listener(refusing('28P01', 'password authentication failed'))],
  ['disk-full', () => listener(refusing('53100', 'could not write init file'))],
  ['tls', () => listener(garbled)],
  ['error', () => listener(refusing('XX000', 'cache lookup failed'))],
]

test.for(places)(
  'an instance that fails with %s is unhealthy for that reason, and healthy again after it',
  async ([reason, place]) => {
    await redirectTo(await place())
    await becomes('unhealthy')
    expect(await health()).toMatchObject({ reason, detail: expect.any(String), latencyMs: null })
    expect(await lastEvent()).toMatchObject({ status: 'unhealthy', reason })
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({
      healthStatus: 'unhealthy',
      healthReason: reason,
    })
    await redirectTo(port())
    await becomes('healthy')
    expect(await lastEvent()).toMatchObject({ status: 'healthy', reason: null })
  },
)

test('one failed check changes nothing', async () => {
  const { items } = await domain.plane.health.events(alice, { id, limit: 100 })
  await redirectTo(1)
  await until(async () => (await health()).reason === 'refused')
  await redirectTo(port())
  await until(async () => (await health()).reason === null)
  expect(await health()).toMatchObject({ status: 'healthy' })
  expect((await domain.plane.health.events(alice, { id, limit: 100 })).items).toEqual(items)
})

test('an instance whose connections are all taken says so, although its monitor has one', async () => {
  // Open from before: there is no room for another while all that are refused try again.
  const superuser = postgres(connectionString, { max: 1, fetch_types: false })
  await superuser`create role app login password 'of-a-test'`
  const url = new URL(connectionString)
  url.username = 'app'
  url.password = 'of-a-test'
  const clients = postgres(url.href, {
    max: 100,
    connect_timeout: 60,
    fetch_types: false,
    onnotice: () => {},
  })
  // One that comes while another session is just ending is refused, and takes the place that it leaves the next time.
  const enough = new AbortController()
  const hold = async () => {
    while (!enough.signal.aborted) await clients`select pg_sleep(100)`.catch(() => 'refused, or ended')
  }
  const sleeping = Array.from({ length: 100 }, hold)
  await untilHurried(async () => (await health()).reason === 'too-many-connections')
  enough.abort()
  await superuser`alter role app nologin`
  await superuser`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`
  await Promise.all([clients.end({ timeout: 0 }), superuser.end()])
  await Promise.all(sleeping)
  await untilHurried(async () => (await health()).reason === null)
})

test('a server that is killed is unhealthy by its provider’s word, before any check', async () => {
  await becomes('healthy')
  // No check would find out for an hour.
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 3600 })
  await until(async () => (await health()).checkIntervalSeconds === 3600)
  const server = await findServer(`${domain.home}/instances/${id}/data`)
  process.kill(server?.pid ?? 0, 'SIGKILL')
  await until(async () => {
    const { items } = await domain.plane.health.events(alice, { id, limit: 5 })
    return items.some((event) => event.reason === 'server-down')
  })
  await becomes('healthy')
  expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an instance whose name leads nowhere is unreachable', async () => {
  await redirectTo(port(), 'nowhere.invalid')
  await becomes('unhealthy')
  expect(await health()).toMatchObject({ reason: 'unreachable' })
  await redirectTo(port())
  await becomes('healthy')
})

test('a server that hangs is unhealthy by its silence, holds up nobody else, and needs no repair to come back', async () => {
  const other = await domain.created('neighbour')
  const otherHealth = () => domain.plane.health.get(alice, other)
  await becomes('healthy')
  const superuser = postgres(connectionString, { max: 1, fetch_types: false })
  await superuser`select 1`
  const server = await findServer(`${domain.home}/instances/${id}/data`)
  process.kill(server?.pid ?? 0, 'SIGSTOP')
  try {
    // What was logged in before still answers, and is believed for a minute: the monitor has to log in anew.
    await superuser`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'toygres_monitor'`
    await becomes('unhealthy')
    expect(await health()).toMatchObject({ reason: 'timeout' })
    const before = (await otherHealth()).checkedAt
    await untilHurried(async () => (await otherHealth()).checkedAt?.getTime() !== before?.getTime())
    expect(await otherHealth()).toMatchObject({ status: 'healthy' })
  } finally {
    process.kill(server?.pid ?? 0, 'SIGCONT')
    await superuser.end({ timeout: 1 })
  }
  await becomes('healthy')
  expect(await findServer(`${domain.home}/instances/${id}/data`)).toEqual(server)
})
