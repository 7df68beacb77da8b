import type { Probe } from '@toygres/control-plane'
import { expect, test } from 'vitest'
import { openDomain } from '../harness/domain/index.ts'
import { kill } from '../harness/killable-process.ts'
import { until } from '../harness/until.ts'
import { openFleet, type Fleet } from './fleet.ts'
import { startPlaneProcess } from './plane-process.ts'

/** What loses the check of an instance. */
const losses: readonly (readonly [what: string, lose: (fleet: Fleet) => Promise<unknown>])[] = [
  ['dropped', ({ sql }) => sql`delete from pgboss.job where name = 'health-checks'`],
  [
    'ended by hand',
    ({ sql }) =>
      sql`update pgboss.job set state = 'completed', completed_on = now() where name = 'health-checks'`,
  ],
  [
    'due in a year',
    ({ sql }) =>
      sql`update pgboss.job set start_after = now() + interval '1 year' where name = 'health-checks'`,
  ],
  [
    'under way for a process that is gone',
    ({ sql }) => sql`update pgboss.job set state = 'active', started_on = now() where name = 'health-checks'`,
  ],
]

test.for(losses.flatMap(([what, lose]) => [10, 30].map((seconds) => [what, seconds, lose] as const)))(
  'checks that are %s are one per instance again within one interval of %s s, by the clock of the database',
  async ([, intervalSeconds, lose]) => {
    await using fleet = await openFleet({ size: 40, intervalSeconds })
    const plane = await startPlaneProcess(fleet)
    try {
      await until(async () => (await fleet.wrong()).length === 0)
      await lose(fleet)
      const lostAt = await fleet.now()
      expect(await fleet.secondsToReplace(lostAt)).toBeLessThan(intervalSeconds)
    } finally {
      await kill(plane)
    }
  },
)

test('checks that are lost all at once, long overdue, are spread over the interval', async () => {
  await using fleet = await openFleet({ size: 60, intervalSeconds: 30 })
  const plane = await startPlaneProcess(fleet)
  try {
    await until(async () => (await fleet.wrong()).length === 0)
    await fleet.sql.begin(async (tx) => {
      await tx`update instance_health set checked_at = now() - interval '1 hour'`
      await tx`delete from pgboss.job where name = 'health-checks'`
    })
    await until(async () => (await fleet.wrong()).length === 0)
    const due = await fleet.sql<{ at: Date }[]>`
      select distinct date_trunc('second', start_after) as at from pgboss.job where name = 'health-checks'`
    // By chance, and the same for each at every time: of sixty, two or three share a second.
    expect(due.length).toBeGreaterThan(10)
  } finally {
    await kill(plane)
  }
})

test('a check that was taken for lost and ends after all is not recorded, and has no successor', async () => {
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let hangs = false
  const probe: Probe = async () => {
    if (!hangs) return { failure: null, answer: null, disk: null }
    hangs = false
    begun.resolve()
    await end.promise
    return { failure: { reason: 'timeout', detail: 'of a while ago' }, answer: null, disk: null }
  }
  await using domain = await openDomain({ probe })
  const id = await domain.created('orders')
  const samples = () => domain.sql<{ reason: string | null }[]>`
    select reason from health_samples where instance_id = ${id}`
  const checkedAgain = async () => {
    const before = (await samples()).length
    await until(async () => {
      await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state = 'created'`
      await domain.sql`select pg_notify('toygres_health', '')`
      return (await samples()).length > before
    })
  }
  await checkedAgain()
  hangs = true
  await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks'`
  await domain.sql`select pg_notify('toygres_health', '')`
  await begun.promise
  await domain.sql`delete from pgboss.job where name = 'health-checks'`
  await checkedAgain()
  end.resolve()
  // What ended before this one is recorded with it, or before it.
  await checkedAgain()
  expect((await samples()).filter(({ reason }) => reason !== null)).toEqual([])
  expect(
    await domain.sql`select from pgboss.job where name = 'health-checks' and state <= 'active'`,
  ).toHaveLength(1)
})
