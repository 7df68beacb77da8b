import { healthCrashPoints } from '@toygres/control-plane'
import { expect, test } from 'vitest'
import { embeddedServer } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'
import { openAsked } from './asked.ts'
import { openFleet, type Fleet } from './fleet.ts'
import { died, kill } from '../harness/killable-process.ts'
import { startPlaneProcess } from './plane-process.ts'

/** Every instance has exactly one check, and checks are being made. */
async function recovers(fleet: Fleet): Promise<void> {
  const before = await fleet.samples()
  await until(async () => (await fleet.wrong()).length === 0 && (await fleet.samples()) > before)
}

test.for(healthCrashPoints)(
  'what a control plane that is killed at %s was checking is checked again within one interval, by another',
  async (crashAt) => {
    const intervalSeconds = 20
    await using asked = await openAsked(40)
    await using fleet = await openFleet({ size: 40, intervalSeconds, portOf: (n) => asked.ports[n] ?? 0 })
    const peer = await startPlaneProcess(fleet)
    try {
      await died(await startPlaneProcess({ ...fleet, crashAt }))
      expect(await fleet.secondsToReplace(await fleet.now())).toBeLessThan(intervalSeconds)
      await recovers(fleet)
      expect(asked.askedTwiceAtOnce()).toEqual([])
    } finally {
      await kill(peer)
    }
  },
)

test('six control planes make each check once', async () => {
  await using asked = await openAsked(200)
  await using fleet = await openFleet({ size: 200, portOf: (n) => asked.ports[n] ?? 0 })
  const planes = await Promise.all(Array.from({ length: 6 }, () => startPlaneProcess(fleet)))
  try {
    await recovers(fleet)
    const start = await fleet.samples()
    await until(async () => (await fleet.samples()) >= start + 600)
    expect(await fleet.wrong()).toEqual([])
  } finally {
    await Promise.all(planes.map(kill))
  }
  expect(asked.askedTwiceAtOnce()).toEqual([])
  // What was asked was recorded, but for what was under way at the end.
  const samples = await fleet.samplesOfEach()
  const unrecorded = asked.begun().map((begun, n) => begun - (samples[n] ?? 0))
  expect(unrecorded.every((checks) => checks === 0 || checks === 1)).toBe(true)
})

test('no second check of an instance can be there, whoever makes it', async () => {
  await using fleet = await openFleet({ size: 1 })
  const plane = await startPlaneProcess(fleet)
  try {
    await recovers(fleet)
  } finally {
    await kill(plane)
  }
  const another = fleet.sql`
    insert into pgboss.job (id, name, data, singleton_key, policy, state)
    select gen_random_uuid(), name, data, singleton_key, policy, 'created' from pgboss.job where name = 'health-checks'`
  await expect(another).rejects.toMatchObject({ code: '23505' })
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
