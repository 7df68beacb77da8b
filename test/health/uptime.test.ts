import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
let id: string
beforeAll(async () => {
  domain = await openDomain()
  id = await domain.created('orders')
  await until(async () => (await domain.plane.health.get(alice, id)).status === 'healthy')
  await domain.sql`delete from health_samples`
})
afterAll(() => domain[Symbol.asyncDispose]())

const samples = () => domain.sql<{ up: number | null; down: number | null }[]>`
  select up_s as up, down_s as down from health_samples where instance_id = ${id} order by at`

/** Makes a check now, as if the one before it had ended so, so long ago; answers what was noted of the time between. */
async function checkedAfter(secondsAgo: number, reason: string | null) {
  const before = (await samples()).length
  await domain.sql`update instance_health
    set checked_at = now() - ${secondsAgo} * interval '1 second', reason = ${reason} where instance_id = ${id}`
  await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state < 'active'`
  await domain.sql`select pg_notify('toygres_health', '')`
  await until(async () => (await samples()).length > before)
  return (await samples()).at(-1)
}

test('uptime is a share of time: each check stands until the next, and a time in which nobody looked counts as neither', async () => {
  const up = (await checkedAfter(10, null))?.up ?? Number.NaN
  const down = (await checkedAfter(40, 'timeout'))?.down ?? Number.NaN
  expect(up).toBeGreaterThanOrEqual(10)
  expect(down).toBeGreaterThanOrEqual(40)
  expect(await checkedAfter(3600, null)).toEqual({ up: null, down: null })

  const { uptimePercent } = await domain.plane.health.get(alice, id)
  expect(uptimePercent).toBeCloseTo((100 * up) / (up + down), 1)
  const now = Date.now()
  for (const resolution of ['raw', 'minute', 'hour'] as const) {
    const range = { from: new Date(now - 3_600_000), to: new Date(now + 3_600_000), resolution }
    const history = await domain.plane.health.history(alice, { id, ...range })
    expect(history.points.every(({ failures }) => failures === 0)).toBe(true)
    expect(history.uptimePercent).toBeCloseTo(uptimePercent ?? Number.NaN, 3)
  }

  // As it is after an upgrade: of the hours before, the checks are known only. Each of those now stands for a third of what is.
  await domain.sql`insert into health_hours (instance_id, at, checks, failures)
    select ${id}, date_trunc('hour', now()) - interval '3 hours', 6, 3`
  const third = (up + down) / 3
  const { uptimePercent: longer } = await domain.plane.health.get(alice, id)
  expect(longer).toBeCloseTo((100 * (up + 3 * third)) / (up + down + 6 * third), 1)
  const range = { from: new Date(now - 4 * 3_600_000), to: new Date(now + 3_600_000) }
  const history = await domain.plane.health.history(alice, { id, ...range, resolution: 'hour' })
  expect(history.uptimePercent).toBeCloseTo(longer ?? Number.NaN, 3)
})
