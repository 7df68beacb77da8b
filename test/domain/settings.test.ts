import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, gate, openDomain, type Domain } from '../harness/domain/index.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const rowsOf = async ({ sql }: Domain) => ({
  instances: await sql`select * from instances order by id`,
  operations: await sql`select id, state from operations order by id`,
  audits: await sql`select id from audit_log order by id`,
})

test('labels and the interval of health checks are changed, and nothing that is not named', async () => {
  const id = await domain.created('marked')
  const labels = { team: 'billing', 'app.kubernetes.io/name': 'ledger' }
  const { instance, operation } = await domain.plane.instances.update(alice, { id, labels })
  expect(operation).toBeNull()
  expect(instance).toMatchObject({ labels, healthCheckIntervalSeconds: 30 })
  await domain.plane.instances.update(alice, { id: 'marked', healthCheckIntervalSeconds: 60 })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    labels,
    healthCheckIntervalSeconds: 60,
  })
  const audits = await domain.sql`
    select from audit_log where resource_id = ${id} and action = 'instances.update'`
  expect(audits).toHaveLength(2)
})

test('single labels are changed and taken away, whatever the others are by then', async () => {
  const { plane } = domain
  const id = await domain.created('relabelled')
  await plane.instances.update(alice, { id, labels: { team: 'billing', tier: 'gold' } })
  const labelChanges = { team: 'sales', tier: null, none: null }
  expect(await plane.instances.planUpdate(alice, { id, labelChanges })).toMatchObject({
    changes: [
      { path: 'labels.team', from: 'billing', to: 'sales' },
      { path: 'labels.tier', from: 'gold', to: null },
    ],
  })
  await Promise.all([
    plane.instances.update(alice, { id, labelChanges }),
    plane.instances.update(alice, { id, labelChanges: { owner: 'ann' } }),
  ])
  expect(await plane.instances.get(alice, id)).toMatchObject({ labels: { team: 'sales', owner: 'ann' } })
  const full = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`label-${n}`, '']))
  const tooMany = { id, labelChanges: full }
  const refusal = { code: 'INVALID_INPUT', details: { errors: [{ path: 'labelChanges' }] } }
  await expect(plane.instances.update(alice, tooMany)).rejects.toMatchObject(refusal)
  await expect(plane.instances.planUpdate(alice, tooMany)).rejects.toMatchObject(refusal)
})

test('a change by somebody else makes an etag stale, for changes and for a deletion', async () => {
  const id = await domain.created('contended')
  const { etag } = await domain.plane.instances.get(alice, id)
  const { instance: changed } = await domain.plane.instances.update(alice, {
    id,
    etag,
    labels: { by: 'the first' },
  })
  expect(changed.etag).not.toBe(etag)
  const stale = { code: 'ETAG_MISMATCH' }
  await expect(
    domain.plane.instances.update(alice, { id, etag, labels: { by: 'the second' } }),
  ).rejects.toMatchObject(stale)
  await expect(
    domain.plane.instances.update(alice, { id, etag, healthCheckIntervalSeconds: 10 }),
  ).rejects.toMatchObject(stale)
  await expect(domain.plane.instances.delete(alice, { id, etag })).rejects.toMatchObject(stale)
  await expect(
    domain.plane.health.configure(alice, { id, etag, checkIntervalSeconds: 10 }),
  ).rejects.toMatchObject(stale)
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    state: 'running',
    labels: { by: 'the first' },
    healthCheckIntervalSeconds: 30,
  })
  await domain.plane.health.configure(alice, { id, checkIntervalSeconds: 20 })
  await expect(domain.plane.instances.delete(alice, { id, etag: changed.etag })).rejects.toMatchObject(stale)
  const { etag: now } = await domain.plane.instances.get(alice, id)
  const { instance } = await domain.plane.instances.delete(alice, { id, etag: now })
  expect(instance.etag).not.toBe(now)
})

test('what changes nothing is written nowhere, and leaves the etag', async () => {
  const { plane } = domain
  const id = await domain.created('settled')
  const labels = { team: 'billing', tier: 'gold' }
  const healthCheckIntervalSeconds = 3600
  await plane.instances.update(alice, { id, labels, healthCheckIntervalSeconds })
  const settings = async () => ({
    etag: (await plane.instances.get(alice, id)).etag,
    audits: await domain.sql`select id from audit_log where resource_id = ${id} order by id`,
  })
  const before = await settings()
  const { instance, operation } = await plane.instances.update(alice, {
    id,
    labels: { tier: 'gold', team: 'billing' },
  })
  expect(operation).toBeNull()
  expect(instance).toMatchObject({ labels, etag: before.etag })
  await plane.instances.update(alice, {
    id,
    labelChanges: { team: 'billing', none: null },
    healthCheckIntervalSeconds,
  })
  const { checkIntervalSeconds } = await plane.health.configure(alice, { id, checkIntervalSeconds: 3600 })
  expect(checkIntervalSeconds).toBe(3600)
  expect(await settings()).toEqual(before)
  await expect(plane.instances.update(alice, { id, etag: 'stale', labels })).rejects.toMatchObject({
    code: 'ETAG_MISMATCH',
  })
})

