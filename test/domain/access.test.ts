import { defaultProjectId } from '@toygres/schema'
import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a key opens until it is revoked; its secret is told once, and is in no list', async () => {
  await using domain = await openDomain()
  const { plane } = domain
  const { keys } = plane
  const { key, secret } = await keys.create(alice, { name: 'ci', role: 'viewer', validDays: 30 })
  expect(key).toMatchObject({ name: 'ci', role: 'viewer', state: 'active', revokedAt: null })
  expect(await plane.authenticate(secret)).toEqual({
    subject: `api-key:${key.id}`,
    role: 'viewer',
    projectId: defaultProjectId,
    system: false,
  })
  expect(JSON.stringify(await keys.list(alice, { limit: 10 }))).not.toContain(secret.slice(-43))

  expect(await keys.revoke(alice, { id: key.id })).toMatchObject({ id: key.id, state: 'revoked' })
  expect(await plane.authenticate(secret)).toBeNull()
  const { revokedAt } = await keys.revoke(alice, { id: key.id })
  expect((await keys.list(alice, { limit: 10 })).items).toMatchObject([{ id: key.id, revokedAt }])
  await expect(keys.revoke(alice, { id: '0'.repeat(16) })).rejects.toMatchObject({
    code: 'API_KEY_NOT_FOUND',
  })
  const audits = await domain.sql`select subject, action, resource_id from audit_log order by id`
  expect(audits.map(({ subject, action, resource_id }) => [subject, action, resource_id])).toEqual([
    ['alice', 'keys.create', key.id],
    ['alice', 'keys.revoke', key.id],
  ])
})

test('a key opens until its day, and not after', async () => {
  await using domain = await openDomain()
  const { plane } = domain
  const { keys } = plane
  const { key, secret } = await keys.create(alice, { name: 'short', role: 'operator', validDays: 1 })
  expect(await plane.authenticate(secret)).not.toBeNull()
  await domain.sql`update api_keys set expires_at = now() where id = ${key.id}`
  expect(await plane.authenticate(secret)).toBeNull()
  expect((await keys.list(alice, { limit: 10 })).items).toMatchObject([{ id: key.id, state: 'expired' }])
})

test('keys come in pages, newest first', async () => {
  await using domain = await openDomain()
  const { keys } = domain.plane
  for (const name of ['a', 'b', 'c']) await keys.create(alice, { name, role: 'viewer' })
  const first = await keys.list(alice, { limit: 2 })
  const second = await keys.list(alice, { limit: 2, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['c', 'b', 'a'])
  expect(second.nextCursor).toBeNull()
})

test('a page of keys goes on where the one before it ended, also where the key that this ended with is forgotten', async () => {
  await using domain = await openDomain()
  const { keys } = domain.plane
  for (const name of ['a', 'b', 'c']) await keys.create(alice, { name, role: 'viewer' })
  const { items, nextCursor } = await keys.list(alice, { limit: 1 })
  const [last = expect.unreachable()] = items
  const rest = () => keys.list(alice, { limit: 10, cursor: nextCursor ?? '' })
  const named = async () => (await rest()).items.map(({ name }) => name)
  expect(await named()).toEqual(['b', 'a'])
  // As cursors were that told the key only: a client has one in its hand while Toygres is upgraded.
  const cursor = Buffer.from(`keys.list ${last.id}`).toString('base64url')
  expect(await keys.list(alice, { limit: 10, cursor })).toEqual(await rest())
  await domain.sql`delete from api_keys where id = ${last.id}`
  expect(await named()).toEqual(['b', 'a'])
})

test('what was done a year ago is forgotten, as are keys that died a month ago', async () => {
  await using domain = await openDomain()
  await domain.created('remembered')
  const { key } = await domain.plane.keys.create(alice, { name: 'dead', role: 'viewer' })
  await domain.plane.keys.create(alice, { name: 'alive', role: 'viewer' })
  await domain.sql`update api_keys set revoked_at = now() - interval '31 days' where id = ${key.id}`
  // More than are forgotten in one statement.
  await domain.sql`insert into audit_log (id, at, subject, action)
    select gen_random_uuid(), now() - interval '366 days', 'old', 'instances.create' from generate_series(1, 2500)`
  await domain.restart()
  const subjects = () => domain.sql`select distinct subject from audit_log`
  await expect.poll(subjects).toEqual([{ subject: 'alice' }])
  await expect
    .poll(() => domain.plane.keys.list(alice, { limit: 10 }))
    .toMatchObject({ items: [{ name: 'alive' }] })
})
