import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Principal } from '@toygres/schema'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const make = (name: string, validDays?: number) =>
  domain.plane.keys.create(alice, { name, role: 'operator', ...(validDays && { validDays }) })
const opens = async (secret: string) => (await domain.plane.authenticate(secret)) !== null
const expire = (id: string) => domain.sql`update api_keys set expires_at = now() where id = ${id}`

test('what is shown as a key and what is kept of one are compared by their digests, in constant time', async () => {
  const { key, secret } = await make('compared')
  const wrong = `toygres_${key.id}_${'x'.repeat(43)}`
  const compare = vi.spyOn(crypto, 'timingSafeEqual')
  syncBuiltinESMExports()
  onTestFinished(() => {
    compare.mockRestore()
    syncBuiltinESMExports()
  })
  expect([await opens(secret), await opens(wrong)]).toEqual([true, false])
  const digest = (text: string) => crypto.hash('sha256', text.slice(-43), 'hex')
  const compared = compare.mock.calls.map((sides) =>
    sides.map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
    ),
  )
  expect(compared).toEqual([
    [digest(secret), digest(secret)],
    [digest(secret), digest(wrong)],
  ])
})

test('that a key is used is written down later: who holds its row holds up nobody', async () => {
  const { key, secret } = await make('used')
  const { opened } = await domain.sql.begin(async (tx) => {
    await tx`select from api_keys where id = ${key.id} for update`
    return { opened: await opens(secret) }
  })
  expect(opened).toBe(true)
  const lastUsed = async () => (await domain.plane.keys.get(alice, key.id)).lastUsedAt
  await expect.poll(lastUsed).not.toBeNull()
})

test('a key that is used a hundred times is written down once, also by two control planes', async () => {
  const { key, secret } = await make('busy')
  const writer = async () => {
    const [row] = await domain.sql`select xmin::text, last_used_at from api_keys where id = ${key.id}`
    return row
  }
  await opens(secret)
  await expect.poll(async () => (await writer())?.['last_used_at']).not.toBeNull()
  const first = await writer()
  const peer = await domain.beside({})
  for (let n = 0; n < 100; n++) await Promise.all([opens(secret), peer.authenticate(secret)])
  // Both write what they have gathered before they end.
  await peer.stop(0)
  await domain.restart()
  expect(await writer()).toEqual(first)
})

test('a rotated key goes on for as long as was asked, beside its successor', async () => {
  const { key, secret } = await make('old', 10)
  const { keys } = domain.plane
  const next = await keys.rotate(alice, { id: key.id, overlapSeconds: 3600 })
  expect(next.key).toMatchObject({ name: 'old', role: 'operator', projectId: key.projectId, state: 'active' })
  expect(next.key.id).not.toBe(key.id)
  expect(await opens(secret)).toBe(true)
  expect(await opens(next.secret)).toBe(true)

  const old = await keys.get(alice, key.id)
  expect(old).toMatchObject({ state: 'active', replacedBy: next.key.id })
  // An hour from now, by the database's clock; the successor for as long as the old one was made for.
  const [row] = await domain.sql<{ overlap: boolean; days: boolean }[]>`
    select (select expires_at between now() + interval '59 minutes' and now() + interval '1 hour'
        from api_keys where id = ${key.id}) as overlap,
      (select expires_at - created_at = interval '10 days' from api_keys where id = ${next.key.id}) as days`
  expect(row).toEqual({ overlap: true, days: true })
  await expire(key.id)
  expect(await opens(secret)).toBe(false)
  expect(await opens(next.secret)).toBe(true)
})

test('a key that is rotated without overlap opens nothing from then on', async () => {
  const { key, secret } = await make('leaked')
  const next = await domain.plane.keys.rotate(alice, { id: key.id, overlapSeconds: 0, validDays: 1 })
  expect(await opens(secret)).toBe(false)
  expect(await opens(next.secret)).toBe(true)
  expect(next.key.expiresAt).not.toBeNull()
})

test('a key that opens nothing any more, or has a successor, is not rotated; of two at once, one is', async () => {
  const { keys } = domain.plane
  const [revoked, expired, twice] = await Promise.all([make('revoked'), make('expired', 1), make('twice')])
  await keys.revoke(alice, { id: revoked.key.id })
  await expire(expired.key.id)
  const rotate = (id: string) => keys.rotate(alice, { id, overlapSeconds: 60 })
  for (const { key } of [revoked, expired])
    await expect(rotate(key.id)).rejects.toMatchObject({ code: 'API_KEY_NOT_ACTIVE' })
  const tried = await Promise.allSettled([rotate(twice.key.id), rotate(twice.key.id)])
  expect(tried.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('an overlap never makes a key last longer than it would have', async () => {
  const { key } = await make('brief', 1)
  await domain.plane.keys.rotate(alice, { id: key.id, overlapSeconds: 30 * 86_400 })
  expect((await domain.plane.keys.get(alice, key.id)).expiresAt).toEqual(key.expiresAt)
})

test('who asked for something is told by the name of their key, to whoever may look at it', async () => {
  const { plane } = domain
  const holderOf = async (name: string, role: 'viewer' | 'operator', as = alice) => {
    const { key, secret } = await plane.keys.create(as, { name, role })
    const principal = await plane.authenticate(secret)
    if (principal === null) throw new Error(`${name} opens nothing`)
    return { principal, subject: `api-key:${key.id}` }
  }
  const [ci, looking] = [await holderOf('ci-deploy', 'operator'), await holderOf('looking', 'viewer')]
  const { operation } = await plane.instances.create(ci.principal, { name: 'orders', version: '18' })
  expect(operation).toMatchObject({ requestedBy: ci.subject, requestedByName: 'ci-deploy' })

  const told = async (reader: Principal) => {
    const [got, listed, events] = [
      await plane.operations.get(reader, operation.id),
      (await plane.operations.list(reader, { limit: 1 })).items[0],
      (await plane.operations.events(reader, { limit: 1 })).items[0],
    ]
    const seen = [got, listed, events]
    expect(seen.map((one) => one?.requestedBy)).toEqual([ci.subject, ci.subject, ci.subject])
    return [...new Set(seen.map((one) => one?.requestedByName))]
  }
  expect(await told(alice)).toEqual(['ci-deploy'])
  expect(await told(looking.principal)).toEqual([null])
  const { items } = await plane.audit.list(alice, { limit: 1, subject: ci.subject })
  expect(items).toMatchObject([{ action: 'instances.create', subjectName: 'ci-deploy' }])
})

test('the key of the system that acted in a project has no name for those of the project', async () => {
  const { plane } = domain
  const { id: projectId } = await plane.projects.create(alice, { name: 'tenant' })
  const { key, secret } = await plane.keys.create(alice, {
    name: 'operator-of-all',
    role: 'admin',
    system: true,
  })
  const ours = await plane.authenticate(secret, 'tenant')
  if (ours === null) throw new Error('the key opens nothing')
  const { operation } = await plane.instances.create(ours, { name: 'theirs', version: '18' })
  expect(operation.requestedByName).toBe('operator-of-all')
  const theirs = { ...alice, subject: 'bob', projectId, system: false }
  expect(await plane.operations.get(theirs, operation.id)).toMatchObject({
    requestedBy: `api-key:${key.id}`,
    requestedByName: null,
  })
})
