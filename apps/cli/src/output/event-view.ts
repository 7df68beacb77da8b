import type { HealthEvent, Operation } from '@toygres/sdk'
import type { Kind } from './kind.ts'
import { styleOfHappening } from './states.ts'

/** Something that happened: to an operation, to a step of it, or to the health of an instance. */
export interface Happening {
  readonly at: Date
  readonly instance: string | null
  /** The workflow, or `health`. */
  readonly what: string
  readonly operationId: string | null
  /** Null for the operation as a whole, and for health. */
  readonly step: string | null
  readonly state: string
  readonly message: string | null
}

export const happeningKind: Kind<Happening> = {
  nameOf: ({ operationId, what }) => operationId ?? what,
  columns: [
    { title: 'AT', cell: ({ at }) => at.toISOString() },
    { title: 'INSTANCE', cell: ({ instance }) => instance },
    { title: 'WHAT', cell: ({ what }) => what },
    { title: 'STEP', cell: ({ step }) => step },
    { title: 'STATE', cell: ({ state }) => state, style: ({ state }) => styleOfHappening(state) },
    { title: 'MESSAGE', cell: ({ message }) => message },
    { title: 'OPERATION', cell: ({ operationId }) => operationId, extra: true },
  ],
}

/** What its record tells of how it went, oldest first. */
export function happeningsOf(operation: Operation): Happening[] {
  const { id: operationId, workflow: what, resourceName: instance, requestedBy, state, error } = operation
  const happening = (at: Date, step: string | null, state: string, message: string | null): Happening => ({
    at,
    instance,
    what,
    operationId,
    step,
    state,
    message,
  })
  const steps = operation.steps.flatMap((step): Happening[] => {
    const at = step.endedAt ?? step.startedAt
    return at === null ? [] : [happening(at, step.name, step.state, step.error?.message ?? step.waitingFor)]
  })
  const ended = operation.endedAt
  return [
    happening(operation.createdAt, null, 'requested', `by ${requestedBy}`),
    ...steps.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    ...(ended === null ? [] : [happening(ended, null, state, error && `${error.code}: ${error.message}`)]),
  ]
}

export const happeningOfHealth = (
  instance: string,
  { at, status, reason, detail }: HealthEvent,
): Happening => ({
  at,
  instance,
  what: 'health',
  operationId: null,
  step: null,
  state: status,
  message: detail ?? reason,
})
