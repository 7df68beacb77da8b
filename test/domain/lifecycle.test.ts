import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, ask, openDomain, type Domain } from '../harness/domain/index.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

test('a created instance runs, and its connection works at that instant', async () => {
  const { instance, operation } = await domain.plane.instances.create(alice, {
    name: 'fresh',
    version: '18',
  })
  expect(instance).toMatchObject({ name: 'fresh', state: 'creating', activeOperationId: operation.id })

  const done = await domain.ended(operation.id)
  expect(done).toMatchObject({ state: 'succeeded', done: true, requestedBy: 'alice', error: null })
  expect(done.steps.map(({ name, state }) => [name, state])).toEqual(
    ['reserve', 'deploy', 'await-ready', 'verify', 'mark-running'].map((step) => [step, 'succeeded']),
  )
  const { connectionString } = await domain.plane.instances.connection(alice, 'fresh')
  expect(await ask(connectionString, 'select 6 * 7 as answer')).toEqual([{ answer: 42 }])
  const { host, port } = new URL(connectionString)
  expect(await domain.plane.instances.get(alice, 'fresh')).toMatchObject({
    state: 'running',
    activeOperationId: null,
    host: host.split(':')[0],
    port: Number(port),
  })
})

test('a name that is taken is refused with what its owner does', async () => {
  await domain.created('taken')
  await expect(domain.plane.instances.create(alice, { name: 'taken', version: '16' })).rejects.toMatchObject({
    code: 'INSTANCE_NAME_TAKEN',
    message: expect.stringContaining('that is running'),
  })
})

test('one that is on its way out is to be waited for, not deleted once more', async () => {
  const id = await domain.created('going')
  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
  // As it is on its way: for how long is not this test's to say.
  await domain.sql`update instances set state = 'deleting', deleted_at = null where id = ${id}`
  await expect(domain.plane.instances.create(alice, { name: 'going', version: '16' })).rejects.toMatchObject({
    code: 'INSTANCE_NAME_TAKEN',
    message: expect.stringMatching(/that is deleting: choose another, or wait until it is gone$/),
  })
  await domain.sql`update instances set state = 'deleted', deleted_at = now() where id = ${id}`
})

test('what happened to a step is told with how long that took, and to the operation without', async () => {
  await domain.created('timed')
  const { items } = await domain.plane.operations.events(alice, { instance: 'timed', limit: 50 })
  expect(items.filter(({ step }) => step !== null).length).toBeGreaterThan(4)
  for (const { step, durationMs } of items)
    expect(durationMs).toEqual(step === null ? null : expect.any(Number))
})

test('a deleted instance leaves nothing but its history, and its name is free again', async () => {
  const id = await domain.created('doomed')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  const { operation } = await domain.plane.instances.delete(alice, { id: 'doomed' })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded', workflow: 'delete-instance' })

  expect(await domain.provider.observe({ id, name: 'doomed' })).toEqual({ phase: 'absent' })
  await expect(ask(connectionString, 'select 1')).rejects.toThrow()
  expect(await domain.sql`select from instance_credentials where instance_id = ${id}`).toHaveLength(0)
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'deleted', name: 'doomed' })
  await expect(domain.plane.instances.get(alice, 'doomed')).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
  })
  await expect(domain.plane.instances.delete(alice, { id })).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
  })

  expect(await domain.created('doomed')).not.toBe(id)
})

test('what was done is written down with who did it', async () => {
  const id = await domain.created('watched')
  await domain.plane.instances.connection(alice, id)
  const { operation } = await domain.plane.instances.delete(alice, { id })
  await domain.ended(operation.id)
  const rows = await domain.sql`select subject, action from audit_log where resource_id = ${id} order by id`
  expect(rows.map(({ subject, action }) => [subject, action])).toEqual(
    ['create', 'connection', 'delete'].map((what) => ['alice', `instances.${what}`]),
  )
})
