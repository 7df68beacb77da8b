import { Instance, InstanceId, type InstanceIdOrName } from '@toygres/schema'
import type { Row, Sql } from 'postgres'
import { GatheredReads } from '../database/gathered-reads.ts'
import { untilAborted } from '../database/until-aborted.ts'
import { instanceColumns, type InProject } from './rows.ts'

interface Wanted extends InProject {
  readonly idOrName: InstanceIdOrName
}

/** Finds single instances: those that many ask for at the same moment, by one statement. */
export class InstanceReads {
  readonly #by: Readonly<Record<'id' | 'name', GatheredReads<Wanted, Row>>>

  constructor(sql: Sql) {
    const readBy = (column: 'id' | 'name') =>
      new GatheredReads<Wanted, Row>((wanted, signal) => readAll(untilAborted(sql, signal), wanted, column))
    this.#by = { id: readBy('id'), name: readBy('name') }
  }

  /** By id whatever its state; by name only while it is not deleted, since the name is free again then. */
  async find(
    { projectId }: InProject,
    idOrName: InstanceIdOrName,
    signal: AbortSignal,
  ): Promise<Instance | null> {
    const column = InstanceId.safeParse(idOrName).success ? 'id' : 'name'
    const row = await this.#by[column].ask({ projectId, idOrName }, signal)
    return row === undefined ? null : Instance.parse(row)
  }
}

/** Each by an index, however few instances PostgreSQL thinks that there are: it keeps to that for the `limit`. */
async function readAll(
  sql: Sql,
  wanted: readonly Wanted[],
  column: 'id' | 'name',
): Promise<(Row | undefined)[]> {
  const distinct = [...new Map(wanted.map((one) => [nameOf(one.projectId, one.idOrName), one])).values()]
  const is =
    column === 'id'
      ? sql`i.id = wanted.id_or_name::uuid`
      : sql`i.name = wanted.id_or_name and i.state <> 'deleted'`
  const rows = await sql`
    select found.*
    from unnest(${distinct.map(({ projectId }) => projectId)}::uuid[], ${distinct.map(({ idOrName }) => idOrName)}::text[])
      as wanted (project_id, id_or_name)
    cross join lateral (
      select ${instanceColumns(sql)} from instances i where i.project_id = wanted.project_id and ${is} limit 1
    ) found`
  const found = new Map(rows.map((row) => [nameOf(row['projectId'], row[column]), row]))
  return wanted.map(({ projectId, idOrName }) => found.get(nameOf(projectId, idOrName)))
}

const nameOf = (projectId: string, idOrName: string): string => `${projectId}/${idOrName}`
