import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'

let domain: Domain
beforeAll(async () => {
  domain = await openDomain()
})
afterAll(() => domain[Symbol.asyncDispose]())

const create = (name: string, idempotencyKey: string, principal = alice) =>
  domain.plane.instances.create(principal, { name, version: '18', idempotencyKey })

test('a repeated create with the same key is the first one', async () => {
  const first = await create('orders', 'key-1')
  await domain.ended(first.operation.id)
  const second = await create('orders', 'key-1')
  // As it was answered then, whatever has become of it since.
  expect(second).toEqual(first)
})

test('of ten creates with the same key at once one is done, and the others get its answer or are told to wait for it', async () => {
  const calls = await Promise.allSettled(Array.from({ length: 10 }, () => create('crowd', 'key-2')))
  const answers = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []))
  for (const call of calls)
    if (call.status === 'rejected')
      expect(call.reason).toMatchObject({
        code: 'IDEMPOTENCY_KEY_IN_PROGRESS',
        details: { retryAfterSeconds: 1 },
      })
  expect(new Set(answers.map(({ instance }) => instance.id)).size).toBe(1)
  expect(await create('crowd', 'key-2')).toEqual(answers[0])
  expect(await domain.sql`select from instances where name = 'crowd'`).toHaveLength(1)
})

test('the fields of a request may come in another order', async () => {
  const labels = { team: 'billing', tier: 'gold' }
  const first = await domain.plane.instances.create(alice, {
    name: 'ordered',
    version: '18',
    labels,
    idempotencyKey: 'key-5',
  })
  const again = await domain.plane.instances.create(alice, {
    idempotencyKey: 'key-5',
    labels: { tier: 'gold', team: 'billing' },
    version: '18',
    name: 'ordered',
  })
  expect(again).toEqual(first)
})

test('the answer to a new API key is kept, and its secret is not to be read there', async () => {
  const request = { name: 'ci', role: 'viewer' as const, idempotencyKey: 'key-6' }
  const first = await domain.plane.keys.create(alice, request)
  expect(await domain.plane.keys.create(alice, request)).toEqual(first)
  const [kept] = await domain.sql<{ row: string }[]>`
    select encode(answer, 'escape') as row from idempotency_keys where key = 'key-6'`
  expect(kept?.row).not.toContain(first.secret.slice(-43))
})

test('what was refused is not kept: it may succeed another time', async () => {
  await expect(create('crowd', 'key-7')).rejects.toMatchObject({ code: 'INSTANCE_NAME_TAKEN' })
  expect((await create('crowd-2', 'key-7')).instance.name).toBe('crowd-2')
})

test('the same key for something else is refused, and changes nothing', async () => {
  await expect(create('others', 'key-1')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  expect(await domain.sql`select from instances where name = 'others'`).toHaveLength(0)
})

test('keys of different callers do not meet', async () => {
  const bob = { ...alice, subject: 'bob' }
  expect((await create('bobs', 'key-1', bob)).instance.name).toBe('bobs')
})

test('a repeated delete, with a key or without, is the first one', async () => {
  await domain.created('twice')
  const deleted = [
    await domain.plane.instances.delete(alice, { id: 'twice', idempotencyKey: 'key-3' }),
    await domain.plane.instances.delete(alice, { id: 'twice', idempotencyKey: 'key-3' }),
    await domain.plane.instances.delete(alice, { id: 'twice' }),
  ]
  expect(new Set(deleted.map(({ operation }) => operation.id)).size).toBe(1)
})

test('a key of yesterday is forgotten, and may be used again', async () => {
  await create('early', 'key-4')
  await domain.sql`update idempotency_keys set created_at = now() - interval '25 hours' where key = 'key-4'`
  await domain.restart()
  await expect.poll(() => domain.sql`select from idempotency_keys where key = 'key-4'`).toHaveLength(0)
  expect((await create('late', 'key-4')).instance.name).toBe('late')
})

test('a call about many whose key is lost with its connection ends, harms nobody else, and goes on when it is sent again', async () => {
  const items = Array.from({ length: 60 }, (_, n) => ({ name: `many-${n}`, version: '18' as const }))
  const call = () => domain.plane.instances.createMany(alice, { items, idempotencyKey: 'key-many' })
  const lost = call().then(
    () => null,
    (error: unknown) => error,
  )
  await until(async () => (await domain.sql`select from instances where name like 'many-%'`).length > 0)
  // Of all that it has, only what holds the key.
  const ended = await domain.sql`
    select pg_terminate_backend(pid) from pg_stat_activity join pg_locks using (pid)
    where locktype = 'advisory' and application_name = 'toygres' and state = 'idle in transaction'`
  expect(ended).toHaveLength(1)
  expect(await lost).toMatchObject({ code: 'UNAVAILABLE' })
  const reads = Array.from({ length: 50 }, () => domain.plane.instances.get(alice, 'many-0'))
  await Promise.all(reads)

  await expect
    .poll(() => call().then(({ results }) => results.map((result) => 'instance' in result), codeOf))
    .toEqual(items.map(() => true))
  expect(await domain.sql`select from instances where name like 'many-%'`).toHaveLength(60)
  expect(
    await domain.sql`select from operations where workflow = 'create-instance' and input ->> 'name' like 'many-%'`,
  ).toHaveLength(60)
})

const codeOf = (error: unknown) => (error as { code?: unknown }).code
