import type { Operation, OperationStep } from '@toygres/sdk'
import { formatAge, formatDuration } from '../duration.ts'
import type { Kind } from './kind.ts'
import { styleOfOperation, styleOfStep } from './states.ts'
import { fields, optional, table } from './table.ts'

interface Span {
  startedAt: Date | null
  endedAt: Date | null
}

const durationOf = ({ startedAt, endedAt }: Span): string | null =>
  startedAt === null ? null : formatDuration((endedAt ?? new Date()).getTime() - startedAt.getTime())

/** The one that it is at; of one that has ended, none. */
export const currentStep = ({ done, steps }: Operation): string | null =>
  done ? null : (steps.find(({ endedAt }) => endedAt === null)?.name ?? null)

export const operationKind: Kind<Operation> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'WORKFLOW', cell: ({ workflow }) => workflow },
    { title: 'STATE', cell: ({ state }) => state, style: styleOfOperation },
    { title: 'DURATION', cell: durationOf },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'INSTANCE', cell: ({ resourceName }) => resourceName },
    { title: 'INSTANCE-ID', cell: ({ resourceId }) => resourceId, extra: true },
    { title: 'STEP', cell: currentStep, extra: true },
    { title: 'REQUESTED-BY', cell: ({ requestedBy }) => requestedBy, extra: true },
    { title: 'ERROR', cell: ({ error }) => error && `${error.code}: ${error.message}`, extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}

export function operationView(operation: Operation): string {
  const { error } = operation
  const head = fields([
    ['id', operation.id],
    ['workflow', operation.workflow],
    ['instance', operation.resourceName],
    ['instance id', operation.resourceId],
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
