import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
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

test('how instances were is forgotten after 90 days, drift that is over after 30, and health of what does not run at once', async () => {
  await using domain = await openDomain()
  const { sql } = domain
  const id = await domain.created('remembered')
  const stopped = newId()
  await sql`
    insert into instances (id, name, state, version, provider) values (${stopped}, 'stopped', 'stopped', '18', 'local')`
  await sql`insert into instance_health (instance_id) values (${stopped})`
  await sql`delete from health_events`
  for (const days of [89, 91])
    await sql`
      insert into health_events (id, instance_id, status, detail, at)
      values (${newId()}, ${id}, 'healthy', ${days}, now() - ${days} * interval '1 day')`
  for (const days of [29, 31])
    await sql`
      insert into drift (id, kind, instance_id, instance_name, provider, detail, resolved_at)
      values (${newId()}, 'orphan', ${newId()}, 'gone', 'local', ${days}, now() - ${days} * interval '1 day')`
  await domain.restart(async () => {
    await sql`update duties set done_at = '-infinity'`
  })
  await expect
    .poll(() => sql`select detail from drift where resolved_at is not null`)
    .toEqual([{ detail: '29' }])
  await expect
    .poll(() => sql`select detail from health_events where at < now() - interval '1 day'`)
    .toEqual([{ detail: '89' }])
  await expect.poll(() => sql`select from instance_health where instance_id = ${stopped}`).toEqual([])
  expect(await sql`select from instance_health where instance_id = ${id}`).toHaveLength(1)
})
