import { may, type Principal } from '@toygres/schema'
import type { ISql, PendingQuery, Row } from 'postgres'

/** Those of the project; for whoever is of the system, also the system's. */
export const knownTo = (
  { projectId, system }: Pick<Principal, 'projectId' | 'system'>,
  sql: ISql,
): PendingQuery<Row[]> => sql`(project_id = ${projectId} ${system ? sql`or project_id is null` : sql``})`

const prefix = 'api-key:'

/**
 * What the keys are called that did something, by who they are where it was done. Of another's key that is told to whoever
 * may look at the keys, and it is one of those.
 */
export async function subjectNames(
  sql: ISql,
  reader: Principal,
  subjects: readonly string[],
): Promise<Map<string, string>> {
  const told = may(reader, 'keys:read') ? subjects : subjects.filter((one) => one === reader.subject)
  const ids = new Set(told.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)))
  if (ids.size === 0) return new Map()
  const rows = await sql<{ id: string; name: string }[]>`
    select id, name from api_keys where id = any(${[...ids]}) and ${knownTo(reader, sql)}`
  return new Map(rows.map(({ id, name }) => [`${prefix}${id}`, name]))
}
