import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

test('a session is what its key is, until it is closed; its token is kept nowhere', async () => {
  await using domain = await openDomain()
  const { keys, sessions } = domain.plane
  const { key, secret } = await keys.create(alice, { name: 'laptop', role: 'viewer' })
  const { token, session } = await sessions.open(secret)
  expect(session).toMatchObject({ subject: `api-key:${key.id}`, name: 'laptop', role: 'viewer' })
  expect(await sessions.find(token)).toEqual(session)
  expect(await sessions.authenticate(token)).toMatchObject({ subject: `api-key:${key.id}`, role: 'viewer' })

  const [row] = await domain.sql`select sessions::text as text from sessions`
  expect(row?.['text']).not.toContain(token)
  expect(domain.logged()).not.toContain(token)
  const audits = await domain.sql`select action, resource_id from audit_log where action = 'sessions.open'`
  expect(audits).toMatchObject([{ resource_id: key.id }])

  await sessions.close(token)
  await sessions.close(token)
  expect(await sessions.find(token)).toBeNull()
  expect(await sessions.authenticate(token)).toBeNull()
})

test('a session ends with its key, and after its time', async () => {
  await using domain = await openDomain()
  const { keys, sessions } = domain.plane
  const { key, secret } = await keys.create(alice, { name: 'laptop', role: 'admin' })
  const [first, second] = [await sessions.open(secret), await sessions.open(secret)]
  await domain.sql`update sessions set expires_at = now() where token_hash = sha256(${first.token}::text::bytea)`
  expect(await sessions.find(first.token)).toBeNull()
  expect(await sessions.find(second.token)).not.toBeNull()
  await keys.revoke(alice, { id: key.id })
  expect(await sessions.find(second.token)).toBeNull()
  await expect(sessions.open(secret)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('what is no token opens nothing', async () => {
  await using domain = await openDomain()
  const { sessions } = domain.plane
  for (const token of ['', 'x', "' or true --", 'a'.repeat(43)])
    expect(await sessions.authenticate(token)).toBeNull()
})

test('sessions that are over are forgotten', async () => {
  await using domain = await openDomain()
  const { keys, sessions } = domain.plane
  const { secret } = await keys.create(alice, { name: 'laptop', role: 'admin' })
  await sessions.open(secret)
  await domain.sql`update sessions set expires_at = now()`
  await domain.restart()
  await expect.poll(() => domain.sql`select from sessions`).toEqual([])
})
