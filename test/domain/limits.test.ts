import { expect, test } from 'vitest'
import { alice, gate, openDomain } from '../harness/domain/index.ts'

test('no more operations run on a provider than it can bear at once; the others wait for room, and say so', async () => {
  const held = gate('step.before-body')
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => Object.assign(Object.create(provider), { operationsAtOnce: 1 }),
  })
  const create = async (name: string) => {
    const { operation } = await domain.plane.instances.create(alice, { name, version: '18' })
    return operation.id
  }
  const first = await create('first')
  await held.arrived
  const second = await create('second')
  const { steps } = await domain.plane.operations.get(alice, second)
  expect(steps[0]).toMatchObject({ state: 'pending', waitingFor: 'room in group local' })
  held.open()
  for (const id of [first, second]) expect((await domain.ended(id)).state).toBe('succeeded')
})
