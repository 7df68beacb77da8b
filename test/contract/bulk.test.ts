import { ProviderError, type InstanceProvider } from '@toygres/providers'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { alice } from '../harness/domain/index.ts'
import { openApi, type Answer } from './open-api.ts'

const bob = { ...alice, subject: 'bob' }
const carol = { ...alice, subject: 'carol' }

/** Instances of the herd are not made: each waits until it is let go, and has failed then. Others are real. */
function herdOn(provider: InstanceProvider) {
  const waiting: (() => void)[] = []
  let free = false
  const through: InstanceProvider = {
    ...provider,
    async ensure(spec, options) {
      if (!spec.name.startsWith('herd-')) return provider.ensure(spec, options)
      if (!free) await new Promise<void>((resolve) => waiting.push(resolve))
      throw new ProviderError('START_FAILED', 'nobody makes a herd', { permanent: true })
    },
  }
  return {
    through,
    waiting: () => waiting.length,
    letGo: (count: number) => waiting.splice(0, count).forEach((go) => go()),
    letAllGo() {
      free = true
      waiting.splice(0).forEach((go) => go())
    },
  }
}

test('five hundred at once are accepted, each with its operation, and do not keep another caller’s one from being made', async () => {
  let herd: ReturnType<typeof herdOn> | undefined
  await using api = await openApi({ through: (provider) => (herd = herdOn(provider)).through })
  const { plane, sql } = api.domain
  const items = Array.from({ length: 500 }, (_, n) => ({ name: `herd-${n}`, version: '18' as const }))
  const { results } = await plane.instances.createMany(bob, { items, idempotencyKey: 'herd' })
  expect(results.filter((result) => 'error' in result)).toEqual([])
  const operations = new Set(
    results.flatMap((result) => ('operation' in result ? [result.operation.id] : [])),
  )
  expect(operations.size).toBe(500)
  expect(results.map((result) => ('instance' in result ? result.instance.name : null))).toEqual(
    items.map(({ name }) => name),
  )

  // Every place of the provider is taken, and hundreds wait before her.
  await expect.poll(() => herd?.waiting()).toBe(32)
  const { operation } = await plane.instances.create(carol, { name: 'hers', version: '18' })
  herd?.letGo(1)
  expect(await api.domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  const [left] = await sql<{ n: number }[]>`
    select count(*)::integer as n from operations where requested_by = 'bob' and ended_at is null`
  expect(left?.n).toBeGreaterThan(450)

  // What is sent again is what was answered, whatever has become of it.
  expect(await plane.instances.createMany(bob, { items, idempotencyKey: 'herd' })).toEqual({ results })
  expect(await sql`select from idempotency_keys where key = 'herd'`).toHaveLength(1)

  herd?.letAllGo()
  const gone = await plane.instances.deleteMany(bob, { items: items.map(({ name }) => ({ id: name })) })
  expect(gone.results.filter((result) => 'error' in result)).toEqual([])
  for (const result of gone.results)
    if ('operation' in result) expect((await api.domain.ended(result.operation.id)).state).toBe('succeeded')
  expect(await plane.instances.list(alice, { limit: 1000, includeDeleted: false })).toMatchObject({
    items: [{ name: 'hers' }],
  })
})

test('five hundred at once in one project do not keep another project’s one from being made, whoever asks for it', async () => {
  let herd: ReturnType<typeof herdOn> | undefined
  await using api = await openApi({ through: (provider) => (herd = herdOn(provider)).through })
  const { plane, sql, ended } = api.domain
  const { id: projectId } = await plane.projects.create(alice, { name: 'neighbours' })
  const items = Array.from({ length: 500 }, (_, n) => ({ name: `herd-${n}`, version: '18' as const }))
  await plane.instances.createMany(alice, { items })
  await expect.poll(() => herd?.waiting()).toBe(32)

  // By a key of its own, and by the very key of the system that asked for the five hundred.
  const askers = { theirs: { ...carol, projectId, system: false }, ours: { ...alice, projectId } }
  for (const [name, asker] of Object.entries(askers)) {
    const { operation } = await plane.instances.create(asker, { name, version: '18' })
    herd?.letGo(1)
    expect(await ended(operation.id, asker)).toMatchObject({ state: 'succeeded' })
  }
  const [left] = await sql<{ n: number }[]>`
    select count(*)::integer as n from operations where project_id = ${alice.projectId} and ended_at is null`
  expect(left?.n).toBeGreaterThan(450)
  herd?.letAllGo()
  await expect.poll(() => sql`select from operations where ended_at is null`).toHaveLength(0)
})

const resultsOf = ({ data }: Answer) => z.object({ results: z.array(z.unknown()) }).parse(data).results

test('each item has its own result, in order, and one that is refused is no harm to the others', async () => {
  await using api = await openApi()
  const kept = await api.domain.created('kept')
  const created = await api.mutate('instances.createMany', {
    items: [{ name: 'one' }, { name: 'kept' }, { name: 'one' }, { name: 'two', labels: { a: 'b' } }],
  })
  expect(created.status).toBe(200)
  expect(resultsOf(created)).toMatchObject([
    { instance: { name: 'one' }, operation: { workflow: 'create-instance' } },
    { error: { code: 'INSTANCE_NAME_TAKEN', retryable: false } },
    { error: { code: 'INSTANCE_NAME_TAKEN', activeOperationId: expect.any(String) as string } },
    { instance: { name: 'two', labels: { a: 'b' } } },
  ])
  const deleted = await api.mutate('instances.deleteMany', {
    items: [{ id: kept, etag: 'stale' }, { id: 'nobody' }, { id: 'one' }, { id: 'two' }],
  })
  expect(resultsOf(deleted)).toMatchObject([
    { error: { code: 'ETAG_MISMATCH' } },
    { error: { code: 'INSTANCE_NOT_FOUND' } },
    { operation: { workflow: 'delete-instance' } },
    { operation: { workflow: 'delete-instance' } },
  ])
})

test('a call that was cut short goes on where it was when it is sent again', async () => {
  await using api = await openApi()
  const { domain } = api
  const items = ['a', 'b', 'c'].map((name) => ({ name }))
  const call = (timeout?: string) =>
    api.mutate(
      'instances.createMany',
      { items, idempotencyKey: 'cut' },
      timeout === undefined ? {} : { headers: { 'x-request-timeout': timeout } },
    )
  await domain.sql.begin(async (tx) => {
    // Somebody else makes the second one, and has not committed: the call waits for that, until its time is up.
    await tx`insert into instances (id, project_id, name, version, provider)
      values (gen_random_uuid(), ${alice.projectId}, 'b', '18', 'local')`
    expect(await call('0.5')).toMatchObject({ status: 504 })
    expect(await domain.sql`select from instances where name = 'a'`).toHaveLength(1)
    await tx`delete from instances where name = 'b'`
  })
  // What the abandoned call still holds is let go of a moment later.
  await expect.poll(async () => (await call()).status).toBe(200)
  const { results } = z
    .object({ results: z.array(z.object({ instance: z.object({ name: z.string() }) })) })
    .parse((await call()).data)
  expect(results.map(({ instance }) => instance.name)).toEqual(['a', 'b', 'c'])
  expect(await domain.sql`select from instances`).toHaveLength(3)
})

test('a caller’s third call about many is told to come again, and takes nothing from others', async () => {
  await using api = await openApi()
  const { domain } = api
  const [loud, quiet] = [await api.key(), await api.key()]
  const many = (name: string, key: string) =>
    api.mutate('instances.createMany', { items: [{ name }] }, { key })
  const underWay = await domain.sql.begin(async (tx) => {
    await tx`lock table audit_log in exclusive mode`
    const calls = [many('one', loud), many('two', loud)]
    await domain.blocked(2)
    const third = await many('three', loud)
    expect(third).toMatchObject({ status: 429, error: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } })
    expect(third.headers.get('retry-after')).toBe('1')
    calls.push(many('four', quiet))
    await domain.blocked(3)
    expect(await api.query('instances.list', {}, { key: quiet })).toMatchObject({ status: 200 })
    return { calls }
  })
  for (const { status } of await Promise.all(underWay.calls)) expect(status).toBe(200)
})

test.each([
  ['none', 0],
  ['more than five hundred', 501],
])('%s is refused', async (_, count) => {
  await using api = await openApi()
  const items = Array.from({ length: count }, (_, n) => ({ name: `many-${n}` }))
  expect(await api.mutate('instances.createMany', { items })).toMatchObject({
    status: 400,
    error: { code: 'INVALID_INPUT', errors: [{ path: 'items' }] },
  })
})
