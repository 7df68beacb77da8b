import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, all, gate, openDomain, type Domain } from '../harness/domain/index.ts'

test('a cancel that comes as the operation succeeds is refused, and not written down', async () => {
  let opened: Domain | undefined
  // The turn that marks it running holds the instance's row, and has not committed yet.
  const held = gate('turn.recorded', {
    when: async () => {
      if (opened === undefined) return false
      const [operation] = await opened.sql`select step from operations where ended_at is null`
      const free = await opened.sql`select from instances for update skip locked`
      return operation?.['step'] === 'mark-running' && free.length === 0
    },
  })
  await using domain = await openDomain({ reach: held.reach })
  opened = domain
  const { operation } = await domain.plane.instances.create(alice, { name: 'quick', version: '18' })
  await held.arrived
  const cancelled = domain.plane.operations.cancel(alice, { id: operation.id })
  cancelled.catch(() => {})
  await domain.blocked()
  held.open()
  await expect(cancelled).rejects.toMatchObject({ code: 'OPERATION_DONE' })
  expect(await domain.sql`select from audit_log where action = 'operations.cancel'`).toHaveLength(0)
  expect(await domain.plane.instances.get(alice, 'quick')).toMatchObject({ state: 'running' })
})

test('a delete that another control plane was quicker than says whose operation is in the way', async () => {
  await using domain = await openDomain()
  const id = await domain.created('contested')
  const other = newId()
  const deleted = await domain.sql.begin(async (tx) => {
    await tx`insert into operations (id, workflow, version, resource_id, input, steps, step, requested_by)
      values (${other}, 'start-instance', 1, ${id}, '{}', '{start}', 'start', 'system')`
    const deletion = domain.plane.instances.delete(alice, { id })
    deletion.catch(() => {})
    await domain.blocked()
    return { deletion }
  })
  await expect(deleted.deletion).rejects.toMatchObject({
    code: 'OPERATION_IN_PROGRESS',
    details: { activeOperationId: other },
  })
  await domain.sql`update operations set state = 'failed', ended_at = now() where id = ${other}`
})

test('a connection that is asked for while a deletion ends is refused as one of what does not run', async () => {
  await using domain = await openDomain()
  const id = await domain.created('vanishing')
  // As it is between the two reads: found running, then without its password.
  await domain.sql`delete from instance_credentials where instance_id = ${id}`
  await expect(domain.plane.instances.connection(alice, id)).rejects.toMatchObject({
    code: 'INSTANCE_NOT_RUNNING',
  })
  // Written down as what it is: asked for, and not given.
  expect([
    ...(await domain.sql`select outcome, code from audit_log where action = 'instances.connection'`),
  ]).toEqual([{ outcome: 'refused', code: 'INSTANCE_NOT_RUNNING' }])
})

test('readers take no connection from the engine', async () => {
  await using domain = await openDomain()
  const id = await domain.created('popular')
  const { items } = await domain.plane.operations.list(alice, { instance: id, limit: 1 })
  const stop = new AbortController()
  const watch = domain.plane.operations.watch(alice, items[0]?.id ?? '', { afterSeq: 0, signal: stop.signal })
  const reads = await domain.sql.begin(async (tx) => {
    await tx`lock table operation_events in access exclusive mode`
    const watching = all(watch)
    await domain.blocked()
    await tx`lock table operation_steps in access exclusive mode`
    const listing = Promise.all(
      Array.from({ length: 5 }, () => domain.plane.operations.list(alice, { limit: 10 })),
    )
    await domain.blocked(6)
    const waiting = await domain.sql`
      select distinct application_name from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    expect(waiting).toEqual([{ application_name: 'toygres' }])
    return { watching, listing }
  })
  expect(await reads.watching).not.toHaveLength(0)
  expect(await reads.listing).toHaveLength(5)
})

test('how often an instance is checked is set also while it is just being marked as running', async () => {
  await using domain = await openDomain()
  const { sql, plane } = domain
  const id = newId()
  await sql`insert into instances (id, name, version, provider) values (${id}, 'racing', '18', 'local')`
  await sql.begin(async (tx) => {
    // As `HealthSchedule.start` does: it refers to the instance's row, and changes it after that.
    await tx`insert into instance_health (instance_id) values (${id})`
    const health = await plane.health.configure(alice, { id, checkIntervalSeconds: 60 })
    expect(health).toMatchObject({ checkIntervalSeconds: 60 })
    await tx`update instances set health_check_job_id = ${newId()} where id = ${id}`
  })
})
