import { findServer } from '@toygres/local-postgres'
import { ProviderError } from '@toygres/providers'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain, type Domain } from '../harness/domain/index.ts'

const serverOf = (domain: Domain, id: string) => findServer(`${domain.home}/instances/${id}/data`)
const checksOf = (domain: Domain, id: string) => domain.sql`
  select from pgboss.job where name = 'health-checks' and singleton_key = ${id} and state <= 'active'`
const workflowsOf = async (domain: Domain, instance: string) =>
  (await domain.plane.operations.list(alice, { instance, limit: 20 })).items.map(({ workflow }) => workflow)

/** What was asked for, once it is done; it must have been an operation. */
async function done(domain: Domain, asked: Promise<{ operation: { id: string } | null }>) {
  const { operation } = await asked
  if (operation === null) throw new Error('there was nothing to do')
  return domain.ended(operation.id)
}
const stopped = (domain: Domain, id: string) => done(domain, domain.plane.instances.stop(alice, { id }))
const started = (domain: Domain, id: string) => done(domain, domain.plane.instances.start(alice, { id }))

test('a stopped instance keeps its data, its address and its password, and runs again with them', async () => {
  await using domain = await openDomain()
  const id = await domain.created('orders')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  const { host, port } = await domain.plane.instances.get(alice, id)
  await ask(connectionString, 'create table kept as select 42 as answer')

  expect(await stopped(domain, id)).toMatchObject({ workflow: 'stop-instance', state: 'succeeded' })
  expect(await serverOf(domain, id)).toBeNull()
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    state: 'stopped',
    stateReason: null,
    healthStatus: 'unknown',
    healthReason: 'stopped',
    host,
    port,
  })
  await expect(domain.plane.instances.connection(alice, id)).rejects.toMatchObject({
    code: 'INSTANCE_NOT_RUNNING',
    message: 'instance orders is stopped: start it to connect to it',
  })

  expect(await started(domain, id)).toMatchObject({ workflow: 'start-instance', state: 'succeeded' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running', stateReason: null })
  expect(await domain.plane.instances.connection(alice, id)).toMatchObject({ connectionString })
  expect(await ask(connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('who asks twice, at once or later, gets one operation, and then none', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const { instances } = domain.plane
  const id = await domain.created('orders')
  // It is not done before the second one is heard.
  held.arm()
  const asked = await Promise.all([instances.stop(alice, { id }), instances.stop(alice, { id })])
  held.open()
  const operations = new Set(asked.map(({ operation }) => operation?.id))
  expect(operations.size).toBe(1)
  for (const operation of operations) await domain.ended(operation ?? '')
  expect(await instances.stop(alice, { id })).toMatchObject({
    operation: null,
    instance: { state: 'stopped' },
  })
  const { etag } = await instances.get(alice, id)
  expect(await started(domain, id)).toMatchObject({ state: 'succeeded' })
  expect(await instances.start(alice, { id })).toMatchObject({
    operation: null,
    instance: { state: 'running' },
  })
  expect(await workflowsOf(domain, id)).toEqual(['start-instance', 'stop-instance', 'create-instance'])
  await expect(instances.stop(alice, { id, etag })).rejects.toMatchObject({ code: 'ETAG_MISMATCH' })
})

test('what can be neither stopped nor started says so, and so does a change that is under way', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const { instances } = domain.plane
  const id = await domain.created('orders')
  held.arm()
  const stop = await instances.stop(alice, { id })
  await held.arrived
  expect(await instances.get(alice, id)).toMatchObject({
    state: 'stopping',
    activeOperationId: stop.operation?.id,
  })
  await expect(instances.start(alice, { id })).rejects.toMatchObject({
    code: 'OPERATION_IN_PROGRESS',
    details: { activeOperationId: stop.operation?.id },
  })
  held.open()
  await domain.ended(stop.operation?.id ?? '')
  await domain.sql`update instances set state = 'failed' where id = ${id}`
  for (const verb of ['stop', 'start'] as const)
    await expect(instances[verb](alice, { id })).rejects.toMatchObject({ code: 'INSTANCE_NOT_RUNNING' })
  const { operation } = await instances.delete(alice, { id })
  await domain.ended(operation.id)
  for (const verb of ['stop', 'start'] as const)
    await expect(instances[verb](alice, { id })).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' })
})

test.for(['step.before-body', 'step.after-body'] as const)(
  'a stop that is cancelled at %s is undone: it runs, and is checked',
  async (point) => {
    const held = gate(point, { armed: false })
    await using domain = await openDomain({ reach: held.reach })
    const id = await domain.created('kept')
    const { connectionString } = await domain.plane.instances.connection(alice, id)
    held.arm()
    const { operation } = await domain.plane.instances.stop(alice, { id })
    await held.arrived
    expect(await checksOf(domain, id)).toHaveLength(0)
    await domain.plane.operations.cancel(alice, { id: operation?.id ?? '' })
    held.open()
    expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'cancelled' })
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running', stateReason: null })
    expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await checksOf(domain, id)).toHaveLength(1)
  },
)

