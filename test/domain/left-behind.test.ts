import { ProviderError } from '@toygres/providers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alice, gate, openDomain, type Domain } from '../harness/domain/index.ts'

let stuck: boolean
let domain: Domain
let operationId: string

/** The undo has been tried as often as it is. */
const givenUp = () =>
  expect
    .poll(() => domain.hurry().then(() => domain.plane.operations.get(alice, operationId)), {
      timeout: 40_000,
    })
    .toMatchObject({ state: 'failed', error: { leftovers: ['deploy'] } })

beforeEach(async () => {
  stuck = true
  const held = gate('step.after-body')
  domain = await openDomain({
    reach: held.reach,
    through: (provider) => ({
      ...provider,
      remove: (...call) =>
        stuck
          ? Promise.reject(new ProviderError('PERMISSION_DENIED', 'the disk says no', { permanent: true }))
          : provider.remove(...call),
    }),
  })
  const { operation } = await domain.plane.instances.create(alice, { name: 'stuck', version: '18' })
  operationId = operation.id
  await held.arrived
  await domain.plane.operations.cancel(alice, { id: operationId })
  held.open()
  await givenUp()
})
afterEach(() => domain[Symbol.asyncDispose]())

const nothingIsLeft = async () => {
  expect(await domain.provider.list()).toEqual([])
  expect(await domain.sql`select from instance_credentials`).toHaveLength(0)
  await expect(domain.plane.instances.get(alice, 'stuck')).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
  })
}

test('a create whose removal fails says so, keeps its password, and can be deleted', async () => {
  expect(await domain.provider.list()).toHaveLength(1)
  expect(await domain.plane.instances.get(alice, 'stuck')).toMatchObject({
    state: 'failed',
    stateReason: expect.stringContaining('something of it is left (the disk says no)'),
  })
  expect(await domain.sql`select from instance_credentials`).toHaveLength(1)
  stuck = false
  const { operation } = await domain.plane.instances.delete(alice, { id: 'stuck' })
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  await nothingIsLeft()
})

test('its removal can be tried again, and the operation ends as what was asked for', async () => {
  stuck = false
  await domain.plane.operations.retry(alice, { id: operationId })
  expect(await domain.ended(operationId)).toMatchObject({ state: 'cancelled' })
  await nothingIsLeft()
})
