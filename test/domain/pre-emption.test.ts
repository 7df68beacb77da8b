import { expect, test } from 'vitest'
import { alice, gate, openDomain } from '../harness/domain/index.ts'

test.for(['step.before-body', 'step.after-body', 'turn.claimed'] as const)(
  'a delete that meets a create at %s ends it, and nothing is left of either',
  async (point) => {
    const held = gate(point)
    await using domain = await openDomain({ reach: held.reach })
    const created = await domain.plane.instances.create(alice, { name: 'short', version: '18' })
    await held.arrived
    const deleted = domain.plane.instances.delete(alice, { id: 'short' })
    // A delete waits for the row that the turn has locked; it must not need the turn to be let go otherwise.
    if (point !== 'turn.claimed') await deleted
    held.open()

    const { operation } = await deleted
    expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
    expect((await domain.ended(created.operation.id)).state).toMatch(/cancelled|succeeded/)
    expect(await domain.plane.instances.get(alice, created.instance.id)).toMatchObject({ state: 'deleted' })
    expect(await domain.provider.list()).toEqual([])
    expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
  },
)

test('a create that is cancelled is undone, and its name is free', async () => {
  const held = gate('step.after-body')
  await using domain = await openDomain({ reach: held.reach })
  const { operation, instance } = await domain.plane.instances.create(alice, {
    name: 'regretted',
    version: '18',
  })
  await held.arrived
  await domain.plane.operations.cancel(alice, { id: operation.id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'cancelled', done: true })
  expect(await domain.plane.instances.get(alice, instance.id)).toMatchObject({ state: 'deleted' })
  expect(await domain.provider.list()).toEqual([])
  await domain.created('regretted')
})

test('a create that is cancelled before it began is undone too', async () => {
  const held = gate('turn.began', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  held.arm()
  const { operation, instance } = await domain.plane.instances.create(alice, { name: 'early', version: '18' })
  await held.arrived
  expect(await domain.plane.operations.get(alice, operation.id)).toMatchObject({ state: 'queued' })
  await domain.plane.operations.cancel(alice, { id: operation.id })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'cancelled' })
  expect(await domain.plane.instances.get(alice, instance.id)).toMatchObject({ state: 'deleted' })
  expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
})

test('a deletion is not cancelled, neither while it runs nor afterwards, and says why', async () => {
  const held = gate('step.before-body', { armed: false })
  await using domain = await openDomain({ reach: held.reach })
  await domain.created('doomed')
  held.arm()
  const { operation } = await domain.plane.instances.delete(alice, { id: 'doomed' })
  await held.arrived
  const cancel = () => domain.plane.operations.cancel(alice, { id: operation.id })
  await expect(cancel()).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  await expect(cancel()).rejects.toMatchObject({ code: 'OPERATION_DONE' })
})
