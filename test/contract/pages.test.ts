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
