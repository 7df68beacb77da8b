import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
let id: string
/** The past ends with this minute, so that no real check is in it. */
const end = new Date(Math.floor(Date.now() / 60_000) * 60_000)
beforeAll(async () => {
  domain = await openDomain()
  id = await domain.created('orders')
  await until(async () => (await domain.plane.health.get(alice, id)).checkedAt !== null)
  // The past, made: 50 minutes of checks every 30 seconds, of which every tenth failed, each of which stood until the next.
  await domain.sql`delete from health_samples`
  await domain.sql`
    insert into health_samples (instance_id, at, latency_ms, connections, database_bytes, reason, up_s, down_s)
    select ${id}, at, case when n % 10 = 0 then null else n end, 7, 1000 + n, case when n % 10 = 0 then 'timeout' end,
      case when n % 10 <> 1 then 30 end, case when n % 10 = 1 then 30 end
    from generate_series(0, 99) n, lateral (select ${end}::timestamptz - interval '50 minutes' + n * interval '30 seconds' as at) t`
  await domain.sql`update health_rollups set done_until = date_bin('1 hour', now() - interval '2 hours', '2000-01-01Z')`
})
afterAll(() => domain[Symbol.asyncDispose]())

const ago = (minutes: number) => new Date(end.getTime() - minutes * 60_000)
const range = { from: ago(60), to: end }
const byMinute = () => domain.plane.health.history(alice, { id, ...range, resolution: 'minute' })
const rolledUp = async () => {
  await domain.sql`update duties set done_at = '-infinity' where duty = 'health-rollup'`
  await until(async () => {
    const [row] =
      await domain.sql`select from health_rollups where resolution = 'minute' and done_until > now() - interval '3 minutes'`
    return row !== undefined
  })
}

test('raw history is every check, with the percentage of the time in which they succeeded', async () => {
  const history = await domain.plane.health.history(alice, { id, ...range, resolution: 'raw' })
  expect(history).toMatchObject({
    resolution: 'raw',
    checks: 100,
    uptimePercent: 90,
  })
  expect(history.points[0]).toMatchObject({ checks: 1, failures: 1, reason: 'timeout', latencyMs: null })
  expect(history.points[1]).toMatchObject({
    failures: 0,
    reason: null,
    connections: 7,
    databaseBytes: 1001,
    latencyMs: { average: 1, max: 1 },
  })
})

test('minutes that are not summed up yet read as they will when they are', async () => {
  const before = await byMinute()
  expect(before.points).toHaveLength(50)
  expect(before.points[1]).toMatchObject({ checks: 2, failures: 0, latencyMs: { average: 2.5, max: 3 } })
  await rolledUp()
  expect(await domain.sql`select from health_minutes where instance_id = ${id}`).not.toHaveLength(0)
  expect(await byMinute()).toEqual(before)
})

test('a minute in which all checks failed, though they were answered, has no latency', async () => {
  const at = new Date(end.getTime() + 10 * 60_000)
  await domain.sql`
    insert into health_samples (instance_id, at, latency_ms, reason) values (${id}, ${at}, 3, 'disk-full')`
  const [from, to] = [new Date(at.getTime() - 60_000), new Date(at.getTime() + 60_000)]
  const { points } = await domain.plane.health.history(alice, { id, from, to, resolution: 'minute' })
  expect(points.find(({ reason }) => reason === 'disk-full')).toMatchObject({ failures: 1, latencyMs: null })
})

test('a check that failed though it was answered is in no latency', async () => {
  const at = new Date(end.getTime() + 20 * 60_000)
  await domain.sql`
    insert into health_samples (instance_id, at, latency_ms, reason)
    values (${id}, ${at}, 2, null), (${id}, ${new Date(at.getTime() + 1000)}, 100, 'disk-full')`
  const [from, to] = [new Date(at.getTime() - 60_000), new Date(at.getTime() + 60_000)]
  for (const resolution of ['raw', 'minute', 'hour'] as const) {
    const { points } = await domain.plane.health.history(alice, { id, from, to, resolution })
    const latencies = points.flatMap(({ latencyMs }) => latencyMs ?? [])
    expect(latencies.every(({ max }) => max < 100)).toBe(true)
    if (resolution !== 'hour') expect(latencies).toEqual([{ average: 2, max: 2 }])
  }
})

test('an hour has the checks of its minutes', async () => {
  const hours = await domain.plane.health.history(alice, { id, from: ago(180), to: end, resolution: 'hour' })
  expect(hours.points.length).toBeGreaterThanOrEqual(1)
  expect(hours.checks).toBeGreaterThanOrEqual(90)
  expect(hours.uptimePercent).toBeLessThan(95)
})

