import { startControlPlane, type Probe } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { expect, test } from 'vitest'
import { kill } from '../harness/killable-process.ts'
import { until } from '../harness/until.ts'
import { openFleet } from './fleet.ts'
import { startPlaneProcess } from './plane-process.ts'
import { listener } from './watched.ts'

test('nine in ten that begin to hang at one moment are all told to, and no check of them is taken for lost', async () => {
  const silent = await listener(() => {})
  await using fleet = await openFleet({
    size: 400,
    portOf: (n) => (n % 10 === 0 ? 1 : silent),
    intervalSeconds: 30,
  })
  const plane = await startPlaneProcess(fleet)
  try {
    await until(async () => (await fleet.wrong()).length === 0)
    const checks = () => fleet.sql<{ id: string; job: string }[]>`
      select id, health_check_job_id as job from instances order by id`
    const before = await checks()
    await fleet.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state < 'active'`
    await fleet.sql`select pg_notify('toygres_health', '')`
    const told = () => fleet.sql<{ reason: string; instances: number }[]>`
      select reason, count(*)::integer as instances from instance_health where checked_at is not null
      group by reason order by reason`
    await until(async () => (await told()).reduce((sum, { instances }) => sum + instances, 0) === 400)
    expect(await told()).toEqual([
      { reason: 'refused', instances: 40 },
      { reason: 'timeout', instances: 360 },
    ])
    // One that is taken for lost is replaced by another.
    expect(await checks()).toEqual(before)
  } finally {
    await kill(plane)
  }
})

test('those that answer are asked before hundreds that said nothing the last time, however long these have waited', async () => {
  await using fleet = await openFleet({ size: 420, intervalSeconds: 3600 })
  const { sql } = fleet
  const isSilent = (name: string) => Number(name.replace('fleet-', '')) >= 20
  const release = Promise.withResolvers<void>()
  let begun: string[] = []
  let hang = false
  const probe: Probe = async ({ name }) => {
    begun.push(name)
    if (isSilent(name) && hang) await release.promise
    const failure = isSilent(name) ? { reason: 'timeout' as const, detail: 'it said nothing' } : null
    return { failure, answer: null, disk: null }
  }
  const plane = await startControlPlane({
    databaseUrl: fleet.databaseUrl,
    embedded: false,
    provider: createLocalProvider({ home: fleet.home }),
    sealingKey: Buffer.from(fleet.sealingKey, 'hex'),
    version: 'test',
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    probe,
  })
  try {
    const makeDue = async () => {
      await sql`update pgboss.job j set start_after = now(), created_on = now() - interval '1 minute' * (substring(i.name from 7)::integer >= 20)::integer
        from instances i where j.name = 'health-checks' and j.state < 'active' and j.singleton_key = i.id::text`
      await sql`select pg_notify('toygres_health', '')`
    }
    await until(async () => (await fleet.wrong()).length === 0)
    await makeDue()
    await until(async () => (await fleet.samples()) >= 420)
    begun = []
    hang = true
    await makeDue()
    await until(async () => begun.filter((name) => !isSilent(name)).length >= 20)
    expect(begun.slice(0, 100).filter((name) => !isSilent(name)).length).toBeGreaterThanOrEqual(20)
  } finally {
    release.resolve()
    await plane.stop(5000)
  }
})
