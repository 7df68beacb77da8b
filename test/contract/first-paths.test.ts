import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { alice, gate } from '../harness/domain/index.ts'
import { mutations } from './mutations.ts'
import { openApi, type OpenApi } from './open-api.ts'

/** What callers of the first Toygres have always used, at exactly these paths. */

/** Holds a creation for long enough to be called off. */
const held = gate('step.before-body', { armed: false })

let api: OpenApi
let key: string
beforeAll(async () => {
  api = await openApi({ reach: held.reach })
  key = await api.key()
})
afterAll(() => api[Symbol.asyncDispose]())

const Accepted = z.object({
  instance: z.looseObject({ id: z.string(), state: z.string() }),
  operation: z.looseObject({ id: z.string(), done: z.boolean() }),
})

async function ask(line: string, body?: object) {
  const [method = '', path = ''] = line.split(' ')
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { response, status: response.status, body: await response.json() }
}

function expectAccepted({ response, status, body }: Awaited<ReturnType<typeof ask>>) {
  const { instance, operation } = Accepted.parse(body)
  expect(status).toBe(202)
  expect(response.headers.get('location')).toBe(`/operations/${operation.id}`)
  expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  return { instance, operation }
}

test('an instance is made, listed, read and deleted at the paths of old, and its operations are read there', async () => {
  const { instance, operation } = expectAccepted(await ask('POST /instances', { name: 'orders' }))
  expect(instance).toMatchObject({ name: 'orders', state: 'creating' })
  expect((await api.domain.ended(operation.id)).state).toBe('succeeded')

  expect(await ask('GET /instances')).toMatchObject({ status: 200, body: { items: [{ id: instance.id }] } })
  for (const name of [instance.id, 'orders'])
    expect(await ask(`GET /instances/${name}`)).toMatchObject({ status: 200, body: { state: 'running' } })
  expect(await ask(`GET /operations/${operation.id}`)).toMatchObject({
    status: 200,
    body: { id: operation.id, state: 'succeeded', done: true },
  })

  const deletion = expectAccepted(await ask(`DELETE /instances/${instance.id}`))
  expect((await api.domain.ended(deletion.operation.id, alice)).state).toBe('succeeded')
  expect(await ask(`GET /instances/${instance.id}`)).toMatchObject({
    status: 200,
    body: { state: 'deleted' },
  })
})

test('GET /health needs no key, and the others do', async () => {
  const health = await fetch(`${api.url}/health`)
  expect(health.status).toBe(200)
  expect(await health.json()).toMatchObject({ status: expect.any(String) as string })
  const others = [
    'POST /instances',
    'GET /instances',
    'GET /instances/orders',
    'DELETE /instances/orders',
    'GET /operations/01a20be1-26f1-7736-a43d-000e0c507de6',
  ]
  for (const line of others) {
    const [method = '', path = ''] = line.split(' ')
    const refused = await fetch(`${api.url}${path}`, { method })
    expect(refused.status, line).toBe(401)
    expect(await refused.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 })
  }
})

test('a cancellation and a retry answer 202 with where to look, as long as there is something to wait for', async () => {
  held.arm()
  const made = expectAccepted(await ask('POST /instances', { name: 'called-off' }))
  await held.arrived
  const path = `/operations/${made.operation.id}`
  const cancelled = await ask(`POST ${path}/cancel`, {})
  expect(cancelled).toMatchObject({ status: 202, body: { id: made.operation.id, state: 'cancelling' } })
  expect(cancelled.response.headers.get('location')).toBe(path)
  expect(cancelled.response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  held.open()
  expect((await api.domain.ended(made.operation.id)).state).toBe('cancelled')

  const { id } = z
    .object({ id: z.string() })
    .parse((await mutations['operations.retry']?.({ domain: api.domain, held }))?.input)
  const retried = await ask(`POST /operations/${id}/retry`, {})
  expect(retried).toMatchObject({ status: 202, body: { id } })
  expect(retried.response.headers.get('location')).toBe(`/operations/${id}`)
  expect(retried.response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
})
