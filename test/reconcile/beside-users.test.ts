import { expect, test } from 'vitest'
import { alice, gate, openDomain, type Domain } from '../harness/domain/index.ts'
import { driftOf, killServer, operationsOf, passNow } from './looking.ts'

/** Operations on one instance that were under way at the same time. */
const overlapping = (domain: Domain) => domain.sql`
  select a.workflow, b.workflow as other from operations a join operations b on b.resource_id = a.resource_id and b.id > a.id
  where a.started_at < b.ended_at and b.started_at < a.ended_at`

const openDriftOf = async (domain: Domain, id: string) =>
  (await driftOf(domain, id)).filter(({ resolvedAt }) => resolvedAt === null)

test('a deletion of a user goes before a repair, and ends what it began', async () => {
  await using domain = await openDomain()
  const id = await domain.created('fought-over')
  await killServer(domain, id)
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded', requestedBy: 'alice' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'deleted' })
  expect(await domain.provider.list()).toEqual([])
  await passNow(domain)
  expect(await openDriftOf(domain, id)).toEqual([])
})

test('what a user has done while the provider was asked is not repaired by what it was before', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  let isArmed = false
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      async observe(...args) {
        const observation = await provider.observe(...args)
        if (isArmed) {
          isArmed = false
          asked.resolve()
          await answer.promise
        }
        return observation
      },
    }),
  })
  const id = await domain.created('over-meanwhile')
  isArmed = true
  await killServer(domain, id)
  await asked.promise
  const { operation } = await domain.plane.instances.delete(alice, { id })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  answer.resolve()
  // Whoever stops has ended its look.
  await passNow(domain)
  expect(await driftOf(domain, id)).toEqual([])
  expect((await operationsOf(domain, id)).map(({ workflow }) => workflow)).toEqual([
    'delete-instance',
    'create-instance',
  ])
})

test('a deletion that comes in the middle of a repair ends it, and goes on alone', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('half-repaired')
  held.arm()
  await killServer(domain, id)
  await held.arrived
  const { operation } = await domain.plane.instances.delete(alice, { id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded', requestedBy: 'alice' })
  expect(await operationsOf(domain, id)).toMatchObject([
    { workflow: 'delete-instance', state: 'succeeded' },
    { workflow: 'start-instance', state: 'cancelled', requestedBy: 'system' },
    { workflow: 'create-instance', state: 'succeeded' },
  ])
  expect([...(await overlapping(domain))]).toEqual([])
  await passNow(domain)
  expect(await openDriftOf(domain, id)).toEqual([])
  expect(await domain.provider.list()).toEqual([])
})

test('a start that comes in the middle of a repair is told of the repair', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  const id = await domain.created('half-repaired')
  held.arm()
  await killServer(domain, id)
  await held.arrived
  const { operation } = await domain.plane.instances.start(alice, { id })
  expect(operation).toMatchObject({ workflow: 'start-instance', requestedBy: 'system' })
  held.open()
  expect(await domain.ended(operation?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await operationsOf(domain, id)).toHaveLength(2)
})

test('a server that dies while its creation is under way is left to the creation', async () => {
  const held = gate('step.after-body')
  await using domain = await openDomain({ reach: held.reach })
  const { instance, operation } = await domain.plane.instances.create(alice, {
    name: 'newborn',
    version: '18',
  })
  await held.arrived
  await killServer(domain, instance.id)
  await expect.poll(() => domain.provider.observe(instance)).toMatchObject({ phase: 'stopped' })
  // Another one that compares everything just then.
  const other = await domain.beside({})
  await other.restored
  expect(await driftOf(domain, instance.id)).toEqual([])
  expect(await operationsOf(domain, instance.id)).toMatchObject([{ id: operation.id }])
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  await other.stop(5000)
  expect(await operationsOf(domain, instance.id)).toHaveLength(1)
})

test('of servers that die just as they are deleted, two control planes repair none against its deletion', async () => {
  await using domain = await openDomain()
  const ids = await Promise.all(['one', 'two', 'three', 'four'].map((name) => domain.created(name)))
  const other = await domain.beside({})
  try {
    const deletions = await Promise.all(
      ids.map(async (id, index) => {
        const plane = index % 2 === 0 ? domain.plane : other
        const [{ operation }] = await Promise.all([
          plane.instances.delete(alice, { id }),
          killServer(domain, id),
        ])
        return operation
      }),
    )
    for (const { id } of deletions)
      expect(await domain.ended(id)).toMatchObject({ state: 'succeeded', requestedBy: 'alice' })
    expect([...(await overlapping(domain))]).toEqual([])
    expect(await domain.provider.list()).toEqual([])
    for (const id of ids)
      expect((await operationsOf(domain, id))[0]).toMatchObject({ workflow: 'delete-instance' })
  } finally {
    await other.stop(5000)
  }
})
