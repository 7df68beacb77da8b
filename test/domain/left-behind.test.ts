import { ProviderError } from '@toygres/providers'
import { expect, test } from 'vitest'
import { alice, gate, openDomain } from '../harness/domain/index.ts'

test('a create whose removal fails says so, keeps its password, and can be deleted', async () => {
  const held = gate('step.after-body')
  let stuck = true
  await using domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      remove: (...call) =>
        stuck
          ? Promise.reject(new ProviderError('PERMISSION_DENIED', 'the disk says no', { permanent: true }))
          : provider.remove(...call),
    }),
  })
  const { operation, instance } = await domain.plane.instances.create(alice, { name: 'stuck', version: '18' })
  await held.arrived
  await domain.plane.operations.cancel(alice, operation.id)
  held.open()
  await expect
    .poll(() => domain.hurry().then(() => domain.plane.operations.get(operation.id)), { timeout: 30_000 })
    .toMatchObject({ state: 'failed', error: { leftovers: ['deploy'] } })

  expect(await domain.provider.list()).toHaveLength(1)
  expect(await domain.plane.instances.get('stuck')).toMatchObject({
    id: instance.id,
    state: 'failed',
    stateReason: expect.stringContaining('something of it is left (the disk says no)'),
  })
  expect(await domain.sql`select from instance_credentials`).toHaveLength(1)

  stuck = false
  const { operation: deletion } = await domain.plane.instances.delete(alice, { id: 'stuck' })
  expect(await domain.ended(deletion.id)).toMatchObject({ state: 'succeeded' })
  expect(await domain.provider.list()).toEqual([])
  expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
})
