import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, ask, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
let id: string
beforeAll(async () => {
  domain = await openDomain()
  id = await domain.created('orders')
})
afterAll(() => domain[Symbol.asyncDispose]())

/** The live jobs of an instance, however it came by them. */
const jobsOf = (instanceId: string) => domain.sql<{ id: string; state: string; due: Date }[]>`
  select id, state, start_after as due from pgboss.job where name = 'health-checks' and singleton_key = ${instanceId} and state <= 'active'`
const checkedAt = async () => (await domain.plane.health.get(alice, id)).checkedAt
const healthy = () =>
  until(async () => (await domain.plane.instances.get(alice, id)).healthStatus === 'healthy')

test('a running instance has one check, whose id it names, and is healthy soon', async () => {
  const [instance] = await domain.sql`select health_check_job_id as job from instances where id = ${id}`
  const jobs = await jobsOf(id)
  expect(jobs).toHaveLength(1)
  expect(jobs[0]?.id).toBe(instance?.['job'])

  await healthy()
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    healthStatus: 'healthy',
    healthReason: null,
    healthCheckIntervalSeconds: 30,
    healthCheckedAt: expect.any(Date),
  })
})

test('a check tells what it saw', async () => {
  // Told some time after the rest.
  await until(async () => (await domain.plane.health.get(alice, id)).databaseBytes !== null)
  expect(await domain.plane.health.get(alice, id)).toMatchObject({
    status: 'healthy',
    reason: null,
    latencyMs: expect.any(Number),
    tls: false,
    inRecovery: false,
    readOnly: false,
    connections: { used: expect.any(Number), max: expect.any(Number) },
    databaseBytes: expect.any(Number),
    disk: { freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
    uptimePercent: 100,
  })
})

test('the successor comes one interval after its predecessor was due, not after it ended', async () => {
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 5 })
  const due: number[] = []
  await until(async () => {
    const [job] = await jobsOf(id)
    const at = job?.due.getTime()
    if (at !== undefined && job?.state === 'created' && due.at(-1) !== at) due.push(at)
    return due.length === 4
  })
  const steps = due.slice(1).map((at, n) => at - (due[n] ?? 0))
  // The first due time is when the interval was set.
  expect(steps.slice(1).map((ms) => ms % 5000)).toEqual([0, 0])
})

test('the interval is kept from 5 seconds to an hour by the database, too', async () => {
  await expect(
    domain.sql`update instances set health_check_interval_s = 4 where id = ${id}`,
  ).rejects.toThrow()
  await expect(
    domain.sql`update instances set health_check_interval_s = 3601 where id = ${id}`,
  ).rejects.toThrow()
})

test('the monitor sees statistics and nothing of what users keep', async () => {
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await ask(connectionString, 'create table kept as select 42 as answer')
  expect(
    await ask(
      connectionString,
      `select rolsuper, rolcreatedb, rolcreaterole, rolcanlogin from pg_roles where rolname = 'toygres_monitor'`,
    ),
  ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolcanlogin: true }])
  // Nor may a leak of ours take the connections of users, or a question of ours run on.
  expect(
    await ask(
      connectionString,
      `select rolconnlimit, to_json(rolconfig) as rolconfig, rolreplication or rolbypassrls as more,
        to_json(array(select roleid::regrole::text from pg_auth_members where member = r.oid)) as member_of,
        (select count(*)::integer from pg_class where relowner = r.oid) as owned
       from pg_roles r where rolname = 'toygres_monitor'`,
    ),
  ).toEqual([
    {
      rolconnlimit: 20,
      rolconfig: ['statement_timeout=4s'],
      more: false,
      member_of: ['pg_read_all_stats'],
      owned: 0,
    },
  ])
  await expect(ask(connectionString, 'set role toygres_monitor; select * from kept')).rejects.toThrow(
    'permission denied',
  )
})

test('a monitor that somebody dropped is made again', async () => {
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  const before = await checkedAt()
  await ask(
    connectionString,
    `alter role toygres_monitor password 'another';
     select pg_terminate_backend(pid) from pg_stat_activity where usename = 'toygres_monitor'`,
  )
  await until(async () => {
    const { checkedAt: at, reason } = await domain.plane.health.get(alice, id)
    return at !== null && before !== null && at > before && reason === null
  })
})

test('a job that was dropped by hand is there again, and once', async () => {
  await domain.sql`delete from pgboss.job where name = 'health-checks'`
  await until(async () => (await jobsOf(id)).length === 1)
  const [{ job } = { job: null }] = await domain.sql<{ job: string }[]>`
    select health_check_job_id as job from instances where id = ${id}`
  expect((await jobsOf(id))[0]?.id).toBe(job)
})

test('a job that is due in the far future, as after the clock was set back, is brought back', async () => {
  await domain.sql`update pgboss.job set start_after = now() + interval '1 day' where name = 'health-checks'`
  await until(async () => {
    const [job] = await jobsOf(id)
    return job !== undefined && job.due.getTime() < Date.now() + 60_000
  })
  expect(await jobsOf(id)).toHaveLength(1)
})

test('after an outage of days a check is made once, not once for each that was missed', async () => {
  await domain.sql`update pgboss.job set start_after = now() - interval '3 days' where name = 'health-checks'`
  const [before] = await domain.sql`select count(*)::integer as n from health_samples`
  await until(async () => ((await jobsOf(id))[0]?.due.getTime() ?? 0) > Date.now())
  const [after] = await domain.sql`select count(*)::integer as n from health_samples`
  expect(Number(after?.['n']) - Number(before?.['n'])).toBeLessThanOrEqual(2)
})

test('a deletion ends the checks before anything else', async () => {
  const { operation } = await domain.plane.instances.delete(alice, { id })
  await until(async () => {
    const { steps } = await domain.plane.operations.get(alice, operation.id)
    return steps.find(({ name }) => name === 'mark-deleting')?.state === 'succeeded'
  })
  expect(await jobsOf(id)).toEqual([])
  await domain.ended(operation.id)
  expect(await jobsOf(id)).toEqual([])
  expect(await domain.sql`select from instance_health where instance_id = ${id}`).toHaveLength(0)
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ healthStatus: 'unknown' })
})
