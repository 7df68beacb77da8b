import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { alice } from '../harness/domain/index.ts'
import { openApi } from './open-api.ts'

const Page = z.object({ items: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullable() })

test('pages hold each instance that was there once, newest first, whatever is made and removed meanwhile', async () => {
  await using api = await openApi()
  const { sql } = api.domain
  const insert = async (name: string) => {
    const id = newId()
    await sql`insert into instances (id, project_id, name, version, provider) values (${id}, ${alice.projectId}, ${name}, '18', 'local')`
    return id
  }
  const ids: string[] = []
  for (let n = 0; n < 7; n++) ids.unshift(await insert(`paged-${n}`))

  const seen: string[] = []
  const cursors: string[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { data } = await api.query('instances.list', { limit: 2, ...(cursor && { cursor }) })
    const { items, nextCursor } = Page.parse(data)
    seen.push(...items.map(({ id }) => id))
    if (nextCursor !== null) cursors.push(nextCursor)
    cursor = nextCursor
    // Before the place where the next page begins: one comes, one that was seen goes.
    await insert(`late-${seen.length}`)
    await sql`delete from instances where id = ${items[0]?.id ?? ''}`
  }
  expect(seen).toEqual(ids)
  expect(cursors).toHaveLength(3)
  // Nobody is to make one up.
  for (const cursor of cursors) expect(ids.filter((id) => cursor.includes(id))).toEqual([])
})

const Next = z.object({ nextCursor: z.string().nullable() })

test('the cursor of one list is refused by every other', async () => {
  await using api = await openApi()
  const { domain } = api
  const { plane } = domain
  const instance = await domain.created('one')
  await domain.created('two')
  const url = 'https://hook.test'
  const hooks = []
  for (const kinds of [['instance.failed'], ['instance.creating']] as const)
    hooks.push((await plane.webhooks.create(alice, { url, kinds: [...kinds] })).webhook.id)
  const [id = ''] = hooks
  for (const name of ['a', 'b']) {
    await plane.keys.create(alice, { name, role: 'viewer' })
    await plane.projects.create(alice, { name })
    await domain.sql`
      insert into webhook_deliveries (webhook_id, resource_id, kind, body) values (${id}, ${newId()}, 'instance.failed', '{}')`
    await domain.sql`
      insert into health_events (id, instance_id, status) values (${newId()}, ${instance}, 'healthy')`
    await domain.sql`
      insert into drift (id, kind, instance_id, instance_name, provider, detail)
      values (${newId()}, 'orphan', ${newId()}, ${name}, 'local', 'made up')`
  }
  const lists: Record<string, object> = {
    'audit.list': {},
    'drift.list': { includeResolved: true },
    'health.events': { id: instance },
    'health.list': {},
    'instances.list': {},
    'keys.list': {},
    'operations.events': {},
    'operations.list': {},
    'projects.list': {},
    'webhooks.deliveries': { id },
    'webhooks.list': {},
  }
  const cursors = new Map<string, string>()
  for (const [list, input] of Object.entries(lists)) {
    const { data } = await api.query(list, { ...input, limit: 1 })
    cursors.set(list, Next.parse(data).nextCursor ?? expect.unreachable(`${list} has one page only`))
  }
  for (const [list, input] of Object.entries(lists)) {
    for (const [of, cursor] of cursors)
      expect(
        await api.query(list, { ...input, limit: 1, cursor }),
        `${list} with a cursor of ${of}`,
      ).toMatchObject(
        of === list ? { status: 200 } : { status: 400, error: { errors: [{ path: 'cursor' }] } },
      )
    // As cursors were before they named their lists: a client has one in its hand while Toygres is upgraded.
    const cursor = cursors.get(list) ?? ''
    const { data } = await api.query(list, { ...input, limit: 1, cursor })
    expect(
      await api.query(list, { ...input, limit: 1, cursor: nameless(cursor) }),
      `${list} with a cursor that names no list`,
    ).toMatchObject({ status: 200, data })
  }
})

const nameless = (cursor: string): string => {
  const [, id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  return Buffer.from(id).toString('base64url')
}
