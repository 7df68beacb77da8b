import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a creation that finds its instance running, made by another, gives up and leaves it its password', async () => {
  await using domain = await openDomain()
  const id = await domain.created('made-twice')
  const sealed = () => domain.sql`select * from instance_credentials where instance_id = ${id}`
  const before = [...(await sealed())]
  expect(before).toHaveLength(1)
  // As if it had failed before the other one began.
  const [create] = await domain.sql<{ id: string }[]>`
    update operations set state = 'failed', step = 'reserve', error = '{"code":"X","message":"x","step":"reserve","leftovers":[]}'
    where resource_id = ${id} returning id`
  await domain.sql`delete from operation_steps where operation_id = ${create?.id ?? null}`
  await domain.plane.operations.retry(alice, { id: create?.id ?? '' })
  expect(await domain.ended(create?.id ?? '')).toMatchObject({
    state: 'failed',
    error: { code: 'STATE_CHANGED' },
  })
  expect([...(await sealed())]).toEqual(before)
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running' })
})
