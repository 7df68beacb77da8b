import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultProjectId, type Principal, type Quota, type ToygresError } from '@toygres/schema'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const memberOf = async (name: string, quota: Partial<Quota> = {}): Promise<Principal> => {
  const { id } = await domain.plane.projects.create(alice, { name, quota })
  return { subject: name, role: 'admin', projectId: id, system: false }
}
const create = (principal: Principal, name: string) =>
  domain.plane.instances.create(principal, { name, version: '18' })

test('what was there before there were projects is in the default one', async () => {
  const { instance, operation } = await create(alice, 'mine')
  expect([instance.projectId, operation.projectId]).toEqual([defaultProjectId, defaultProjectId])
  await domain.ended(operation.id)
  expect(await domain.plane.projects.get(alice, 'default')).toMatchObject({
    id: defaultProjectId,
    quota: { instances: null, operations: null },
    usage: { instances: 1, operations: 0 },
  })
})

test('of ten that want the last place in a project, one gets it; the others learn the limit', async () => {
  const member = await memberOf('small', { instances: 1, operations: null })
  const tried = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => create(member, `instance-${n}`)),
  )
  const made = tried.filter((one) => one.status === 'fulfilled')
  expect(made).toHaveLength(1)
  for (const one of tried)
    if (one.status === 'rejected')
      expect(one.reason).toMatchObject({
        code: 'QUOTA_EXCEEDED',
        details: { quota: { of: 'instances', limit: 1, used: 1 } },
      })
  const { instance } = made[0]?.value ?? {}
  const deleted = await domain.plane.instances.delete(member, { id: instance?.id ?? '' })
  await domain.ended(deleted.operation.id, member)
  expect((await create(member, 'next')).instance.name).toBe('next')
})

test('of what members of two projects ask for in the same moment, each is told what is in its own', async () => {
  const [one, other] = [await memberOf('one'), await memberOf('other')]
  const { instances } = domain.plane
  const [{ instance: own }, { instance: others }] = [await create(one, 'same'), await create(other, 'same')]
  const asked = [own.id, others.id, 'same', 'gone'].flatMap((id) => [
    instances.get(one, id),
    instances.get(other, id),
  ])
  const told = (await Promise.allSettled(asked)).map((answer) =>
    answer.status === 'fulfilled' ? answer.value.id : (answer.reason as ToygresError).code,
  )
  const none = 'INSTANCE_NOT_FOUND'
  expect(told).toEqual([own.id, none, none, others.id, own.id, others.id, none, none])
})

test('operations under way are limited, but a deletion is never refused', async () => {
  const member = await memberOf('busy', { operations: 1 })
  const { instance } = await create(member, 'first')
  const { plane } = domain
  await plane.projects.update(alice, { id: 'busy', quota: { operations: 0 } })
  await expect(create(member, 'second')).rejects.toMatchObject({
    code: 'QUOTA_EXCEEDED',
    details: { quota: { of: 'operations', limit: 0 } },
  })
  const { operation } = await plane.instances.delete(member, { id: instance.id })
  expect(await domain.ended(operation.id, member)).toMatchObject({ state: 'succeeded' })
  expect((await plane.projects.update(alice, { id: 'busy', quota: { operations: null } })).quota).toEqual({
    instances: 100,
    operations: null,
  })
})

test('a project is deleted once it is empty; its keys open nothing then, and its name is free', async () => {
  const member = await memberOf('brief')
  const { plane } = domain
  const { secret } = await plane.keys.create(member, { name: 'k', role: 'viewer' })
  const { instance, operation } = await create(member, 'last')
  await expect(plane.projects.delete(alice, { id: 'brief' })).rejects.toMatchObject({
    code: 'PROJECT_NOT_EMPTY',
  })
  await domain.ended(operation.id, member)
  await domain.ended((await plane.instances.delete(member, { id: instance.id })).operation.id, member)
  expect(await plane.authenticate(secret)).toMatchObject({ projectId: member.projectId, system: false })

  await plane.projects.delete(alice, { id: 'brief' })
  expect(await plane.authenticate(secret)).toBeNull()
  await expect(plane.projects.get(alice, 'brief')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  await expect(create(member, 'late')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  expect((await memberOf('brief')).projectId).not.toBe(member.projectId)
  await expect(plane.projects.delete(alice, { id: 'default' })).rejects.toMatchObject({
    code: 'PROJECT_NOT_EMPTY',
  })
})

test('nothing that opens or tells is made in a project while it is deleted', async () => {
  const member = await memberOf('vanishing')
  const { plane } = domain
  const { key } = await plane.keys.create(member, { name: 'old', role: 'viewer' })
  const make = {
    key: () => plane.keys.create(member, { name: 'late', role: 'admin' }),
    successor: () => plane.keys.rotate(member, { id: key.id, overlapSeconds: 60 }),
    webhook: () => plane.webhooks.create(member, { url: 'https://example.test', kinds: ['instance.failed'] }),
  }
  const made = await domain.sql.begin(async (tx) => {
    // As a deletion does, before it commits.
    await tx`update projects set deleted_at = now() where id = ${member.projectId}`
    const making = Promise.allSettled(Object.values(make).map((one) => one()))
    await Promise.race([domain.blocked(3), making])
    return { making }
  })
  const refused = { status: 'rejected', reason: { code: 'PROJECT_NOT_FOUND' } }
  expect(await made.making).toMatchObject([refused, refused, refused])
})

test('projects come in pages, newest first; a member sees only its own', async () => {
  const member = await memberOf('pages')
  const { plane } = domain
  expect((await plane.projects.list(member, { limit: 10 })).items).toMatchObject([{ name: 'pages' }])
  await expect(plane.projects.get(member, 'default')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  await expect(memberOf('pages')).rejects.toMatchObject({ code: 'PROJECT_NAME_TAKEN' })
  const first = await plane.projects.list(alice, { limit: 1 })
  expect(first.items).toMatchObject([{ name: 'pages' }])
  const rest = await plane.projects.list(alice, { limit: 50, cursor: first.nextCursor ?? '' })
  expect(rest.items.at(-1)).toMatchObject({ name: 'default' })
})
