import type { Operation, OperationStep } from '@toygres/sdk'
import { formatAge, formatDuration } from '../duration.ts'
import { styleOfOperation, styleOfStep } from './states.ts'
import { fields, optional, table } from './table.ts'

interface Span {
  startedAt: Date | null
  endedAt: Date | null
}

const durationOf = ({ startedAt, endedAt }: Span): string | null =>
  startedAt === null ? null : formatDuration((endedAt ?? new Date()).getTime() - startedAt.getTime())

export const operationTable = (operations: readonly Operation[]): string =>
  table<Operation>(
    [
      { title: 'ID', cell: ({ id }) => id },
      { title: 'WORKFLOW', cell: ({ workflow }) => workflow },
      { title: 'STATE', cell: ({ state }) => state, style: styleOfOperation },
      { title: 'DURATION', cell: durationOf },
      { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
      { title: 'INSTANCE', cell: ({ resourceId }) => resourceId },
    ],
    operations,
  )

export function operationView(operation: Operation): string {
  const { error } = operation
  const head = fields([
    ['id', operation.id],
    ['workflow', operation.workflow],
    ['instance', operation.resourceId],
    ['state', operation.state, styleOfOperation(operation)],
    ...optional('error', error && `${error.code}: ${error.message}`),
    ...optional('left over', error && error.leftovers.join(', ')),
    ['requested', `${formatAge(operation.createdAt)} ago by ${operation.requestedBy}`],
    ['duration', durationOf(operation)],
  ])
  const steps = table<OperationStep>(
    [
      { title: 'STEP', cell: ({ name }) => name },
      { title: 'STATE', cell: ({ state }) => state, style: styleOfStep },
      { title: 'ATTEMPTS', cell: ({ attempt }) => attempt },
      { title: 'DURATION', cell: durationOf },
      { title: 'ERROR', cell: ({ error: e, waitingFor }) => e?.message ?? waitingFor },
    ],
    operation.steps,
  )
  return `${head}\n\n${steps}`
}
