import { isDeepStrictEqual } from 'node:util'
import type { Health } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const page = (limit: number, cursor?: string) =>
  domain.plane.health.list(alice, { limit, ...(cursor !== undefined && { cursor }) })

/** Kept by metadata only: nobody looks after those that have failed. */
async function put(name: string, latencyMs: number, state = 'failed', projectId = alice.projectId) {
  const id = newId()
  await domain.sql`
    insert into instances (id, project_id, name, state, version, provider, deleted_at)
    values (${id}, ${projectId}, ${name}, ${state}, '18', 'local', ${state === 'deleted' ? new Date() : null})`
  await domain.sql`
    insert into instance_health (instance_id, checked_at, latency_ms) values (${id}, now(), ${latencyMs})`
  return id
}

test('a list says of each instance what is said of it alone, page by page, of one project and none that is deleted', async () => {
  const real = await domain.created('real')
  const ids = [real]
  for (let n = 1; n <= 4; n++) ids.unshift(await put(`made-up-${n}`, n))
  await put('gone', 5, 'deleted')
  const { id: other } = await domain.plane.projects.create(alice, { name: 'other' })
  const foreign = await put('foreign', 6, 'failed', other)

  // Checks go on meanwhile, and when the next one is due moves on by itself.
  const isSame = async () => {
    const first = await page(3)
    const second = await page(3, first.nextCursor ?? expect.unreachable())
    expect(second.nextCursor).toBeNull()
    const listed = [...first.items, ...second.items]
    expect(listed.map(({ instanceId }) => instanceId)).toEqual(ids)
    const alone = await Promise.all(ids.map((id) => domain.plane.health.get(alice, id)))
    const timeless = (healths: readonly Health[]) => healths.map((one) => ({ ...one, nextCheckAt: null }))
    return listed.at(-1)?.status === 'healthy' && isDeepStrictEqual(timeless(listed), timeless(alone))
  }
  await until(isSame)
  expect((await page(1)).items).toMatchObject([{ latencyMs: 4 }])
  const theirs = await domain.plane.health.list({ ...alice, projectId: other }, { limit: 10 })
  expect(theirs.items.map(({ instanceId }) => instanceId)).toEqual([foreign])
})
