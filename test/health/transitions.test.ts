import type { Socket } from 'node:net'
import { findServer } from '@toygres/local-postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, ask } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { listener, openWatched, type Watched } from './watched.ts'

let watched: Watched
beforeAll(async () => {
  watched = await openWatched()
})
afterAll(() => watched[Symbol.asyncDispose]())

const errorResponse = (code: string, message: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Speaks the protocol up to this error: no TLS where it is asked for, then a refusal, or silence for other users than these. */
const refusing = (code: string, message: string, user = '') => {
  const refuse = (socket: Socket) => (startup: Buffer) => {
    if (startup.includes(user)) socket.end(errorResponse(code, message))
  }
  return (socket: Socket) => {
    socket.once('data', (first) => {
      if (first.length > 8) return refuse(socket)(first)
      socket.write('N')
      socket.once('data', refuse(socket))
    })
  }
}

/**
 * What no real server can be brought to say for long enough: a port where nobody listens is real, and so is a name that leads
 * nowhere; one that cuts each connection without a word, refuses a login for want of disk, or refuses the monitor and says
 * nothing to the superuser who would put it back, is not to be had. All others are in real-servers.test.ts.
 */
const places: readonly (readonly [reason: string, place: () => Promise<number>])[] = [
  ['refused', async () => 1],
  ['connection-lost', () => listener((socket) => socket.destroy())],
  ['disk-full', () => listener(refusing('53100', 'could not write init file'))],
  ['auth', () => listener(refusing('28P01', 'password authentication failed', 'toygres_monitor'))],
]

test.for(places)(
  'an instance that fails with %s is unhealthy for that reason, and healthy again after it',
  async ([reason, place]) => {
    const { domain, id, health, lastEvent } = watched
    await watched.redirectTo(await place())
    await watched.becomes('unhealthy')
    expect(await health()).toMatchObject({ reason, detail: expect.any(String), latencyMs: null })
    expect(await lastEvent()).toMatchObject({ status: 'unhealthy', reason })
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({
      healthStatus: 'unhealthy',
      healthReason: reason,
    })
    expect(await watched.checksThatDecided()).toBe(3)
    await watched.redirectTo(watched.port)
    await watched.becomes('healthy')
    expect(await lastEvent()).toMatchObject({ status: 'healthy', reason: null })
    expect(await watched.checksThatDecided()).toBe(2)
  },
)

test('one failed check changes nothing', async () => {
  const { items } = await watched.domain.plane.health.events(alice, { id: watched.id, limit: 100 })
  await watched.redirectTo(1)
  await until(async () => (await watched.health()).reason === 'refused')
  await watched.redirectTo(watched.port)
  await until(async () => (await watched.health()).reason === null)
  expect(await watched.health()).toMatchObject({ status: 'healthy' })
  expect((await watched.domain.plane.health.events(alice, { id: watched.id, limit: 100 })).items).toEqual(
    items,
  )
})

test('an instance whose connections are all taken says so, although its monitor has one', async () => {
  // Open from before: there is no room for another while all that are refused try again.
  const superuser = postgres(watched.connectionString, { max: 1, fetch_types: false })
  await superuser`create role app login password 'of-a-test'`
  const url = new URL(watched.connectionString)
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
  await watched.untilHurried(async () => (await watched.health()).reason === 'too-many-connections')
  enough.abort()
  await superuser`alter role app nologin`
  await superuser`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`
  await Promise.all([clients.end({ timeout: 0 }), superuser.end()])
  await Promise.all(sleeping)
  await watched.untilHurried(async () => (await watched.health()).reason === null)
})

test('a server that is killed is unhealthy by its provider’s word, before any check', async () => {
  await watched.becomes('healthy')
  // No check would find out for an hour.
  await watched.domain.plane.health.configure(alice, { id: watched.id, checkIntervalSeconds: 3600 })
  await until(async () => (await watched.health()).checkIntervalSeconds === 3600)
  const server = await findServer(`${watched.domain.home}/instances/${watched.id}/data`)
  process.kill(server?.pid ?? 0, 'SIGKILL')
  await until(async () => {
    const { items } = await watched.domain.plane.health.events(alice, { id: watched.id, limit: 5 })
    return items.some((event) => event.reason === 'server-down')
  })
  await watched.becomes('healthy')
  expect(await ask(watched.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an instance whose name leads nowhere is unreachable', async () => {
  await watched.redirectTo(watched.port, 'nowhere.invalid')
  await watched.becomes('unhealthy')
  expect(await watched.health()).toMatchObject({ reason: 'unreachable' })
  await watched.redirectTo(watched.port)
  await watched.becomes('healthy')
})

test('a server that hangs is unhealthy by its silence, holds up nobody else, and needs no repair to come back', async () => {
  const other = await watched.domain.created('neighbour')
  const otherHealth = () => watched.domain.plane.health.get(alice, other)
  await watched.becomes('healthy')
  const superuser = postgres(watched.connectionString, { max: 1, fetch_types: false })
  await superuser`select 1`
  const server = await findServer(`${watched.domain.home}/instances/${watched.id}/data`)
  process.kill(server?.pid ?? 0, 'SIGSTOP')
  try {
    // What was logged in before still answers, and is believed for a minute: the monitor has to log in anew.
    await superuser`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'toygres_monitor'`
    await watched.becomes('unhealthy')
    expect(await watched.health()).toMatchObject({ reason: 'timeout' })
    const before = (await otherHealth()).checkedAt
    await watched.untilHurried(async () => (await otherHealth()).checkedAt?.getTime() !== before?.getTime())
    expect(await otherHealth()).toMatchObject({ status: 'healthy' })
  } finally {
    process.kill(server?.pid ?? 0, 'SIGCONT')
    await superuser.end({ timeout: 1 })
  }
  await watched.becomes('healthy')
  expect(await findServer(`${watched.domain.home}/instances/${watched.id}/data`)).toEqual(server)
})
