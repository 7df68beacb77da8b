import { expect, test } from 'vitest'
import { z } from 'zod'
import { openApi, type OpenApi } from './open-api.ts'

const Resource = z.looseObject({ id: z.string(), etag: z.string() })

const rest = ({ url, admin }: OpenApi, method: string, path: string, ifMatch?: string, body?: object) =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${admin}`,
      'content-type': 'application/json',
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })

const stale = { status: 412, error: { code: 'ETAG_MISMATCH', retryable: false } }

const resources = [
  {
    what: 'project',
    create: async (api: OpenApi) =>
      Resource.parse((await api.mutate('projects.create', { name: 'sales' })).data),
    change: (n: number) => ({ quota: { instances: n } }),
    nothing: { quota: {} },
  },
  {
    what: 'webhook',
    create: async (api: OpenApi) => {
      const hook = { url: 'https://example.com/hook', kinds: ['instance.running'] }
      const { data } = await api.mutate('webhooks.create', hook)
      return z.object({ webhook: Resource }).parse(data).webhook
    },
    change: (n: number) => ({ url: `https://example.com/hook-${n}` }),
    nothing: { enabled: true },
  },
]

test.for(resources)('a $what is changed and deleted only while it is as its etag says', async (resource) => {
  await using api = await openApi()
  const { id, etag } = await resource.create(api)
  const [all, path] = [`${resource.what}s`, `/${resource.what}s/${id}`]
  const update = (n: number, expected: string) =>
    api.mutate(`${all}.update`, { id, etag: expected, ...resource.change(n) })

  const attempts = await Promise.all([1, 2, 3, 4].map((n) => update(n, etag)))
  expect(attempts.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412])
  expect(await update(5, etag)).toMatchObject(stale)
  expect(await api.mutate(`${all}.delete`, { id, etag })).toMatchObject(stale)

  const read = await rest(api, 'GET', path)
  const now = Resource.parse(await read.json()).etag
  expect(now).not.toBe(etag)
  expect(read.headers.get('etag')).toBe(`"${now}"`)
  expect((await rest(api, 'PATCH', path, `"${etag}"`, resource.change(6))).status).toBe(412)
  const changed = await rest(api, 'PATCH', path, `"${now}"`, resource.change(6))
  expect(changed.status).toBe(200)
  expect((await rest(api, 'DELETE', path, `"${now}"`)).status).toBe(412)
  expect((await rest(api, 'DELETE', path, `"${etag}", "${now}"`)).status).toBe(412)
  expect((await rest(api, 'DELETE', path, `"${now}", ${changed.headers.get('etag')}`)).status).toBe(200)
})

test.for(resources)('a $what that a change leaves as it is keeps its etag', async (resource) => {
  await using api = await openApi()
  const { id } = await resource.create(api)
  const update = async (change: object) =>
    Resource.parse((await api.mutate(`${resource.what}s.update`, { id, ...change })).data)
  const changed = await update(resource.change(1))
  const audits = await api.domain.sql`select id from audit_log`
  expect(await update(resource.change(1))).toEqual(changed)
  expect(await update(resource.nothing)).toEqual(changed)
  expect(await api.domain.sql`select id from audit_log`).toEqual(audits)
  expect((await update(resource.change(2))).etag).not.toBe(changed.etag)
})

test.for(['W/"%"', 'W/"%", "other"'])('an If-Match of %s, which is weak, is never met', async (ifMatch) => {
  await using api = await openApi()
  const project = Resource.parse((await api.mutate('projects.create', { name: 'sales' })).data)
  const path = `/projects/${project.id}`
  const change = (value: string) =>
    rest(api, 'PATCH', path, value.replace('%', project.etag), { quota: { instances: 3 } })
  const refused = await change(ifMatch)
  expect(await refused.json()).toMatchObject({ status: 412, code: 'ETAG_MISMATCH' })
  expect((await change('W/"other", "%"')).status).toBe(200)
})
