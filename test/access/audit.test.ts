import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, all } from '../harness/domain/index.ts'
import { openApi, procedures, type ApiWorld, type Caller } from './api.ts'

let world: ApiWorld
let root: Caller
beforeAll(async () => {
  world = await openApi({ ports: 3 })
  const made = await world.domain.plane.keys.create(alice, { name: 'root', role: 'admin', system: true })
  root = { key: made.secret }
})
afterAll(() => world[Symbol.asyncDispose]())

const keyed = async () =>
  (await world.domain.plane.keys.create(alice, { name: 'a key', role: 'viewer' })).key.id
const hook = async () =>
  (await world.domain.plane.webhooks.create(alice, { url: 'https://hook.test', kinds: ['instance.failed'] }))
    .webhook.id
async function sentOnce(id: string): Promise<object> {
  const [row] = await world.domain.sql<{ id: string }[]>`
    insert into webhook_deliveries (webhook_id, resource_id, kind, body, state)
    values (${id}, ${newId()}, 'instance.failed', '{}', 'delivered') returning id`
  return { id, deliveryId: row?.id }
}
const project = async (name: string) => (await world.domain.plane.projects.create(alice, { name })).id
const started = async (name: string) =>
  (await world.domain.plane.instances.create(alice, { name, version: '18' })).operation.id
/** No room is left for a fourth. */
async function failed(): Promise<string> {
  const { domain } = world
  for (const name of ['one', 'two', 'three'])
    await domain.plane.instances.create(alice, { name, version: '18' })
  const id = await started('four')
  await all(domain.plane.operations.watch(alice, id, { afterSeq: 0, signal: new AbortController().signal }))
  return id
}

/** For each mutation, an input that is accepted. */
const deeds: Record<string, () => object | Promise<object>> = {
  'instances.create': () => ({ name: 'made' }),
  'instances.update': async () => ({ id: await running('updated'), labels: { a: 'b' } }),
  'instances.delete': async () => ({ id: await running('deleted') }),
  'instances.stop': async () => ({ id: await settled('to-be-stopped', 'running') }),
  'instances.start': async () => ({ id: await settled('to-be-started', 'stopped') }),
  'instances.createMany': () => ({ items: [{ name: 'made-one' }, { name: 'made-two' }] }),
  'instances.deleteMany': async () => ({
    items: [{ id: await running('deleted-one') }, { id: await running('deleted-two') }],
  }),
  'health.configure': async () => ({ id: await running('configured'), checkIntervalSeconds: 60 }),
  'operations.cancel': async () => ({ id: await started('cancelled') }),
  'operations.retry': async () => ({ id: await failed() }),
  'keys.create': () => ({ name: 'k', role: 'viewer' }),
  'keys.revoke': async () => ({ id: await keyed() }),
  'keys.rotate': async () => ({ id: await keyed() }),
  'webhooks.create': () => ({ url: 'https://hook.test', kinds: ['instance.deleted'] }),
  'webhooks.update': async () => ({ id: await hook(), enabled: false }),
  'webhooks.delete': async () => ({ id: await hook() }),
  'webhooks.redeliver': async () => sentOnce(await hook()),
  'projects.create': () => ({ name: 'created' }),
  'projects.update': async () => ({ id: await project('changed'), quota: { instances: 1 } }),
  'projects.delete': async () => ({ id: await project('doomed') }),
}

/** What a call about many leaves: for each item what a call for it alone would, so that an instance's history is whole. */
const ofMany: Record<string, readonly string[]> = {
  'instances.createMany': ['instances.create', 'instances.create'],
  'instances.deleteMany': ['instances.delete', 'instances.delete'],
}

/** An instance that is there, whatever becomes of it. */
async function running(name: string): Promise<string> {
  return (await world.domain.plane.instances.create(alice, { name, version: '18' })).instance.id
}

/** One that nothing happens to, as far as metadata says. */
async function settled(name: string, state: 'running' | 'stopped'): Promise<string> {
  const id = newId()
  await world.domain
    .sql`insert into instances (id, name, state, version, provider) values (${id}, ${name}, ${state}, '18', 'local')`
  return id
}

const entriesFor = async (requestId: string) =>
  (await world.domain.plane.audit.list(alice, { limit: 1000 })).items.filter(
    (entry) => entry.requestId === requestId,
  )