test('a stop that fails leaves it running, checked, with the reason, and can be tried again', async () => {
  let refuse = false
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      stop: (...call) =>
        refuse
          ? Promise.reject(new ProviderError('PERMISSION_DENIED', 'it may not be ended', { permanent: true }))
          : provider.stop(...call),
    }),
  })
  const id = await domain.created('stubborn')
  refuse = true
  const operation = await stopped(domain, id)
  expect(operation).toMatchObject({ state: 'failed', error: { code: 'PERMISSION_DENIED', leftovers: [] } })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running' })
  expect(await checksOf(domain, id)).toHaveLength(1)
  refuse = false
  await domain.plane.operations.retry(alice, { id: operation.id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'stopped' })
})

test('a start that fails, or is cancelled, leaves it stopped, with no server and no check', async () => {
  const held = gate('step.after-body', { armed: false })
  let refuse = false
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      ensure: async (...call) => {
        await provider.ensure(...call)
        if (refuse) throw new ProviderError('START_FAILED', 'it does not start', { permanent: true })
      },
    }),
  })
  const id = await domain.created('weary')
  await stopped(domain, id)
  const isStopped = async (stateReason: string | null) => {
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'stopped', stateReason })
    expect(await serverOf(domain, id)).toBeNull()
    expect(await checksOf(domain, id)).toHaveLength(0)
  }
  refuse = true
  expect(await started(domain, id)).toMatchObject({ state: 'failed', error: { code: 'START_FAILED' } })
  await isStopped('it could not be started: it does not start')

  refuse = false
  held.arm()
  const { operation } = await domain.plane.instances.start(alice, { id })
  await held.arrived
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'starting', stateReason: null })
  await domain.plane.operations.cancel(alice, { id: operation?.id ?? '' })
  held.open()
  expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'cancelled' })
  await isStopped(null)
})

test.for(['stop', 'start'] as const)(
  'a delete that meets a %s ends it, and nothing is left of either',
  async (verb) => {
    const held = gate('step.after-body', { armed: false })
    await using domain = await openDomain({ reach: held.reach })
    const id = await domain.created('short')
    if (verb === 'start') await stopped(domain, id)
    held.arm()
    const before = await domain.plane.instances[verb](alice, { id })
    await held.arrived
    const { operation } = await domain.plane.instances.delete(alice, { id })
    held.open()
    expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
    expect(await domain.ended(before.operation?.id ?? '')).toMatchObject({ state: 'cancelled' })
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'deleted' })
    expect(await domain.provider.list()).toEqual([])
    expect(await checksOf(domain, id)).toHaveLength(0)
  },
)

test('a stopped instance is deleted like any other, takes new settings, and has its place in the quota', async () => {
  await using domain = await openDomain()
  const { instances, projects } = domain.plane
  const id = await domain.created('asleep')
  await stopped(domain, id)
  expect(
    await instances.update(alice, { id, labels: { a: 'b' }, healthCheckIntervalSeconds: 60 }),
  ).toMatchObject({
    instance: { state: 'stopped', labels: { a: 'b' }, healthCheckIntervalSeconds: 60 },
  })
  expect(await checksOf(domain, id)).toHaveLength(0)
  await projects.update(alice, { id: 'default', quota: { instances: 1 } })
  await expect(instances.create(alice, { name: 'other', version: '18' })).rejects.toMatchObject({
    code: 'QUOTA_EXCEEDED',
  })
  const { operation } = await instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.provider.list()).toEqual([])
})

test('the quota of operations holds for a stop, and its plan says what it would do', async () => {
  await using domain = await openDomain()
  const { instances, projects } = domain.plane
  const id = await domain.created('orders')
  expect(await instances.planStop(alice, { id })).toMatchObject({
    workflow: 'stop-instance',
    changes: [{ path: 'state', from: 'running', to: 'stopped' }],
  })
  expect(await instances.planStart(alice, { id })).toMatchObject({ workflow: null, steps: [], changes: [] })
  await projects.update(alice, { id: 'default', quota: { operations: 0 } })
  for (const verb of ['stop', 'planStop'] as const)
    await expect(instances[verb](alice, { id })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
})

test('an instance whose user has changed the password starts again, and is healthy', async () => {
  await using domain = await openDomain()
  const id = await domain.created('orders')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await ask(connectionString, `alter role postgres password 'my own'`)
  expect((await stopped(domain, id)).state).toBe('succeeded')
  expect((await started(domain, id)).state).toBe('succeeded')
  await expect.poll(async () => (await domain.plane.instances.get(alice, id)).healthStatus).toBe('healthy')
  const theirs = new URL(connectionString)
  theirs.password = 'my own'
  expect(await ask(theirs.href, 'select 1 as one')).toEqual([{ one: 1 }])
})
