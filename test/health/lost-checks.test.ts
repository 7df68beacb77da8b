import { expect, test } from 'vitest'
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

test.for(losses)(
  'checks that are %s are one per instance again within one interval, by the clock of the database',
  async ([, lose]) => {
    await using fleet = await openFleet({ size: 40, intervalSeconds: 30 })
    const plane = await startPlaneProcess(fleet)
    try {
      await until(async () => (await fleet.wrong()).length === 0)
      const [lost] = await fleet.sql<{ at: Date }[]>`select now() as at`
      await lose(fleet)
      // Each has one that somebody will run: sent since then, and due within an interval.
      const again = async () => {
        const [row] = await fleet.sql<{ n: number; seconds: number }[]>`
          select count(*)::integer as n, extract(epoch from now() - ${lost?.at ?? ''}::timestamptz)::float8 as seconds
          from instances i join pgboss.job j on j.id = i.health_check_job_id and j.name = 'health-checks'
          where j.singleton_key = i.id::text and j.created_on >= ${lost?.at ?? ''} and j.start_after <= now() + interval '30 seconds'
            and (j.state < 'active' or j.started_on > ${lost?.at ?? ''}::timestamptz)`
        return row
      }
      await until(async () => (await again())?.n === 40 && (await fleet.wrong()).length === 0)
      expect((await again())?.seconds).toBeLessThan(30)
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
