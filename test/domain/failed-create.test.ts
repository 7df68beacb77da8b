import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a create that cannot succeed leaves a record of why, and nothing else', async () => {
  await using domain = await openDomain({ ports: 1 })
  await domain.created('first')
  const { operation, instance } = await domain.plane.instances.create(alice, {
    name: 'second',
    version: '18',
  })
  const failed = await domain.ended(operation.id)
  expect(failed).toMatchObject({
    state: 'failed',
    done: true,
    error: { code: 'NO_FREE_PORT', step: 'deploy' },
  })
  expect(failed.steps.map(({ name, state }) => [name, state]).slice(0, 2)).toEqual([
    ['reserve', 'undone'],
    ['deploy', 'undone'],
  ])

  expect((await domain.provider.list()).map(({ name }) => name)).toEqual(['first'])
  expect(await domain.plane.instances.get(alice, 'second')).toMatchObject({
    state: 'failed',
    stateReason: failed.error?.message,
  })
  expect(await domain.sql`select from instance_credentials where instance_id = ${instance.id}`).toHaveLength(
    0,
  )
  await expect(domain.plane.instances.connection(alice, 'second')).rejects.toMatchObject({
    code: 'INSTANCE_NOT_RUNNING',
  })

  const { operation: deletion } = await domain.plane.instances.delete(alice, { id: 'second' })
  expect(await domain.ended(deletion.id)).toMatchObject({ state: 'succeeded' })
  await expect(domain.plane.instances.get(alice, 'second')).rejects.toMatchObject({
    code: 'INSTANCE_NOT_FOUND',
  })
})
