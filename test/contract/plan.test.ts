import { alice } from '../harness/domain/index.ts'
import { expect, test } from 'vitest'
import { openApi, type OpenApi } from './open-api.ts'

/** How many rows each table has. */
async function sizes({ domain }: OpenApi): Promise<Record<string, number>> {
  const tables = await domain.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'pgboss') order by 1`
  const counted = tables.map(async ({ name }) => {
    const [row] = await domain.sql.unsafe<{ n: number }[]>(`select count(*)::integer as n from ${name}`)
    return [name, row?.n ?? 0] as const
  })
  return Object.fromEntries(await Promise.all(counted))
}

test('a plan of each kind comes in place of the change, writes no row anywhere, and leaves the key unused', async () => {
  await using api = await openApi({
    // Health checks write by themselves.
    probe: () => new Promise(() => {}),
  })
  const id = await api.domain.created('planned')
  await expect
    .poll(async () => (await api.domain.plane.instances.get(alice, id)).activeOperationId)
    .toBeNull()
  const asleep = await api.domain.created('asleep')
  const { operation } = await api.domain.plane.instances.stop(alice, { id: asleep })
  await api.domain.ended(operation?.id ?? '')
  const before = await sizes(api)
  const plans = {
    'instances.create': { name: 'next', idempotencyKey: 'plan-1' },
    'instances.update': { id, labels: { a: 'b' }, idempotencyKey: 'plan-2' },
    'instances.start': { id: asleep, idempotencyKey: 'plan-3' },
    'instances.stop': { id, idempotencyKey: 'plan-4' },
    'instances.delete': { id, idempotencyKey: 'plan-5' },
  }
  for (const [path, input] of Object.entries(plans))
    expect(await api.mutate(path, { ...input, validateOnly: true })).toMatchObject({
      status: 200,
      data: { plan: { steps: expect.any(Array) as unknown, changes: expect.any(Array) as unknown } },
    })
  expect(await sizes(api)).toEqual(before)
  for (const [path, input] of Object.entries(plans))
    expect(await api.mutate(path, input)).toMatchObject({ status: 200, data: { instance: {} } })
})

test('who may not make a change may not have it planned', async () => {
  await using api = await openApi()
  const key = await api.key('viewer')
  expect(await api.mutate('instances.create', { name: 'next', validateOnly: true }, { key })).toMatchObject({
    status: 403,
    error: { code: 'PERMISSION_DENIED' },
  })
})
