import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { alice } from '../harness/domain/index.ts'
import { openApi, procedures, type ApiWorld, type Caller } from './api.ts'

let world: ApiWorld
/** An admin of another project. */
let stranger: Caller
/** What there is in the default project, by what its ids are ids of. */
let theirs: Record<string, string>

beforeAll(async () => {
  world = await openApi()
  const { plane } = world.domain
  const instance = await world.domain.created('secret-orders')
  const { items } = await plane.operations.list(alice, { instance, limit: 1 })
  const { key } = await plane.keys.create(alice, { name: 'secret-key', role: 'viewer' })
  const { webhook } = await plane.webhooks.create(alice, {
    url: 'https://secret-hook.test',
    kinds: ['instance.deleted'],
  })
  theirs = {
    webhook: webhook.id,
    instance,
    operation: items[0]?.id ?? '',
    key: key.id,
    project: alice.projectId,
  }
  await world.domain.sql`
    insert into drift (id, kind, instance_id, instance_name, provider, detail)
    values (gen_random_uuid(), 'orphan', gen_random_uuid(), 'secret-orphan', 'local', 'nobody knows it')`
  const { id } = await plane.projects.create(alice, { name: 'strangers' })
  const made = await plane.keys.create({ ...alice, projectId: id }, { name: 'strange', role: 'admin' })
  stranger = { key: made.secret }
})
afterAll(() => world[Symbol.asyncDispose]())

const kinds: Record<string, string> = {
  instances: 'instance',
  health: 'instance',
  drift: 'instance',
  operations: 'operation',
  keys: 'key',
  audit: 'instance',
  projects: 'project',
  webhooks: 'webhook',
}

/** What a procedure must be told beside ids, where it must be told anything. */
const others: Record<string, object> = {
  'health.configure': { checkIntervalSeconds: 60 },
  'projects.update': { quota: {} },
  'webhooks.redeliver': { deliveryId: newId() },
}

function foreignInput(path: string): object | null {
  const [schema] = procedures[path]?.inputs ?? []
  if (schema === undefined) return null
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const field = ['id', 'instance'].find((name) => name in properties)
  if (field === undefined) return null
  const kind = field === 'instance' ? 'instance' : kinds[path.split('.')[0] ?? '']
  if (kind === undefined) throw new Error(`say in this test what the ids of ${path} are ids of`)
  return { [field]: theirs[kind], ...others[path] }
}

test.each(Object.keys(procedures))('%s has nothing to say about another project', async (path) => {
  const input = foreignInput(path)
  const { code, text } = await world.call(path, input ?? {}, stranger)
  if (input !== null)
    expect(code, text).toMatch(/^(PERMISSION_DENIED|(INSTANCE|OPERATION|API_KEY|PROJECT|WEBHOOK)_NOT_FOUND)$/)
  expect(text).not.toContain('secret-')
  // What a stranger has asked for in vain is in their own log, in their own words.
  const said = text.replaceAll(/\{[^{}]*"outcome":"refused"[^{}]*\}/g, '')
  if (input === null) for (const id of Object.values(theirs)) expect(said).not.toContain(id)
})

test('what is refused for lack of a permission is what is about all projects', async () => {
  const denied = await Promise.all(
    Object.keys(procedures).map(async (path) => {
      const { code } = await world.call(path, foreignInput(path) ?? {}, stranger)
      return code === 'PERMISSION_DENIED' ? [path] : []
    }),
  )
  expect(denied.flat().toSorted()).toEqual([
    'projects.create',
    'projects.delete',
    'projects.update',
    'system.activity',
    'system.status',
  ])
})

test('names are not there either, and are free', async () => {
  expect((await world.call('instances.get', { id: 'secret-orders' }, stranger)).code).toBe(
    'INSTANCE_NOT_FOUND',
  )
  const made = await world.call('instances.create', { name: 'secret-orders' }, stranger)
  expect(made.status, made.text).toBe(200)
  for (const list of ['operations.list', 'operations.events'])
    expect((await world.call(list, {}, stranger)).text).not.toContain(theirs['instance'])
  const twice = await world.call('instances.create', { name: 'secret-orders' }, stranger)
  expect(twice.code).toBe('INSTANCE_NAME_TAKEN')
})

test('a key of a project acts in no other; one of the system, in each that it names', async () => {
  const elsewhere = await world.call('instances.list', {}, { ...stranger, project: 'default' })
  expect(elsewhere.code).toBe('PROJECT_NOT_FOUND')
  expect((await world.call('instances.list', {}, { ...stranger, project: 'strangers' })).status).toBe(200)

  const { plane } = world.domain
  const root = { key: (await plane.keys.create(alice, { name: 'root', role: 'admin', system: true })).secret }
  expect((await world.call('instances.list', {}, root)).text).toContain('secret-orders')
  const there = { ...root, project: 'strangers' }
  expect((await world.call('projects.get', { id: 'strangers' }, there)).status).toBe(200)
  expect((await world.call('instances.get', { id: theirs['instance'] }, there)).code).toBe(
    'INSTANCE_NOT_FOUND',
  )
  expect((await world.call('instances.list', {}, { ...root, project: 'nowhere' })).code).toBe(
    'PROJECT_NOT_FOUND',
  )
  expect((await world.call('instances.list', {}, { ...root, project: 'No Name' })).code).toBe('INVALID_INPUT')
})

test('a key of a project makes no key of the system, and sees none', async () => {
  const refused = await world.call('keys.create', { name: 'more', role: 'admin', system: true }, stranger)
  expect(refused.code).toBe('PERMISSION_DENIED')
  expect((await world.call('keys.list', {}, stranger)).text).not.toContain('"projectId":null')
})
