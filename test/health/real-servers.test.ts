import { chown, readFile, stat, statfs, writeFile } from 'node:fs/promises'
import { findServer } from '@toygres/local-postgres'
import type { HealthReason } from '@toygres/schema'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { selfSigned } from './self-signed.ts'
import { startStandbyOf } from './standby.ts'
import { openWatched, type Watched } from './watched.ts'

let watched: Watched
beforeAll(async () => {
  watched = await openWatched()
})
afterAll(() => watched[Symbol.asyncDispose]())

const data = () => `${watched.domain.home}/instances/${watched.id}/data`
const healthOnce = (condition: (health: Awaited<ReturnType<Watched['health']>>) => boolean) =>
  watched.untilHurried(async () => condition(await watched.health()))

/** Settings of the server, and what ends them. */
async function set(superuser: Sql, settings: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  for (const [name, value] of Object.entries(settings))
    await superuser.unsafe(`alter system set ${name} = '${value}'`)
  await superuser`select pg_reload_conf()`
  return async () => {
    for (const name of Object.keys(settings)) await superuser.unsafe(`alter system reset ${name}`)
    await superuser`select pg_reload_conf()`
  }
}

/** A certificate where the server looks for it. */
async function certify(): Promise<void> {
  const { certificate, key } = selfSigned()
  const { uid, gid } = await stat(data())
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
  ] as const) {
    await writeFile(`${data()}/${name}`, text, { mode: 0o600 })
    await chown(`${data()}/${name}`, uid, gid)
  }
}

/** Takes every connection that users may have. */
async function takeAllConnections(superuser: Sql): Promise<() => Promise<void>> {
  await superuser.unsafe(`create role app login password 'of-a-test'`)
  const url = new URL(watched.connectionString)
  url.username = 'app'
  url.password = 'of-a-test'
  const sessions: Sql[] = []
  const oneMore = async () => {
    const session = postgres(url.href, { max: 1, fetch_types: false, onnotice: () => {} })
    const taken = await session`select 1`.then(
      () => true,
      () => false,
    )
    if (taken) sessions.push(session)
    else await session.end({ timeout: 0 })
    return taken
  }
  const monitorIsIn = async () =>
    (await superuser`select from pg_stat_activity where usename = 'toygres_monitor'`).length > 0
  // Until there is no room, and none of it is the monitor's.
  while ((await oneMore()) || (await monitorIsIn())) await watched.cutMonitor(superuser)
  return async () => {
    await Promise.all(sessions.map((session) => session.end({ timeout: 1 })))
    await superuser.unsafe('drop role app')
  }
}

/** What can be wrong with a server that runs. Each begins, and answers how it ends. */
const troubles: readonly (readonly [
  reason: HealthReason,
  detail: RegExp,
  begin: (superuser: Sql) => Promise<() => Promise<void>>,
])[] = [
  [
    'auth',
    /password authentication failed/,
    async (superuser) => {
      const { password } = new URL(watched.connectionString)
      await superuser.unsafe(
        `alter role postgres password 'changed'; alter role toygres_monitor password 'too'`,
      )
      return async () => {
        await superuser.unsafe(`alter role postgres password '${password}'`)
      }
    },
  ],
  [
    'auth',
    /pg_hba\.conf rejects connection/,
    async (superuser) => {
      const before = await readFile(`${data()}/pg_hba.conf`, 'utf8')
      const becomes = async (text: string) => {
        await writeFile(`${data()}/pg_hba.conf`, text)
        await superuser`select pg_reload_conf()`
      }
      await becomes(`host all all all reject\n${before}`)
      return () => becomes(before)
    },
  ],
  ['too-many-connections', /connection slots are reserved/, takeAllConnections],
  [
    'timeout',
    /no answer within|statement timeout/,
    async (superuser) => {
      // Every login reads this table.
      await superuser.unsafe('begin; lock table pg_database in access exclusive mode')
      return async () => {
        await superuser.unsafe('rollback')
      }
    },
  ],
  [
    'tls',
    /protocol version/,
    async (superuser) => {
      await certify()
      return set(superuser, {
        ssl_min_protocol_version: 'TLSv1',
        ssl_max_protocol_version: 'TLSv1.1',
        ssl: 'on',
      })
    },
  ],
  [
    'error',
    /permission denied for database/,
    async (superuser) => {
      await superuser.unsafe('revoke connect on database postgres from public')
      return async () => {
        await superuser.unsafe('grant connect on database postgres to public')
      }
    },
  ],
  [
    'error',
    // Cut in the middle of a character.
    /^x{499}\uFFFD$/,
    async (superuser) => {
      await superuser.unsafe(`
        create function refuse() returns event_trigger language plpgsql as
          $$ begin if session_user = 'toygres_monitor' then raise exception '%', repeat('x', 499) || U&'\\+01F600'; end if; end $$;
        create event trigger refuse on login execute function refuse();
        alter event trigger refuse enable always`)
      return async () => {
        await superuser.unsafe('drop event trigger refuse; drop function refuse()')
      }
    },
  ],
  [
    'shutting-down',
    /shutting down/,
    async (superuser) => {
      // A smart shutdown: nobody is let in, and it waits for those who are.
      const server = await findServer(data())
      process.kill(server?.pid ?? 0, 'SIGTERM')
      return () => superuser.end()
    },
  ],
]

