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
