import { Instance, InstanceId, ToygresError, type InstanceIdOrName, type ProjectId } from '@toygres/schema'
import type { ISql } from 'postgres'
import { etagColumn } from '../etag.ts'

export const instanceColumns = (sql: ISql) => sql`
  i.id, i.project_id as "projectId", i.name, ${etagColumn(sql)} as etag, i.labels, i.state, i.state_reason as "stateReason",
  i.health_status as "healthStatus",
  case when i.state = 'stopped' then 'stopped' else (select h.reason from instance_health h where h.instance_id = i.id) end
    as "healthReason",
  (select h.checked_at from instance_health h where h.instance_id = i.id) as "healthCheckedAt",
  i.health_check_interval_s as "healthCheckIntervalSeconds", i.version, i.provider, i.host, i.port,
  (select o.id from operations o where o.resource_id = i.id and o.ended_at is null order by o.after_operation desc nulls last limit 1)
    as "activeOperationId",
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.deleted_at as "deletedAt"`

/** As text: what the driver makes of an object depends on types that it does not fetch. */
export const labelsJson = (sql: ISql, labels: Instance['labels']) =>
  sql`${JSON.stringify(labels)}::text::jsonb`

/** What is asked for is looked for in one project: in any other it is not there. */
export interface InProject {
  readonly projectId: ProjectId
}

/** By id whatever its state; by name only while it is not deleted, since the name is free again then. */
const matching = (sql: ISql, { projectId }: InProject, idOrName: InstanceIdOrName) =>
  InstanceId.safeParse(idOrName).success
    ? sql`i.id = ${idOrName} and i.project_id = ${projectId}`
    : sql`i.project_id = ${projectId} and i.name = ${idOrName} and i.state <> 'deleted'`

export async function findInstance(
  sql: ISql,
  where: InProject,
  idOrName: InstanceIdOrName,
): Promise<Instance | null> {
  const [row] =
    await sql`select ${instanceColumns(sql)} from instances i where ${matching(sql, where, idOrName)}`
  return row === undefined ? null : Instance.parse(row)
}

export async function getInstance(
  sql: ISql,
  where: InProject,
  idOrName: InstanceIdOrName,
): Promise<Instance> {
  const instance = await findInstance(sql, where, idOrName)
  if (instance === null) throw await instanceNotFound(sql, where, idOrName)
  return instance
}

/** Why there is none: it may have been deleted. */
export async function instanceNotFound(
  sql: ISql,
  where: InProject,
  idOrName: InstanceIdOrName,
): Promise<ToygresError> {
  return notFound(idOrName, await lastDeleted(sql, where, idOrName))
}

/**
 * Locked until the transaction ends: who changes an instance does so one after the other. Its key never changes: who only refers to it
 * (see schedule.ts) is not waited for, and may wait for us.
 */
export async function lockInstance(
  tx: ISql,
  where: InProject,
  idOrName: InstanceIdOrName,
): Promise<Instance> {
  const [row] =
    await tx`select ${instanceColumns(tx)} from instances i where ${matching(tx, where, idOrName)} for no key update`
  if (row === undefined) throw notFound(idOrName)
  return Instance.parse(row)
}

export interface InstanceFilter extends InProject {
  readonly includeDeleted: boolean
  /** Only those that are older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listInstances(
  sql: ISql,
  { projectId, includeDeleted, before, limit }: InstanceFilter,
): Promise<Instance[]> {
  const rows = await sql`
    select ${instanceColumns(sql)} from instances i
    where i.project_id = ${projectId} ${includeDeleted ? sql`` : sql`and i.state <> 'deleted'`} ${before === undefined ? sql`` : sql`and i.id < ${before}`}
    order by i.id desc limit ${limit}`
  return rows.map((row) => Instance.parse(row))
}

/** In no order; what is not there is left out. */
export async function listInstancesByIds(sql: ISql, ids: readonly string[]): Promise<Instance[]> {
  const rows = await sql`select ${instanceColumns(sql)} from instances i where i.id = any(${ids}::uuid[])`
  return rows.map((row) => Instance.parse(row))
}

/** A deleted instance has given its name away: only its id finds what happened to it. */
async function lastDeleted(
  sql: ISql,
  { projectId }: InProject,
  name: InstanceIdOrName,
): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from instances where project_id = ${projectId} and name = ${name} and state = 'deleted' order by id desc limit 1`
  return row?.id ?? null
}

function notFound(idOrName: InstanceIdOrName, deletedId: string | null = null): ToygresError {
  const hint =
    deletedId === null
      ? '"toygres list" shows those that exist'
      : `it was deleted, and is found by its id only: ${deletedId}`
  return new ToygresError('INSTANCE_NOT_FOUND', `there is no instance ${idOrName}; ${hint}`)
}