test.for(troubles)(
  'a real server that fails with %s (%s) is unhealthy after three checks, and healthy after two once it is over',
  async ([reason, detail, begin]) => {
    const superuser = await watched.superuser()
    const end = await begin(superuser)
    await watched.untilHurried(async () => {
      await watched.cutMonitor(superuser)
      return (await watched.health()).status === 'unhealthy'
    })
    expect(await watched.health()).toMatchObject({
      reason,
      detail: expect.stringMatching(detail),
      latencyMs: null,
    })
    expect(await watched.lastEvent()).toMatchObject({ status: 'unhealthy', reason })
    expect(await watched.checksThatDecided()).toBe(3)
    await end()
    await watched.becomes('healthy')
    expect(await watched.lastEvent()).toMatchObject({ status: 'healthy', reason: null })
    expect(await watched.checksThatDecided()).toBe(2)
  },
)

test('a server that encrypts is asked over TLS, one that does not is asked in the clear', async () => {
  const superuser = await watched.superuser()
  await certify()
  const end = await set(superuser, { ssl: 'on' })
  await watched.cutMonitor(superuser)
  await healthOnce(({ tls }) => tls === true)
  expect(await watched.health()).toMatchObject({ status: 'healthy', reason: null })
  expect([
    ...(await superuser`
      select ssl from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'toygres_monitor'`),
  ]).toEqual([{ ssl: true }])
  await end()
  await watched.cutMonitor(superuser)
  await healthOnce(({ tls }) => tls === false)
})

test('a server that takes no writes says so, and is healthy', async () => {
  const superuser = await watched.superuser()
  const end = await set(superuser, { default_transaction_read_only: 'on' })
  await healthOnce(({ readOnly }) => readOnly === true)
  expect(await watched.health()).toMatchObject({ status: 'healthy', reason: null, inRecovery: false })
  await end()
  await healthOnce(({ readOnly }) => readOnly === false)
})

test('the oldest transaction is told for as long as it is open', async () => {
  const superuser = await watched.superuser()
  await healthOnce(({ oldestTransactionSeconds }) => oldestTransactionSeconds === null)
  await superuser.unsafe('begin; select 1')
  await healthOnce(({ oldestTransactionSeconds: seconds }) => seconds !== null)
  const first = (await watched.health()).oldestTransactionSeconds ?? Number.NaN
  await healthOnce(({ oldestTransactionSeconds: seconds }) => seconds !== null && seconds > first)
  await superuser.unsafe('commit')
  await healthOnce(({ oldestTransactionSeconds }) => oldestTransactionSeconds === null)
})

test('the disk is the one under its data', async () => {
  await healthOnce(({ disk }) => disk !== null)
  const { blocks, bsize } = await statfs(data())
  const { disk } = await watched.health()
  expect(disk).toEqual({ freeBytes: expect.any(Number), totalBytes: blocks * bsize })
  expect(disk?.freeBytes).toBeGreaterThan(0)
})

