import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { openApi, type OpenApi } from './open-api.ts'

/** Statements of the API that PostgreSQL is at. */
const atWork = async ({ domain }: OpenApi) =>
  (
    await domain.sql`
      select from pg_stat_activity where datname = current_database() and application_name = 'toygres' and wait_event_type = 'Lock'`
  ).length

/** Seconds: long enough for a call to get to the lock that it is to wait for, on a busy machine too. */
const late = { headers: { 'x-request-timeout': '3' } }

test('a call whose time is up is answered so, and what it did in the database is ended and undone', async () => {
  await using api = await openApi()
  const { domain } = api
  await domain.sql.begin(async (tx) => {
    await tx`lock table audit_log in exclusive mode`
    const call = api.mutate('instances.create', { name: 'late', idempotencyKey: 'late-1' }, late)
    await domain.blocked()
    expect(await call).toMatchObject({
      status: 504,
      error: { code: 'DEADLINE_EXCEEDED', retryable: true },
    })
    await expect.poll(() => atWork(api)).toBe(0)
    expect(await domain.sql`select from instances where name = 'late'`).toHaveLength(0)
  })
  // The key is free again at once, and the call can be made.
  expect(await api.mutate('instances.create', { name: 'late', idempotencyKey: 'late-1' })).toMatchObject({
    status: 200,
  })
})

test('a reader whose caller has gone is ended in the database', async () => {
  await using api = await openApi()
  const { domain } = api
  await domain.sql.begin(async (tx) => {
    await tx`lock table instances in access exclusive mode`
    const left = new AbortController()
    const call = api.query('instances.get', { id: 'orders' }, { signal: left.signal })
    await domain.blocked()
    left.abort()
    await expect(call).rejects.toThrow()
    await expect.poll(() => atWork(api)).toBe(0)
  })
  expect(await api.query('instances.list', {})).toMatchObject({ status: 200 })
})

test('more calls that are abandoned than there are connections cost the others none', async () => {
  await using api = await openApi()
  const { domain } = api
  for (let round = 0; round < 5; round++)
    await domain.sql.begin(async (tx) => {
      await tx`lock table audit_log in exclusive mode`
      const calls = Array.from({ length: 30 }, (_, n) =>
        api.mutate('instances.create', { name: `crowd-${round}-${n}` }, late),
      )
      await domain.blocked(2)
      const answers = await Promise.all(calls)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]))
      await expect.poll(() => atWork(api)).toBe(0)
    })
  const answers = await Promise.all(Array.from({ length: 30 }, () => api.query('instances.list', {})))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await domain.sql`select from instances`).toHaveLength(0)
  // Sessions of the API only: the engine may be between two statements just now. PostgreSQL itself ends what is left after 5 s.
  const left = () => domain.sql`
    select from pg_stat_activity where datname = current_database() and application_name = 'toygres'
      and state like 'idle in transaction%'`
  await expect.poll(left, { timeout: 2000 }).toHaveLength(0)
})

test.each(['0', '-1', 'soon', '601', '1e3'])('a deadline of %j is refused', async (timeout) => {
  await using api = await openApi()
  expect(await api.query('instances.list', {}, { headers: { 'x-request-timeout': timeout } })).toMatchObject({
    status: 400,
    error: { code: 'INVALID_INPUT' },
  })
})

test('a stream of which the time is up ends as late, also in the middle of a statement', async () => {
  await using api = await openApi()
  const { domain } = api
  const stream = (path: string) =>
    fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.admin}`, ...late.headers } })
  const changes = await stream('/instance-changes')
  expect(await changes.text()).toMatch(/event: problem\ndata: .*DEADLINE_EXCEEDED/)
  await domain.sql.begin(async (tx) => {
    await tx`lock table operations in access exclusive mode`
    const events = stream(`/operations/${newId()}/events`)
    await domain.blocked()
    expect(await (await events).text()).toContain('"code":"DEADLINE_EXCEEDED"')
    await expect.poll(() => atWork(api)).toBe(0)
  })
})

test('nothing is kept of a call that has ended, however long it might have taken', async () => {
  await using api = await openApi()
  const { url, admin } = api
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const patient = { 'x-request-timeout': '600' }
  const known = { ...patient, authorization: `Bearer ${admin}` }
  const read = async (path: string, headers: Record<string, string>) => {
    await (await fetch(`${url}${path}`, { headers })).text()
  }
  /** Opened, and left after its first words. */
  const watch = async (path: string, headers: Record<string, string>) => {
    const left = new AbortController()
    const response = await fetch(`${url}${path}`, { headers, signal: left.signal })
    await response.body?.getReader().read()
    left.abort()
  }
  await read('/instances', known)
  const before = timers()
  const batch = '/trpc/instances.list,instances.list?batch=1&input=%7B%7D'
  for (let n = 0; n < 10; n++) {
    await read('/instances', patient)
    await read('/instances', known)
    await read('/trpc/instances.list', patient)
    await read(batch, { ...known, 'trpc-accept': 'application/jsonl' })
    await watch('/trpc/instances.watch?input=%7B%7D', patient)
    await watch('/trpc/instances.watch?input=%7B%7D', known)
    await watch('/instance-changes', known)
  }
  await expect.poll(timers).toBeLessThanOrEqual(before + 3)
})
