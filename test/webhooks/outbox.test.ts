import { connect } from '@toygres/control-plane'
import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'
import { createTestDatabase } from '../harness/postgres/index.ts'
import { happeningsIn } from './happenings.ts'

test('what happens to an instance is written down for each webhook that asked for it, in order', async () => {
  await using domain = await openDomain()
  const hook = async (kinds: string[], { disabled = false } = {}) => {
    const id = newId()
    await domain.sql`
      insert into webhooks (id, project_id, url, kinds, sealed_secret, disabled_at, disabled_reason)
      values (${id}, ${defaultProjectId}, 'https://example.test', ${kinds}, '',
        ${disabled ? domain.sql`now()` : null}, ${disabled ? 'a test' : null})`
    return id
  }
  const lifecycle = ['creating', 'running', 'deleting', 'deleted'].map((state) => `instance.${state}`)
  const all = await hook([...lifecycle, 'operation.succeeded'])
  const some = await hook(['instance.deleted'])
  const none = await hook(lifecycle, { disabled: true })

  const id = await domain.created('told')
  await domain.ended((await domain.plane.instances.delete(alice, { id })).operation.id)
  const told = async (webhook: string) => {
    const rows = await domain.sql<{ kind: string; resource_id: string }[]>`
      select kind, resource_id from webhook_deliveries where webhook_id = ${webhook} order by seq`
    expect(rows.every(({ resource_id }) => resource_id === id)).toBe(true)
    return rows.map(({ kind }) => kind)
  }
  expect(await told(all)).toEqual([
    'instance.creating',
    'instance.running',
    'operation.succeeded',
    'instance.deleting',
    'instance.deleted',
    'operation.succeeded',
  ])
  expect(await told(some)).toEqual(['instance.deleted'])
  expect(await told(none)).toEqual([])
})

test('of two transactions about one instance, the one that commits first is told first', async () => {
  await using domain = await openDomain()
  await webhookIn(domain, ['instance.failed', 'operation.failed'])
  const id = await domain.created('contended')
  const committed = Promise.withResolvers<void>()
  const written = Promise.withResolvers<void>()
  const later = domain.sql.begin(async (tx) => {
    await tx`update operations set state = 'failed' where resource_id = ${id}`
    written.resolve()
    await committed.promise
  })
  await written.promise
  await domain.sql`update instances set state = 'failed' where id = ${id}`
  committed.resolve()
  await later
  expect(await kindsToldIn(domain)).toEqual(['instance.failed', 'operation.failed'])
})

test('transactions about the same instances, in whatever order, do not stop each other', async () => {
  await using domain = await openDomain()
  await webhookIn(domain, ['instance.failed', 'operation.failed'])
  const [a, b] = await Promise.all([domain.created('one'), domain.created('two')])
  const both = Promise.withResolvers<void>()
  let written = 0
  const change = (instance: string, operationOf: string) =>
    domain.sql.begin(async (tx) => {
      await tx`update instances set state = 'failed' where id = ${instance}`
      await tx`update operations set state = 'failed' where resource_id = ${operationOf}`
      if (++written === 2) both.resolve()
      await both.promise
    })
  await Promise.all([change(a, b), change(b, a)])
  expect((await kindsToldIn(domain)).toSorted()).toEqual([
    'instance.failed',
    'instance.failed',
    'operation.failed',
    'operation.failed',
  ])
})

test("a webhook that is deleted meanwhile is told nothing, and is in nobody's way", async () => {
  await using database = await createTestDatabase()
  await using domain = await openDomain({ database })
  const webhook = await webhookIn(domain, ['instance.creating'])
  const deleting = connect(database.url, { max: 1, applicationName: 'test' })
  const gone = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const deleted = deleting.begin(async (tx) => {
    await tx`delete from webhooks where id = ${webhook}`
    gone.resolve()
    await told.promise
  })
  await gone.promise
  const appeared = happeningsIn(domain.sql).appear('unlucky')
  await domain.blocked()
  told.resolve()
  await Promise.all([deleted, appeared])
  expect(await kindsToldIn(domain)).toEqual([])
  await deleting.end()
})

async function webhookIn({ sql }: Domain, kinds: readonly string[]): Promise<string> {
  const id = newId()
  await sql`
    insert into webhooks (id, project_id, url, kinds, sealed_secret)
    values (${id}, ${defaultProjectId}, 'https://example.test', ${kinds}, '')`
  return id
}

async function kindsToldIn({ sql }: Domain): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`select kind from webhook_deliveries order by seq`
  return rows.map(({ kind }) => kind)
}
