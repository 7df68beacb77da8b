import { InstanceState, ProviderName } from '@toygres/schema'
import type { ISql, TransactionSql } from 'postgres'
import { z } from 'zod'
import type { KnownInstance } from './finding.ts'

const Row = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  version: z.string(),
  provider: ProviderName,
  state: InstanceState,
  host: z.string().nullable(),
  port: z.int().nullable(),
  activeOperationId: z.string().nullable(),
  lastWorkflow: z.string().nullable(),
})

const columns = (sql: ISql) => sql`
  i.id, i.project_id as "projectId", i.name, i.version, i.provider, i.state, i.host, i.port,
  (select o.id from operations o where o.resource_id = i.id and o.ended_at is null limit 1) as "activeOperationId",
  (select o.workflow from operations o where o.resource_id = i.id order by o.id desc limit 1) as "lastWorkflow"`

/** One statement, so that state and operation are of the same moment. */
export async function readKnown(sql: ISql, ids: readonly string[]): Promise<Map<string, KnownInstance>> {
  if (ids.length === 0) return new Map()
  const rows = await sql`select ${columns(sql)} from instances i where i.id in ${sql(ids)}`
  return new Map(rows.map((row) => Row.parse(row)).map((known) => [known.id, known]))
}

/** The same of one, and it stays so until the transaction ends: health is locked before its instance, as `markDown` does. */
export async function lockKnown(tx: TransactionSql, id: string): Promise<KnownInstance | null> {
  await tx`select from instance_health where instance_id = ${id} for update`
  await tx`select from instances where id = ${id} for no key update`
  return (await readKnown(tx, [id])).get(id) ?? null
}

const pageSize = 500

/** Every instance that is not deleted, a page at a time. */
export async function* knownInstances(sql: ISql): AsyncGenerator<KnownInstance[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await sql`
      select ${columns(sql)} from instances i where i.id > ${after} and i.state <> 'deleted' order by i.id limit ${pageSize}`
    const page = rows.map((row) => Row.parse(row))
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.id
  }
}
