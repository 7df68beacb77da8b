import type { HealthEvent, OperationHistoryEvent } from '@toygres/sdk'
import { formatDuration } from '../duration.ts'
import type { Kind } from './kind.ts'
import { whoAsked } from './operation-view.ts'
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
  /** Of the execution of a step that ended with it; null where none did. */
  readonly durationMs: number | null
}

export const happeningKind: Kind<Happening> = {
  nameOf: ({ operationId, what }) => operationId ?? what,
  columns: [
    { title: 'AT', cell: ({ at }) => at.toISOString() },
    { title: 'INSTANCE', cell: ({ instance }) => instance },
    { title: 'WHAT', cell: ({ what }) => what },
    { title: 'STEP', cell: ({ step }) => step },
    { title: 'STATE', cell: ({ state }) => state, style: ({ state }) => styleOfHappening(state) },
    // A control plane of before says nothing of it.
    {
      title: 'DURATION',
      cell: ({ durationMs }) => (durationMs == null ? null : formatDuration(durationMs)),
    },
    { title: 'MESSAGE', cell: ({ message }) => message },
    { title: 'OPERATION', cell: ({ operationId }) => operationId, extra: true },
  ],
}

/** An event of an operation; the first of each is that somebody asked for it. */
export const happeningOfOperation = ({
  seq,
  at,
  resourceName: instance,
  workflow: what,
  operationId,
  step,
  state,
  code,
  message,
  durationMs,
  ...asked
}: OperationHistoryEvent): Happening => ({
  at,
  instance,
  what,
  operationId,
  step,
  state: seq === 1 ? 'requested' : state,
  message: seq === 1 ? `by ${whoAsked(asked)}` : code === null ? message : `${code}: ${message ?? ''}`,
  durationMs,
})

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
  durationMs: null,
})