test.each(Object.keys(procedures).filter((path) => procedures[path]?.type === 'mutation'))(
  '%s is written down with who did it, in which call, in the transaction of the deed',
  async (path) => {
    const input = deeds[path]
    if (input === undefined) throw new Error(`say in this test what ${path} can be called with`)
    const idempotencyKey = `audited-${path}`
    const asked = { ...(await input()), idempotencyKey }
    const { status, text, requestId } = await world.call(path, asked, root)
    expect(status, text).toBe(200)
    const [, keyId] = root.key.split('_')
    const rows = await world.domain.sql`
      select subject, action, outcome, code, resource_id is not null as about from audit_log where request_id = ${requestId}`
    const entry = (action: string) => ({
      subject: `api-key:${keyId}`,
      action,
      outcome: 'done',
      code: null,
      about: true,
    })
    expect([...rows]).toEqual((ofMany[path] ?? [path]).map(entry))
    if (path in ofMany) return
    // The answer is kept with the deed (test/contract/crash.test.ts), and so is the entry.
    const [together] = await world.domain.sql`
      select a.xmin::text = k.xmin::text as together from audit_log a, idempotency_keys k
      where a.request_id = ${requestId} and k.key = ${idempotencyKey}`
    expect(together).toEqual({ together: true })
  },
)

test('of a call about many, each deed has an entry of its own resource, and what is refused has none', async () => {
  const asked = { items: [{ name: 'many-one' }, { name: 'many-one' }, { name: 'many-two' }] }
  const { text, requestId } = await world.call('instances.createMany', asked, root)
  const entries = await entriesFor(requestId)
  expect(new Set(entries.map(({ resourceId }) => resourceId)).size, text).toBe(2)
  expect(entries.map(({ action, operationId }) => [action, operationId !== null])).toEqual([
    ['instances.create', true],
    ['instances.create', true],
  ])
})

test('a deed that is refused leaves no entry', async () => {
  await world.call('projects.create', { name: 'unique' }, root)
  const { code, requestId } = await world.call('projects.create', { name: 'unique' }, root)
  expect(code).toBe('PROJECT_NAME_TAKEN')
  expect(await entriesFor(requestId)).toEqual([])
})

test('who asks for a password is written down, also where it is refused', async () => {
  const { plane } = world.domain
  const viewer = { key: (await plane.keys.create(alice, { name: 'v', role: 'viewer' })).secret }
  const denied = await world.call('instances.connection', { id: 'made' }, viewer)
  const missing = await world.call('instances.connection', { id: 'nobody' }, root)
  for (const [{ requestId, code }, resourceId, why] of [
    [denied, 'made', 'PERMISSION_DENIED'],
    [missing, 'nobody', 'INSTANCE_NOT_FOUND'],
  ] as const) {
    expect(code).toBe(why)
    expect(await entriesFor(requestId)).toMatchObject([
      { action: 'instances.connection', resourceId, outcome: 'refused', code: why },
    ])
  }
})

test('who is refused a password again and again is not written down each time', async () => {
  const { key, secret } = await world.domain.plane.keys.create(alice, { name: 'again', role: 'viewer' })
  const asked = Array.from({ length: 50 }, () =>
    world.call('instances.connection', { id: 'made' }, { key: secret }),
  )
  expect(new Set((await Promise.all(asked)).map(({ code }) => code))).toEqual(new Set(['PERMISSION_DENIED']))
  const written = await world.domain.sql`select from audit_log where subject = ${`api-key:${key.id}`}`
  // Once in each minute: another may have begun meanwhile.
  expect([1, 2]).toContain(written.length)
})

test('that more is refused a caller than is written down is written down', async () => {
  const { plane, sql } = world.domain
  const { key, secret } = await plane.keys.create(alice, { name: 'curious', role: 'viewer' })
  const asked = Array.from({ length: 60 }, (_, n) =>
    world.call('instances.connection', { id: `guess-${n}` }, { key: secret }),
  )
  await Promise.all(asked)
  const more = await sql`
    select action, outcome, code from audit_log where subject = ${`api-key:${key.id}`} and resource_id is null`
  // Of sixty in two minutes at most, one minute has more than twenty.
  expect([...more]).toContainEqual({
    action: 'instances.connection',
    outcome: 'refused',
    code: 'RATE_LIMITED',
  })
})

test('the log comes in pages, newest first, of one project, by resource and by subject', async () => {
  const { plane } = world.domain
  const projectId = await project('logged')
  const carol = { ...alice, subject: 'carol', projectId, system: false }
  const made = []
  for (const name of ['a', 'b', 'c']) made.push(await plane.keys.create(carol, { name, role: 'viewer' }))
  const first = await plane.audit.list(carol, { limit: 2 })
  const second = await plane.audit.list(carol, { limit: 2, cursor: first.nextCursor ?? '' })
  const ids = [...first.items, ...second.items].map(({ resourceId }) => resourceId)
  // The project itself was made by somebody else, and that is of its log, too.
  expect(ids).toEqual([...made.map(({ key }) => key.id).toReversed(), projectId])
  expect((await plane.audit.list(carol, { limit: 9, subject: 'carol' })).items).toHaveLength(3)
  expect((await plane.audit.list(carol, { limit: 9, resourceId: made[1]?.key.id })).items).toHaveLength(1)
  expect((await plane.audit.list(alice, { limit: 9, subject: 'carol' })).items).toEqual([])
})
