import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { alice, openDomain } from '../harness/domain/index.ts'

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
