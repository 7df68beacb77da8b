import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const create = (name: string, idempotencyKey: string, principal = alice) =>
  domain.plane.instances.create(principal, { name, version: '18', idempotencyKey })

test('a repeated create with the same key is the first one', async () => {
  const first = await create('orders', 'key-1')
  await domain.ended(first.operation.id)
  const second = await create('orders', 'key-1')
  expect(second.instance.id).toBe(first.instance.id)
  expect(second.operation.id).toBe(first.operation.id)
  expect(second.operation.state).toBe('succeeded')
})

test('ten creates with the same key at once make one instance', async () => {
  const accepted = await Promise.all(Array.from({ length: 10 }, () => create('crowd', 'key-2')))
  expect(new Set(accepted.map(({ instance }) => instance.id)).size).toBe(1)
  expect(await domain.sql`select from instances where name = 'crowd'`).toHaveLength(1)
})

test('the same key for something else is refused, and changes nothing', async () => {
  await expect(create('others', 'key-1')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  expect(await domain.sql`select from instances where name = 'others'`).toHaveLength(0)
})

test('keys of different callers do not meet', async () => {
  const bob = { ...alice, subject: 'bob' }
  expect((await create('bobs', 'key-1', bob)).instance.name).toBe('bobs')
})

test('a repeated delete, with a key or without, is the first one', async () => {
  await domain.created('twice')
  const deleted = await Promise.all([
    domain.plane.instances.delete(alice, { id: 'twice', idempotencyKey: 'key-3' }),
    domain.plane.instances.delete(alice, { id: 'twice', idempotencyKey: 'key-3' }),
    domain.plane.instances.delete(alice, { id: 'twice' }),
  ])
  expect(new Set(deleted.map(({ operation }) => operation.id)).size).toBe(1)
})

test('a key of yesterday is forgotten, and may be used again', async () => {
  await create('early', 'key-4')
  await domain.sql`update idempotency_keys set created_at = now() - interval '25 hours' where key = 'key-4'`
  await domain.restart()
  await expect.poll(() => domain.sql`select from idempotency_keys where key = 'key-4'`).toHaveLength(0)
  expect((await create('late', 'key-4')).instance.name).toBe('late')
})