test('hours that have ended are summed up, outlive their minutes, and read the same before and after it', async () => {
  const hourMs = 3_600_000
  const thisHour = Math.floor(Date.now() / hourMs) * hourMs
  const [from, to] = [new Date(thisHour - 2 * hourMs), new Date(thisHour - hourMs)]
  await domain.sql`
    insert into health_minutes (instance_id, at, checks, failures, latency_ms_sum, latency_ms_max, connections_max, reason, up_s, down_s)
    values (${id}, ${from}, 2, 1, 3, 3, 5, 'timeout', 30, 30), (${id}, ${new Date(to.getTime() - 60_000)}, 2, 0, 3, 2, 9, null, 60, null)`
  await domain.sql`update health_rollups
    set done_until = case resolution when 'minute' then ${to}::timestamptz else ${from}::timestamptz - interval '1 hour' end`
  const hour = () => domain.plane.health.history(alice, { id, from, to, resolution: 'hour' })
  const before = await hour()
  expect(before).toMatchObject({
    checks: 4,
    uptimePercent: 75,
    points: [{ at: from, failures: 1, reason: 'timeout', connections: 9, latencyMs: { average: 2, max: 3 } }],
  })
  await until(async () => {
    await domain.sql`update duties set done_at = '-infinity' where duty = 'health-rollup'`
    return (
      (await domain.sql`select from health_hours where instance_id = ${id} and at = ${from}`).length === 1
    )
  })
  await domain.sql`delete from health_minutes where at < ${to}`
  expect(await hour()).toEqual(before)
})

test('changes of health are kept for as long as the longest history, and no longer', async () => {
  const [young, old] = [newId(), newId()]
  await domain.sql`
    insert into health_events (id, instance_id, at, status)
    values (${young}, ${id}, now() - interval '89 days', 'healthy'), (${old}, ${id}, now() - interval '91 days', 'healthy')`
  const isThere = async (event: string) =>
    (await domain.sql`select from health_events where id = ${event}`).length === 1
  await domain.sql`update duties set done_at = '-infinity' where duty = 'health-rollup'`
  await until(async () => !(await isThere(old)))
  expect(await isThere(young)).toBe(true)
})

test('without a beginning it is of a day, or of as long as there may be of what is asked for', async () => {
  const hours = async (resolution?: 'raw' | 'minute' | 'hour') => {
    const asked = { id, to: end, ...(resolution && { resolution }) }
    const { from, to } = await domain.plane.health.history(alice, asked)
    return (to.getTime() - from.getTime()) / 3_600_000
  }
  expect([await hours(), await hours('raw'), await hours('minute'), await hours('hour')]).toEqual([
    24, 6, 24, 24,
  ])
})

test('without a resolution it is the one that suits the range', async () => {
  const of = async (minutes: number) =>
    (await domain.plane.health.history(alice, { id, from: ago(minutes), to: end })).resolution
  expect([await of(50), await of(600), await of(3000)]).toEqual(['raw', 'minute', 'hour'])
})

test('a range that makes no sense is refused with what to do', async () => {
  const ask = (from: Date, to: Date, resolution: 'raw' | 'minute' | 'hour') =>
    domain.plane.health.history(alice, { id, from, to, resolution })
  await expect(ask(ago(1), ago(2), 'raw')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(ask(ago(24 * 60), ago(0), 'raw')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('coarser resolution'),
  })
})

test('partitions are there for the time to come, and old ones are dropped whole', async () => {
  const hour = Math.floor(Date.now() / 3_600_000)
  const old = hour - 26
  await domain.sql.unsafe(`
    create table health_samples_${old} partition of health_samples
    for values from ('${new Date(old * 3_600_000).toISOString()}') to ('${new Date((old + 1) * 3_600_000).toISOString()}')`)
  await domain.sql`
    insert into health_samples (instance_id, at) values (${id}, ${new Date(old * 3_600_000 + 1000)})`
  const there = async (name: string) =>
    (await domain.sql`select from pg_class where relname = ${name}`).length === 1
  expect(await there(`health_samples_${hour + 2}`)).toBe(true)
  await domain.sql`update duties set done_at = '-infinity' where duty = 'health-partitions'`
  await until(async () => !(await there(`health_samples_${old}`)))
  expect(await there(`health_samples_${hour}`)).toBe(true)
})

test('a check whose partition is missing makes it', async () => {
  const partitions = await domain.sql<{ name: string }[]>`
    select c.relname as name from pg_inherits h join pg_class c on c.oid = h.inhrelid where h.inhparent = 'health_samples'::regclass`
  await domain.sql.unsafe(partitions.map(({ name }) => `drop table ${name};`).join(''))
  await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks'`
  await until(async () => (await domain.sql`select from health_samples`).length > 0)
})
