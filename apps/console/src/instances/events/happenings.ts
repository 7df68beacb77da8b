import type { HealthEvent, Operation, OperationState, OperationStep } from '@toygres/sdk'

/** Something that happened: to an operation, to a step of it, or to the health of an instance. */
export interface Happening {
  readonly key: string
  readonly at: Date
  readonly what: string
  readonly operationId: string | null
  readonly step: string | null
  readonly state: OperationState | OperationStep['state'] | HealthEvent['status'] | 'requested'
  readonly message: string | null
  /** Who asked for it, of what says that somebody did. */
  readonly by: string | null
}

export interface Known<Item> {
  readonly items: readonly Item[]
  /** There are older ones, which have not been read. */
  readonly hasMore: boolean
}

/**
 * Both told as one story, newest first. It ends where one of the two has older parts that have not been read: what
 * came before would have gaps.
 */
export function storyOf(operations: Known<Operation>, health: Known<HealthEvent>): Happening[] {
  const from = Math.max(
    startOf(
      operations,
      operations.items.map(({ createdAt }) => createdAt),
    ),
    startOf(
      health,
      health.items.map(({ at }) => at),
    ),
  )
  return [...operations.items.flatMap(ofOperation), ...health.items.map(ofHealth)]
    .filter(({ at }) => at.getTime() >= from)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

function startOf({ hasMore }: Known<unknown>, times: readonly Date[]): number {
  return hasMore ? (times.at(-1)?.getTime() ?? -Infinity) : -Infinity
}

/** Newest first, as all the story: what is of the same moment is told in the order of the workflow. */
function ofOperation(operation: Operation): Happening[] {
  const { id: operationId, workflow: what, requestedBy, state, error, createdAt, endedAt } = operation
  const told = (part: string, at: Date, rest: Pick<Happening, 'state'> & Partial<Happening>): Happening => ({
    key: `${operationId} ${part}`,
    at,
    what,
    operationId,
    step: null,
    message: null,
    by: null,
    ...rest,
  })
  const steps = operation.steps.flatMap((step): Happening[] => {
    const at = step.endedAt ?? step.startedAt
    if (at === null) return []
    const message = step.error?.message ?? (step.waitingFor && `waits for ${step.waitingFor}`)
    return [told(`step ${step.name}`, at, { step: step.name, state: step.state, message })]
  })
  return [
    told('requested', createdAt, { state: 'requested', by: requestedBy }),
    ...steps,
    ...(endedAt === null ? [] : [told('ended', endedAt, { state, message: error?.message ?? null })]),
  ].toReversed()
}

function ofHealth({ id, at, status, detail, reason }: HealthEvent): Happening {
  return {
    key: `health ${id}`,
    at,
    what: 'health',
    operationId: null,
    step: null,
    state: status,
    message: detail ?? reason,
    by: null,
  }
}
