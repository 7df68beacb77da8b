import { Project, ProjectId, ToygresError, type Principal, type ProjectIdOrName } from '@toygres/schema'
import type { ISql } from 'postgres'
import { etagColumn } from '../etag.ts'

const columns = (sql: ISql) => sql`
  p.id, p.name, ${etagColumn(sql)} as etag, jsonb_build_object('instances', p.max_instances, 'operations', p.max_operations) as quota,
  jsonb_build_object(
    'instances', (select count(*) from instances i where i.project_id = p.id and i.state <> 'deleted'),
    'operations', (select count(*) from operations o where o.project_id = p.id and o.ended_at is null)) as usage,
  p.created_at as "createdAt", p.updated_at as "updatedAt"`

/** Those that the principal may know of: its own; or all, for one of the system. */
const known = (sql: ISql, { system, projectId }: Principal) =>
  sql`p.deleted_at is null ${system ? sql`` : sql`and p.id = ${projectId}`}`

const matching = (sql: ISql, idOrName: ProjectIdOrName) =>
  ProjectId.safeParse(idOrName).success ? sql`p.id = ${idOrName}` : sql`p.name = ${idOrName}`

export async function getProject(
  sql: ISql,
  principal: Principal,
  idOrName: ProjectIdOrName,
): Promise<Project> {
  const [row] = await sql`
    select ${columns(sql)} from projects p where ${known(sql, principal)} and ${matching(sql, idOrName)}`
  if (row === undefined) throw projectNotFound(idOrName)
  return Project.parse(row)
}

/** Newest first. */
export async function listProjects(
  sql: ISql,
  principal: Principal,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Project[]> {
  const rows = await sql`
    select ${columns(sql)} from projects p
    where ${known(sql, principal)} ${before === undefined ? sql`` : sql`and p.id < ${before}`}
    order by p.id desc limit ${limit}`
  return rows.map((row) => Project.parse(row))
}

/** Locked until the transaction ends: nothing is added to it meanwhile. */
export async function lockProject(tx: ISql, idOrName: ProjectIdOrName): Promise<{ id: ProjectId }> {
  const [row] = await tx<{ id: ProjectId }[]>`
    select p.id from projects p where p.deleted_at is null and ${matching(tx, idOrName)} for no key update`
  if (row === undefined) throw projectNotFound(idOrName)
  return row
}

/**
 * Kept from being deleted until the transaction ends, which holds up nobody else who adds to it.
 * @throws {ToygresError} PROJECT_NOT_FOUND
 */
export async function keepProject(tx: ISql, id: ProjectId): Promise<void> {
  const kept = await tx`select from projects where id = ${id} and deleted_at is null for share`
  if (kept.length === 0) throw projectNotFound(id)
}

export const projectNotFound = (idOrName: ProjectIdOrName): ToygresError =>
  new ToygresError(
    'PROJECT_NOT_FOUND',
    `there is no project ${idOrName} that you may act in; "toygres projects list" shows those that there are`,
  )
