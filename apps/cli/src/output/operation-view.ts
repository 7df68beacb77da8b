import type { Operation, OperationStep } from '@toygres/sdk'
import { formatAge, formatDuration } from '../duration.ts'
import { serverNow } from '../server-clock.ts'
import type { Kind } from './kind.ts'
import { styleOfOperation, styleOfStep } from './states.ts'
import { fields, optional, table, type Field } from './table.ts'

interface Span {
  startedAt: Date | null
  endedAt: Date | null
}

const durationOf = ({ startedAt, endedAt }: Span): string | null =>
  startedAt === null ? null : formatDuration((endedAt?.getTime() ?? serverNow()) - startedAt.getTime())

/** One that was tried again takes as long as it has since. */
const durationOfOperation = ({ startedAt, retriedAt, endedAt }: Operation): string | null =>
  durationOf({ startedAt: retriedAt ?? startedAt, endedAt })

/** Its own, and that of its undo, which may have been long after. */
function durationOfStep({ undo, ...step }: OperationStep): string | null {
  const took = durationOf(step)
  return undo ? `${took ?? '-'}, undo ${durationOf(undo)}` : took
}

const busy = new Set<OperationStep['state']>(['running', 'waiting', 'retrying', 'undoing'])

function stepAt({ done, steps }: Operation): OperationStep | undefined {
  if (done) return undefined
  return steps.find(({ state }) => busy.has(state)) ?? steps.find(({ state }) => state === 'pending')
}

/** The one that it is at; of one that has ended, none. */
export const currentStep = (operation: Operation): string | null => stepAt(operation)?.name ?? null

/** The step that it is at and, in a few words, what keeps it there. */
export function whatItIsAt(operation: Operation): string {
  const step = stepAt(operation)
  if (step === undefined) return operation.error?.message ?? operation.state
  const { name, state, run, waitingFor, error } = step
  if (run !== null) return `${name} runs for ${formatAge(run.since)}`
  const why = waitingFor ?? operation.error?.message ?? error?.message
  return why === undefined ? `${name} ${state}` : `${name} ${state}: ${why}`
}

/** Who runs the step that it is at, and what that waits for and until when: it still does while it is looked for again. */
function whereabouts(operation: Operation): Field[] {
  const { run = null, waitingFor = null, until = null } = stepAt(operation) ?? {}
  return [
    ...optional('runs', run && run.host === null ? `for ${formatAge(run.since)}` : null),
    ...optional(
      'runs on',
      run && run.host !== null ? `${run.host} (process ${run.pid}), for ${formatAge(run.since)}` : null,
    ),
    ...optional('waits for', waitingFor),
    ...optional('until', until && until.toISOString()),
  ]
}

/** By the name of their key, where that may be known. */
export const whoAsked = ({
  requestedBy,
  requestedByName,
}: Pick<Operation, 'requestedBy' | 'requestedByName'>): string => requestedByName ?? requestedBy

const inWords = ({ code, message }: { code: string; message: string }): string => `${code}: ${message}`

/** What made it fail, or what the step that it is at fails with. */
function errorOf(operation: Operation): string | null {
  const at = stepAt(operation)
  const error = operation.error ?? at?.undo?.error ?? at?.error
  return error ? inWords(error) : null
}

/** With how often its undo was tried. */
const attemptsOf = ({ attempt, undo }: OperationStep): string | number =>
  undo ? `${attempt}, undo ${undo.attempt}` : attempt

function errorOfStep({ error, undo }: OperationStep): string | null {
  const failures = [error?.message, undo?.error && `undo: ${undo.error.message}`]
  return failures.filter(Boolean).join('; ') || null
}

/** What is told of it where it is not what was asked for, but what is done to that. */
export function operationFields(operation: Operation): Field[] {
  const step = stepAt(operation)
  return [
    [
      'workflow',
      `${operation.workflow}, requested ${formatAge(operation.createdAt)} ago by ${whoAsked(operation)}`,
    ],
    ['step', step ? `${step.name} ${step.state}` : operation.state],
    ...optional('error', errorOf(operation)),
    ...whereabouts(operation),
  ]
}

export const operationKind: Kind<Operation> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'WORKFLOW', cell: ({ workflow }) => workflow },
    { title: 'STATE', cell: ({ state }) => state, style: styleOfOperation },
    { title: 'DURATION', cell: durationOfOperation },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'INSTANCE', cell: ({ resourceName }) => resourceName },
    { title: 'INSTANCE-ID', cell: ({ resourceId }) => resourceId, extra: true },
    { title: 'STEP', cell: currentStep, extra: true },
    { title: 'WAITS-FOR', cell: (operation) => stepAt(operation)?.waitingFor ?? null, extra: true },
    { title: 'UNTIL', cell: (operation) => stepAt(operation)?.until?.toISOString() ?? null, extra: true },
    { title: 'REQUESTED-BY', cell: whoAsked, extra: true },
    { title: 'ERROR', cell: errorOf, extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}

export function operationView(operation: Operation): string {
  const { error, retriedAt } = operation
  const head = fields([
    ['id', operation.id],
    ['workflow', operation.workflow],
    ['instance', operation.resourceName],
    ['instance id', operation.resourceId],
    ['state', operation.state, styleOfOperation(operation)],
    ...optional('error', error && inWords(error)),
    ...optional('left over', error && error.leftovers.join(', ')),
    ['requested', `${formatAge(operation.createdAt)} ago by ${whoAsked(operation)}`],
    ...optional('tried again', retriedAt && `${formatAge(retriedAt)} ago`),
    ['duration', durationOfOperation(operation)],
    ...whereabouts(operation),
  ])
  const steps = table<OperationStep>(
    [
      { title: 'STEP', cell: ({ name }) => name },
      { title: 'STATE', cell: ({ state }) => state, style: styleOfStep },
      { title: 'ATTEMPTS', cell: attemptsOf },
      { title: 'DURATION', cell: durationOfStep },
      { title: 'ERROR', cell: errorOfStep },
    ],
    operation.steps,
  )
  return `${head}\n\n${steps}`
}
