import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { listener } from './watched.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
  // Written down by the database itself: what a transaction that makes an instance run commits beside it, and what is still
  // there of its check at the moment at which a transaction says that it is being deleted, or stopped.
  await domain.sql.unsafe(`
    create table moments (instance_id uuid, state text, live integer, named integer);
    create function note_checks() returns trigger language plpgsql as $$ begin
      insert into moments
      select i.id, new.state, count(j.id), count(j.id) filter (where j.id = i.health_check_job_id)
      from instances i left join pgboss.job j
        on j.name = 'health-checks' and j.singleton_key = i.id::text and j.state <= 'active'
      where i.id = new.id group by i.id;
      return new;
    end $$;
    create constraint trigger runs after update on instances deferrable initially deferred for each row
      when (old.state <> 'running' and new.state = 'running') execute function note_checks();
    create trigger is_ended before update on instances for each row
      when (old.state <> new.state and new.state in ('deleting', 'stopping')) execute function note_checks();`)
})
afterAll(() => domain[Symbol.asyncDispose]())

const jobsOf = (id: string) => domain.sql`
  select from pgboss.job where name = 'health-checks' and singleton_key = ${id} and state <= 'active'`
const samplesOf = async (id: string) =>
  (await domain.sql`select from health_samples where instance_id = ${id}`).length

test('the check begins in the transaction that makes the instance run, and is gone before anything says that it is deleted', async () => {
  const id = await domain.created('orders')
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect([...(await domain.sql`select state, live, named from moments where instance_id = ${id}`)]).toEqual([
    { state: 'running', live: 1, named: 1 },
    { state: 'deleting', live: 0, named: 0 },
  ])
})

test('the check is gone before anything says that the instance is stopped, and begins with its next run', async () => {
  const id = await domain.created('asleep')
  // The control plane is another one after its restart.
  const health = () => domain.plane.health
  await until(async () => (await health().get(alice, id)).status === 'healthy')
  const ended = async ({ operation }: { operation: { id: string } | null }) =>
    expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  await ended(await domain.plane.instances.stop(alice, { id }))
  expect(await health().get(alice, id)).toMatchObject({
    status: 'unknown',
    reason: 'stopped',
    nextCheckAt: null,
  })
  const before = await samplesOf(id)
  expect(await jobsOf(id)).toHaveLength(0)
  // What looks for lost checks finds none missing.
  await domain.restart()
  await health().configure(alice, { id, checkIntervalSeconds: 5 })
  expect(await jobsOf(id)).toHaveLength(0)
  await ended(await domain.plane.instances.start(alice, { id }))
  await until(async () => (await health().get(alice, id)).status === 'healthy')
  expect([...(await domain.sql`select state, live, named from moments where instance_id = ${id}`)]).toEqual([
    { state: 'running', live: 1, named: 1 },
    { state: 'stopping', live: 0, named: 0 },
    { state: 'running', live: 1, named: 1 },
  ])
  // The time between counts for nothing.
  const { items } = await health().events(alice, { id, limit: 10 })
  expect(items.map(({ status, reason }) => [status, reason])).toEqual([
    ['healthy', null],
    ['unknown', 'stopped'],
    ['healthy', null],
  ])
  expect(await samplesOf(id)).toBeGreaterThan(before)
  expect(
    (await health().history(alice, { id, resolution: 'raw', from: new Date(Date.now() - 60_000) }))
      .uptimePercent,
  ).toBe(100)
})

test('a check that is under way when its instance is deleted leaves nothing behind', async () => {
  const [id, other] = [await domain.created('hanging'), await domain.created('neighbour')]
  const probes: Socket[] = []
  const port = await listener((socket) => probes.push(socket.resume()))
  await domain.sql`update instances set port = ${port} where id = ${id}`
  await domain.sql`update pgboss.job set start_after = now() where name = 'health-checks' and state = 'created'`
  await domain.sql`select pg_notify('toygres_health', '')`
  await until(async () => probes.length > 0)
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  const before = await samplesOf(id)
  // Each is given up at its time limit, and what it found is recorded with what a neighbour's next check finds.
  await Promise.all(probes.map(async (socket) => socket.closed || once(socket, 'close')))
  const seen = await samplesOf(other)
  await domain.plane.health.configure(alice, { id: other, checkIntervalSeconds: 5 })
  await until(async () => (await samplesOf(other)) > seen + 1)
  expect(await samplesOf(id)).toBe(before)
  expect(await jobsOf(id)).toHaveLength(0)
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ healthStatus: 'unknown' })
})
