import { healthCrashPoints } from '@toygres/control-plane'
import { expect, test } from 'vitest'
import { embeddedServer } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'
import { openFleet, type Fleet } from './fleet.ts'
import { died, kill } from '../harness/killable-process.ts'
import { startPlaneProcess } from './plane-process.ts'

/** Every instance has exactly one check, and checks are being made. */
async function recovers(fleet: Fleet): Promise<void> {
  const before = await fleet.samples()
  await until(async () => (await fleet.wrong()).length === 0 && (await fleet.samples()) > before)
}

test.for(healthCrashPoints)('a control plane that is killed at %s loses no check', async (crashAt) => {
  await using fleet = await openFleet({ size: 40 })
  await died(await startPlaneProcess({ ...fleet, crashAt }))
  const peer = await startPlaneProcess(fleet)
  try {
    await recovers(fleet)
  } finally {
    await kill(peer)
  }
})

test('six control planes make each check once', async () => {
  await using fleet = await openFleet({ size: 200 })
  const planes = await Promise.all(Array.from({ length: 6 }, () => startPlaneProcess(fleet)))
  try {
    await recovers(fleet)
    const start = await fleet.samples()
    await until(async () => (await fleet.samples()) >= start + 600)
    // A check is due every 5 s, and one that comes late comes once: two of an instance are never closer than its next due time.
    const doubles = await fleet.sql`
      select instance_id, at from (
        select instance_id, at, lag(at) over (partition by instance_id order by at) as before from health_samples) s
      where at = before`
    expect(doubles).toEqual([])
    expect(await fleet.wrong()).toEqual([])
  } finally {
    await Promise.all(planes.map(kill))
  }
})

test('jobs that are dropped, doubled or ended by SQL are one per instance again', async () => {
  await using fleet = await openFleet({ size: 60 })
  const plane = await startPlaneProcess(fleet)
  try {
    await recovers(fleet)
    await fleet.sql`delete from pgboss.job where name = 'health-checks'`
    await recovers(fleet)
    await fleet.sql`update pgboss.job set state = 'completed', completed_on = now() where name = 'health-checks'`
    await recovers(fleet)
    await fleet.sql`update instances set health_check_job_id = null`
    await recovers(fleet)
    await fleet.sql`delete from instance_health`
    await recovers(fleet)
  } finally {
    await kill(plane)
  }
})

test('a control plane whose clock is a day ahead makes checks by the clock of the database', async () => {
  await using fleet = await openFleet({ size: 20 })
  const plane = await startPlaneProcess({ ...fleet, clockAheadMs: 86_400_000 })
  try {
    await recovers(fleet)
    const [ahead] = await fleet.sql`
      select count(*)::integer as n from pgboss.job where name = 'health-checks' and start_after > now() + interval '1 minute'`
    expect(ahead?.['n']).toBe(0)
    const [late] = await fleet.sql`select count(*)::integer as n from health_samples where at > now()`
    expect(late?.['n']).toBe(0)
  } finally {
    await kill(plane)
  }
})

test.for([-1, 1])('checks go on when the clock of the database is moved by %s days', async (days) => {
  await using fleet = await openFleet({ size: 20 })
  const plane = await startPlaneProcess(fleet)
  try {
    await recovers(fleet)
    // What the tables hold after a clock was moved: everything in them is from another time.
    await fleet.sql`update pgboss.job set start_after = start_after - ${days} * interval '1 day',
      started_on = started_on - ${days} * interval '1 day' where name = 'health-checks'`
    await fleet.sql`update duties set done_at = done_at - ${days} * interval '1 day'`
    await fleet.sql`update health_rollups set done_until = done_until - ${days} * interval '1 day'`
    await fleet.sql`update instance_health set checked_at = checked_at - ${days} * interval '1 day'`
    await recovers(fleet)
  } finally {
    await kill(plane)
  }
})

test('checks go on after PostgreSQL was restarted under them', async () => {
  const server = await embeddedServer()
  try {
    const fleet = await openFleet({ size: 40, databaseUrl: server.url })
    const plane = await startPlaneProcess(fleet)
    try {
      await recovers(fleet)
      await server.restart()
      await recovers(fleet)
    } finally {
      await kill(plane)
      await fleet[Symbol.asyncDispose]()
    }
  } finally {
    await server.stop()
  }
})