test('of two changes with one etag at once one is made', async () => {
  const id = await domain.created('raced')
  const { etag } = await domain.plane.instances.get(alice, id)
  const changes = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((by) => domain.plane.instances.update(alice, { id, etag, labels: { by } })),
  )
  expect(changes.map(({ status }) => status).toSorted()).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
  ])
})

test('an etag does not change with what the instance does by itself', async () => {
  const { instance, operation } = await domain.plane.instances.create(alice, {
    name: 'steady',
    version: '18',
    labels: { from: 'the start' },
  })
  await domain.ended(operation.id)
  expect(await domain.plane.instances.get(alice, 'steady')).toMatchObject({
    state: 'running',
    etag: instance.etag,
    labels: { from: 'the start' },
  })
})

test('the etag of an instance is no good for another one that has its name later', async () => {
  await domain.created('reborn')
  const { etag } = await domain.plane.instances.get(alice, 'reborn')
  const { operation } = await domain.plane.instances.delete(alice, { id: 'reborn' })
  await domain.ended(operation.id)
  await domain.created('reborn')
  await expect(domain.plane.instances.delete(alice, { id: 'reborn', etag })).rejects.toMatchObject({
    code: 'ETAG_MISMATCH',
  })
})

test('an instance that is being deleted is not changed, and the refusal names the deletion', async () => {
  const held = gate('step.before-body', { armed: false })
  await using deleting = await openDomain({ reach: held.reach })
  const { plane } = deleting
  const id = await deleting.created('leaving')
  held.arm()
  const { operation } = await plane.instances.delete(alice, { id })
  await held.arrived
  const refusal = {
    code: 'OPERATION_IN_PROGRESS',
    details: { activeOperationId: operation.id },
  }
  const change = { id, labels: { late: 'yes' } }
  await expect(plane.instances.update(alice, change)).rejects.toMatchObject(refusal)
  await expect(plane.instances.planUpdate(alice, change)).rejects.toMatchObject(refusal)
  held.open()
  await deleting.ended(operation.id)
  await expect(plane.instances.update(alice, change)).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' })
})

test('a plan says what would be done, by the workflow’s own definition, and writes nothing', async () => {
  // Health checks write by themselves.
  await using quiet = await openDomain({ probe: () => new Promise(() => {}) })
  const { instances } = quiet.plane
  const id = await quiet.created('planned')
  const before = await rowsOf(quiet)
  expect(
    await instances.planCreate(alice, {
      name: 'next',
      version: '17',
      labels: { team: 'billing' },
    }),
  ).toEqual({
    workflow: 'create-instance',
    steps: [
      { name: 'reserve', kind: 'transact', undoable: true },
      { name: 'deploy', kind: 'step', undoable: true },
      { name: 'await-ready', kind: 'step', undoable: false },
      { name: 'verify', kind: 'step', undoable: false },
      { name: 'mark-running', kind: 'transact', undoable: false },
    ],
    changes: [
      { path: 'name', from: null, to: 'next' },
      { path: 'version', from: null, to: '17' },
      { path: 'labels.team', from: null, to: 'billing' },
      { path: 'provider', from: null, to: 'local' },
      { path: 'healthCheckIntervalSeconds', from: null, to: 30 },
    ],
    cancels: null,
  })
  expect(
    await instances.planUpdate(alice, {
      id,
      labels: { a: '1' },
      healthCheckIntervalSeconds: 30,
    }),
  ).toEqual({
    workflow: null,
    steps: [],
    changes: [{ path: 'labels.a', from: null, to: '1' }],
    cancels: null,
  })
  const deletion = await instances.planDelete(alice, { id })
  expect(deletion).toMatchObject({
    workflow: 'delete-instance',
    changes: [{ path: 'state', from: 'running', to: 'deleted' }],
    cancels: null,
  })
  expect(await rowsOf(quiet)).toEqual(before)
})

test('a plan is refused for what the call would be', async () => {
  const id = await domain.created('strict')
  const { plane } = domain
  await expect(plane.instances.planCreate(alice, { name: 'strict', version: '18' })).rejects.toMatchObject({
    code: 'INSTANCE_NAME_TAKEN',
  })
  for (const plan of [plane.instances.planUpdate, plane.instances.planDelete]) {
    await expect(plan(alice, { id, etag: 'stale' })).rejects.toMatchObject({ code: 'ETAG_MISMATCH' })
    await expect(plan(alice, { id: 'nobody' })).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' })
  }
})
