import { appendFile, readFile } from 'node:fs/promises'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { openDomain } from '../harness/domain/index.ts'
import { until } from '../harness/until.ts'
import { driftOf, passNow } from './looking.ts'

test('what no watch tells of is found and put back all the same, by a comparison that comes again and again', async () => {
  await using domain = await openDomain({
    through: (provider) => ({ ...provider, watch: async () => ({ [Symbol.asyncDispose]: async () => {} }) }),
  })
  const id = await domain.created('edited')
  const file = `${domain.home}/instances/${id}/data/postgresql.conf`
  const before = await readFile(file, 'utf8')
  await appendFile(file, "work_mem = '1MB'\n")
  await until(async () => (await driftOf(domain, id)).length === 1)
  await until(async () => (await readFile(file, 'utf8')) === before)
  expect(await driftOf(domain, id)).toMatchObject([{ kind: 'spec-changed', repairs: 1 }])
})

test('what has been found and is over is kept for a month', async () => {
  await using domain = await openDomain()
  const id = await domain.created('orders')
  const [young, old] = [newId(), newId()]
  await domain.sql`
    insert into drift (id, kind, instance_id, instance_name, provider, detail, resolved_at)
    select r.id, 'server-down', ${id}, 'orders', 'local', 'it died', now() - r.days * interval '1 day'
    from (values (${young}::uuid, 29), (${old}::uuid, 31)) as r (id, days)`
  await passNow(domain)
  expect((await driftOf(domain, id)).map((drift) => drift.id)).toEqual([young])
})
