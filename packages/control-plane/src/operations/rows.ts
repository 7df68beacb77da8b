import { ToygresError, type Operation, type Principal } from '@toygres/schema'
import { isDone, readOperation, type OperationRecord } from '@toygres/workflow'
import type { ISql } from 'postgres'

export const toOperation = ({
  id,
  projectId,
  workflow,
  resourceId,
  state,
  steps,
  error,
  requestedBy,
  ...times
}: OperationRecord): Operation => ({
  id,
  projectId,
  workflow,
  resourceId,
  state,
  done: isDone(state),
  steps: steps.map((step) => ({ ...step })),
  error: error === null ? null : { ...error, leftovers: [...error.leftovers] },
  requestedBy,
  createdAt: times.createdAt,
  startedAt: times.startedAt,
  endedAt: times.endedAt,
})

/** One of no project is the system's, and there for whoever acts for that. */
export async function getOperation(
  sql: ISql,
  { projectId, system }: Pick<Principal, 'projectId' | 'system'>,
  id: string,
): Promise<Operation> {
  const record = await readOperation(sql, id)
  if (record === null || (record.projectId === null ? !system : record.projectId !== projectId))
    throw operationNotFound(id)
  return toOperation(record)
}

export const operationNotFound = (id: string): ToygresError =>
  new ToygresError(
    'OPERATION_NOT_FOUND',
    `there is no operation ${id}; "toygres ops list" shows those that exist`,
  )
