import { removeTree } from '@toygres/local-postgres'
import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { driftOf, killServer } from '../reconcile/looking.ts'

const running = { state: 'running', stateReason: null, activeOperationId: null }

test('what is running stays as it is when a control plane starts', async () => {
  await using domain = await openDomain()
  const id = await domain.created('steady')
  const before = await domain.plane.operations.list(alice, { instance: id, limit: 10 })
  await domain.restart()
  expect(await domain.plane.instances.get(alice, 'steady')).toMatchObject(running)
  expect(await domain.plane.operations.list(alice, { instance: id, limit: 10 })).toEqual(before)
})

test('an instance whose server is gone is started again, with its data and its address', async () => {
  await using domain = await openDomain()
  const id = await domain.created('stopped')
  const { connectionString } = await domain.plane.instances.connection(alice, id)
  await ask(connectionString, 'create table kept as select 42 as answer')
  await domain.restart(() => domain.stopServers())
  const { items } = await domain.plane.operations.list(alice, { instance: id, limit: 1 })
  expect(items[0]).toMatchObject({ workflow: 'start-instance', requestedBy: 'system' })
  expect(await domain.ended(items[0]?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject(running)
  expect(await ask(connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('an instance whose data is gone is not replaced by an empty one', async () => {
  await using domain = await openDomain()
  const id = await domain.created('lost')
  await domain.restart(async () => {
    await domain.stopServers()
    await removeTree(`${domain.home}/instances/${id}`)
  })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({
    state: 'running',
    stateReason: expect.stringContaining('its data is not where it was'),
  })
  expect((await domain.plane.operations.list(alice, { instance: id, limit: 10 })).items).toHaveLength(1)
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
})

test('an instance that becomes ready while a control plane looks around is not told that its data is lost', async () => {
  const held = gate('step.before-body')
  let look = async () => {}
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      list: async (...call) => {
        const found = await provider.list(...call)
        await look()
        return found
      },
    }),
  })
  const { operation } = await domain.plane.instances.create(alice, { name: 'young', version: '18' })
  await held.arrived
  // What the second one has listed is old by the time it reads the rows.
  look = async () => {
    held.open()
    await domain.ended(operation.id)
  }
  const other = await domain.beside({})
  await other.restored
  await other.stop(5000)
  expect(await domain.plane.instances.get(alice, 'young')).toMatchObject(running)
})

test('a reason that is over is no longer told', async () => {
  await using domain = await openDomain()
  const id = await domain.created('healed')
  await domain.sql`update instances set state_reason = 'its data is not where it was' where id = ${id}`
  await domain.restart()
  expect(await domain.plane.instances.get(alice, id)).toMatchObject(running)
})

test('a provider that cannot tell what there is keeps no control plane from answering', async () => {
  let broken = false
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      list: (...call) => (broken ? Promise.reject(new Error('EISDIR')) : provider.list(...call)),
    }),
  })
  broken = true
  await domain.restart()
  expect(domain.logged()).toContain('EISDIR')
  await domain.created('regardless')
})

test.for([
  ['was stopped in good order', 'is nobody’s alarm', { status: 'unknown', reason: 'stopped' }, []],
  ['died', 'is told', { status: 'unhealthy', reason: 'server-down' }, ['instance.unhealthy']],
] as const)('that a server %s while no control plane ran %s', async ([how, , meanwhile, alarms]) => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('orders')
  const health = () => domain.plane.health.get(alice, id)
  await until(async () => (await health()).status === 'healthy')
  await domain.sql`
    insert into webhooks (id, project_id, url, kinds, sealed_secret)
    values (${newId()}, ${defaultProjectId}, 'https://example.test', '{instance.unhealthy,instance.healthy}', '')`
  held.arm()
  await domain.restart(async () => {
    if (how === 'died') await killServer(domain, id)
    else await domain.stopServers()
    await until(async () => (await domain.provider.observe({ id })).phase === 'stopped')
  })
  await held.arrived
  expect(await health()).toMatchObject({ ...meanwhile, nextCheckAt: expect.any(Date) })
  held.open()
  await until(async () => (await health()).status === 'healthy')
  const { items } = await domain.plane.health.events(alice, { id, limit: 10 })
  expect(items.map(({ status, reason }) => ({ status, reason }))).toEqual([
    { status: 'healthy', reason: null },
    meanwhile,
    { status: 'healthy', reason: null },
  ])
  const told = await domain.sql<{ kind: string }[]>`select kind from webhook_deliveries order by seq`
  expect(told.map(({ kind }) => kind)).toEqual([...alarms, 'instance.healthy'])
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'server-down', repairs: 1 }])
})
