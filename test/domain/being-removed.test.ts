import { ProviderError } from '@toygres/providers'
import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a place that is still being removed is waited for, in its own words, and none of the attempts is spent', async () => {
  let isFree = false
  const why = 'the namespace is being terminated'
  await using domain = await openDomain({
    through: (provider) => ({
      ...provider,
      ensure: (...call) =>
        isFree
          ? provider.ensure(...call)
          : Promise.reject(new ProviderError('BEING_REMOVED', why, { permanent: false })),
    }),
  })
  const { operations, instances } = domain.plane
  const { operation } = await instances.create(alice, { name: 'patient', version: '18' })
  const deploy = async () =>
    (await operations.get(alice, operation.id)).steps.find(({ name }) => name === 'deploy')
  await expect.poll(deploy).toMatchObject({ state: 'waiting', attempt: 1, waitingFor: why })
  isFree = true
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  expect(await deploy()).toMatchObject({ attempt: 1 })
})
