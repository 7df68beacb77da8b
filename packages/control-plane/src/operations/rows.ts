import { ToygresError, type Operation, type Principal } from '@toygres/schema'
import { isDone, readOperation, type OperationRecord } from '@toygres/workflow'
import type { ISql } from 'postgres'
import { runFor } from './machines.ts'

const toOperation = (
  { id, projectId, workflow, resourceId, state, steps, error, requestedBy, ...times }: OperationRecord,
  resourceName: string | null,
  reader: Pick<Principal, 'system'>,
): Operation => ({
  id,
  projectId,
  workflow,
  resourceId,
  resourceName,
  state,
  done: isDone(state),
  steps: steps.map((step) => ({ ...step, run: runFor(reader, step.run) })),
  error: error === null ? null : { ...error, leftovers: [...error.leftovers] },
  requestedBy,
  createdAt: times.createdAt,
  startedAt: times.startedAt,
  retriedAt: times.retriedAt,
  endedAt: times.endedAt,
})

/** With the names of the instances that they are about. */
export async function toOperations(
  sql: ISql,
  reader: Pick<Principal, 'system'>,
  records: readonly OperationRecord[],
): Promise<Operation[]> {
  const names = await instanceNames(sql, records)
  return records.map((record) => toOperation(record, names.get(record.resourceId) ?? null, reader))
}

export async function instanceNames(
  sql: ISql,
  records: readonly Pick<OperationRecord, 'resourceId'>[],
): Promise<Map<string, string>> {
  const ids = [...new Set(records.map(({ resourceId }) => resourceId))]
  if (ids.length === 0) return new Map()
  const rows = await sql<
    { id: string; name: string }[]
  >`select id, name from instances where id = any(${ids}::uuid[])`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** One of no project is the system's, and there for whoever acts for that. */
export async function getOperation(
  sql: ISql,
  { projectId, system }: Pick<Principal, 'projectId' | 'system'>,
  id: string,
): Promise<Operation> {
  const record = await readOperation(sql, id)
  if (record === null || (record.projectId === null ? !system : record.projectId !== projectId))
    throw operationNotFound(id)
  const names = await instanceNames(sql, [record])
  return toOperation(record, names.get(record.resourceId) ?? null, { system })
}

export const operationNotFound = (id: string): ToygresError =>
  new ToygresError(
    'OPERATION_NOT_FOUND',
    `there is no operation ${id}; "toygres ops list" shows those that exist`,
  )
