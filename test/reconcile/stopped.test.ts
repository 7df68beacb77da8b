import { rename } from 'node:fs/promises'
import { findServer } from '@toygres/local-postgres'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain, type Domain, type DomainOptions } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { driftOf, isIdle, killServer, operationsOf, passNow } from './looking.ts'

const serverOf = (domain: Domain, id: string) => findServer(`${domain.home}/instances/${id}/data`)

async function stop(domain: Domain, id: string): Promise<void> {
  const { operation } = await domain.plane.instances.stop(alice, { id })
  const { state } = await domain.ended(operation?.id ?? '')
  if (state !== 'succeeded') throw new Error(`it has ${state}`)
}

async function withStopped(options: DomainOptions = {}) {
  const domain = await openDomain(options)
  const id = await domain.created('asleep')
  await stop(domain, id)
  return { domain, id, [Symbol.asyncDispose]: () => domain[Symbol.asyncDispose]() }
}

/** As somebody does who starts it behind our back. */
const startByHand = (domain: Domain, id: string) =>
  domain.provider.ensure({ id, name: 'asleep', version: '18', password: 'known-already' })

test('a stopped instance stays stopped, with the control plane and with the machine that start again', async () => {
  await using world = await withStopped()
  const { domain, id } = world
  await domain.restart()
  await domain.restart(() => domain.stopServers())
  await passNow(domain)
  expect(await driftOf(domain, id)).toEqual([])
  expect(await operationsOf(domain, id)).toHaveLength(2)
  expect(await serverOf(domain, id)).toBeNull()
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'stopped', stateReason: null })
})

test('a stopped instance whose server somebody started is stopped again, and its data stay', async () => {
  await using world = await withStopped()
  const { domain, id } = world
  await startByHand(domain, id)
  await until(async () => (await driftOf(domain, id)).some(({ resolvedAt }) => resolvedAt !== null))
  await isIdle(domain, id)
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'spec-changed', repairs: 1 }])
  expect((await operationsOf(domain, id))[0]).toMatchObject({
    workflow: 'stop-instance',
    requestedBy: 'system',
    state: 'succeeded',
  })
  expect(await serverOf(domain, id)).toBeNull()
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'stopped', stateReason: null })
  expect(
    await domain.sql`select from pgboss.job where name = 'health-checks' and singleton_key = ${id} and state <= 'active'`,
  ).toHaveLength(0)
})

test('that it is stopped again gives way to a start', async () => {
  const held = gate('step.before-body', { armed: false })
  await using world = await withStopped({ reach: held.reach })
  const { domain, id } = world
  held.arm()
  await startByHand(domain, id)
  await held.arrived
  const { operation } = await domain.plane.instances.start(alice, { id })
  held.open()
  expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect((await operationsOf(domain, id)).map(({ workflow, state }) => [workflow, state])).toEqual([
    ['start-instance', 'succeeded'],
    ['stop-instance', 'cancelled'],
    ['stop-instance', 'succeeded'],
    ['create-instance', 'succeeded'],
  ])
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running', stateReason: null })
  expect(await serverOf(domain, id)).not.toBeNull()
})

test('where changes are only to be reported, a server that somebody started runs on', async () => {
  await using world = await withStopped({ repair: { changedSpec: 'report' } })
  const { domain, id } = world
  await startByHand(domain, id)
  await until(async () => (await driftOf(domain, id)).length > 0)
  await passNow(domain)
  expect(await driftOf(domain, id)).toMatchObject([
    { kind: 'spec-changed', repairAfter: null, operationId: null, resolvedAt: null },
  ])
  expect(await serverOf(domain, id)).not.toBeNull()
})

test('that the data of a stopped instance is gone is reported, and its start makes no empty one in its place', async () => {
  await using world = await withStopped()
  const { domain, id } = world
  await rename(`${domain.home}/instances/${id}`, `${domain.home}/aside`)
  await passNow(domain)
  await until(async () => (await driftOf(domain, id)).some(({ kind }) => kind === 'data-missing'))
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    state: 'stopped',
    stateReason: expect.stringContaining('its data is not where it was') as unknown,
  })
  const { operation } = await domain.plane.instances.start(alice, { id })
  expect(await domain.ended(operation?.id ?? '')).toMatchObject({
    state: 'failed',
    error: { code: 'DATA_MISSING' },
  })

  await rename(`${domain.home}/aside`, `${domain.home}/instances/${id}`)
  await passNow(domain)
  await until(async () => (await driftOf(domain, id)).every(({ resolvedAt }) => resolvedAt !== null))
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'stopped', stateReason: null })
})

test.for([
  ['stopping', 'stopped'],
  ['starting', 'running'],
] as const)('an instance that is %s while no operation does that becomes %s', async ([state, becomes]) => {
  await using domain = await openDomain()
  const id = await domain.created('stuck')
  if (state === 'starting') await stop(domain, id)
  await domain.sql`update instances set state = ${state} where id = ${id}`
  await passNow(domain)
  await until(async () => (await domain.plane.instances.get(alice, id)).state === becomes)
  expect((await driftOf(domain, id))[0]).toMatchObject({ kind: 'operation-gone', repairs: 1 })
})

test('a repair gives way to a stop, and both to a delete', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('crashing')
  held.arm()
  await killServer(domain, id)
  await held.arrived
  const stopping = await domain.plane.instances.stop(alice, { id })
  const [, repair] = await operationsOf(domain, id)
  expect(repair).toMatchObject({ workflow: 'start-instance', requestedBy: 'system', state: 'cancelling' })
  const { operation } = await domain.plane.instances.delete(alice, { id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.ended(stopping.operation?.id ?? '')).toMatchObject({ state: 'cancelled' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'deleted' })
  expect(await domain.provider.list()).toEqual([])
})

test('an instance whose server keeps dying can be stopped, and is well when it is started', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('crashing')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  held.arm()
  await killServer(domain, id)
  await held.arrived
  const { operation } = await domain.plane.instances.stop(alice, { id })
  held.open()
  expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await serverOf(domain, id)).toBeNull()
  expect((await driftOf(domain, id)).every(({ resolvedAt }) => resolvedAt !== null)).toBe(true)
  const start = await domain.plane.instances.start(alice, { id })
  expect(await domain.ended(start.operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})
