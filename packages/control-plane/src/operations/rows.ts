import { ToygresError, type Operation, type Principal } from '@toygres/schema'
import { isDone, readOperation, type OperationRecord } from '@toygres/workflow'
import type { ISql } from 'postgres'
import { subjectNames } from '../access/known-keys.ts'
import { runFor } from './machines.ts'

const toOperation = (
  { id, projectId, workflow, resourceId, state, steps, error, requestedBy, ...times }: OperationRecord,
  { resourceName, requestedByName }: Names,
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
  requestedByName,
  createdAt: times.createdAt,
  startedAt: times.startedAt,
  retriedAt: times.retriedAt,
  endedAt: times.endedAt,
})

/** With the names of what they are about, and of who asked for them. */
export async function toOperations(
  sql: ISql,
  reader: Principal,
  records: readonly OperationRecord[],
): Promise<Operation[]> {
  const namesOf = await readNames(sql, reader, records)
  return records.map((record) => toOperation(record, namesOf(record), reader))
}

type Named = Pick<OperationRecord, 'resourceId' | 'requestedBy'>
type Names = Pick<Operation, 'resourceName' | 'requestedByName'>

export async function readNames(
  sql: ISql,
  reader: Principal,
  records: readonly Named[],
): Promise<(record: Named) => Names> {
  const [instances, subjects] = await Promise.all([
    instanceNames(sql, records),
    subjectNames(
      sql,
      reader,
      records.map(({ requestedBy }) => requestedBy),
    ),
  ])
  return ({ resourceId, requestedBy }) => ({
    resourceName: instances.get(resourceId) ?? null,
    requestedByName: subjects.get(requestedBy) ?? null,
  })
}

async function instanceNames(
  sql: ISql,
  records: readonly Pick<Named, 'resourceId'>[],
): Promise<Map<string, string>> {
  const ids = [...new Set(records.map(({ resourceId }) => resourceId))]
  if (ids.length === 0) return new Map()
  const rows = await sql<
    { id: string; name: string }[]
  >`select id, name from instances where id = any(${ids}::uuid[])`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** One of no project is the system's, and there for whoever acts for that. */
export async function getOperation(sql: ISql, reader: Principal, id: string): Promise<Operation> {
  const { projectId, system } = reader
  const record = await readOperation(sql, id)
  if (record === null || (record.projectId === null ? !system : record.projectId !== projectId))
    throw operationNotFound(id)
  const namesOf = await readNames(sql, reader, [record])
  return toOperation(record, namesOf(record), reader)
}

export const operationNotFound = (id: string): ToygresError =>
  new ToygresError(
    'OPERATION_NOT_FOUND',
    `there is no operation ${id}; "toygres ops list" shows those that exist`,
  )