test('a server that takes too long to tell its size is healthy, keeps the last one, and is not asked again at each check', async () => {
  const { domain, id } = watched
  await healthOnce(({ databaseBytes }) => databaseBytes !== null)
  const { databaseBytes } = await watched.health()
  const superuser = await watched.superuser()
  const [{ body } = { body: '' }] = await superuser<{ body: string }[]>`
    select pg_get_functiondef('pg_database_size(oid)'::regprocedure) as body`
  // As a directory with a million files, or a disk that hangs, would. Not strict, since only what the planner inlines replaces a built-in.
  await superuser.unsafe(`
    create or replace function pg_catalog.pg_database_size(oid) returns bigint language sql volatile called on null input
    as $$ select length(pg_sleep(60)::text)::bigint $$`)
  const [{ now } = { now: new Date() }] = await domain.sql<{ now: Date }[]>`select now()`
  await domain.sql`update instance_health set measured_at = null where instance_id = ${id}`
  await until(async () => {
    const measured = await domain.sql`
      select from instance_health where instance_id = ${id} and measured_at is not null`
    return measured.length === 1
  })
  await superuser.unsafe(body)
  expect(await watched.health()).toMatchObject({ status: 'healthy', reason: null, databaseBytes })
  expect(
    await domain.sql`select from health_samples where instance_id = ${id} and at > ${now} and reason is not null`,
  ).toEqual([])
})

// More than there are numbers for, and nothing at all.
test.for(['9223372036854775807', 'null'])(
  'a server that says it is of the size %s is written down with all others all the same',
  async (said) => {
    const { domain, id } = watched
    const superuser = await watched.superuser()
    const [{ body } = { body: '' }] = await superuser<{ body: string }[]>`
    select pg_get_functiondef('pg_database_size(oid)'::regprocedure) as body`
    // And says another one where only the monitor would look, which nobody asks.
    await superuser.unsafe(`
    create or replace function pg_catalog.pg_database_size(oid) returns bigint language sql volatile called on null input
    as $$ select ${said}::bigint $$;
    create schema own; grant usage on schema own to public;
    create function own.pg_database_size(oid) returns bigint language sql as 'select 42';
    alter role toygres_monitor set search_path = own, pg_catalog`)
    await watched.cutMonitor(superuser)
    const before = await watched.health()
    await domain.sql`update instance_health set measured_at = null where instance_id = ${id}`
    await watched.untilHurried(async () => {
      const measured = await domain.sql`
      select from instance_health where instance_id = ${id} and measured_at is not null`
      return measured.length === 1
    })
    const { checkedAt } = await watched.health()
    await watched.untilHurried(
      async () => (await watched.health()).checkedAt?.getTime() !== checkedAt?.getTime(),
    )
    expect(await watched.health()).toMatchObject({ status: 'healthy', databaseBytes: before.databaseBytes })
    await superuser.unsafe(`${body}; drop schema own cascade; alter role toygres_monitor reset search_path`)
  },
)

test('one login serves many checks', async () => {
  const superuser = await watched.superuser()
  await watched.cutMonitor(superuser)
  const checkedAt = async () => (await watched.health()).checkedAt?.getTime()
  const monitors = async () => [
    ...(await superuser`select pid from pg_stat_activity where usename = 'toygres_monitor'`),
  ]
  await watched.untilHurried(async () => (await monitors()).length === 1)
  const first = await monitors()
  for (const _ of [1, 2, 3]) {
    const before = await checkedAt()
    await watched.untilHurried(async () => (await checkedAt()) !== before)
  }
  expect(await monitors()).toEqual(first)
})

test('a standby is starting up until it can be asked, and then tells that it recovers and takes no writes', async () => {
  const standby = await startStandbyOf(watched)
  // The copy was made while the instance was down: it has to be itself again first.
  await watched.isIdle()
  await watched.becomes('healthy')
  await watched.redirectTo(standby.port)
  await watched.becomes('unhealthy')
  expect(await watched.health()).toMatchObject({
    reason: 'starting-up',
    detail: 'the database system is starting up',
    inRecovery: null,
  })
  await standby.recover()
  await watched.becomes('healthy')
  expect(await watched.checksThatDecided()).toBe(2)
  expect(await watched.health()).toMatchObject({ reason: null, inRecovery: true, readOnly: true })
  const url = new URL(watched.connectionString)
  url.port = String(standby.port)
  await expect(ask(url.href, 'create table written ()')).rejects.toMatchObject({ code: '25006' })
  await watched.redirectTo(watched.port)
  await healthOnce(({ inRecovery }) => inRecovery === false)
})
