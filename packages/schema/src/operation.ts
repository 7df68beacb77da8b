import { z } from 'zod'
import { OperationId } from './ids.ts'
import { ProjectId } from './project.ts'

export const OperationState = z
  .enum(['queued', 'running', 'cancelling', 'undoing', 'parked', 'succeeded', 'failed', 'cancelled'])
  .meta({ id: 'OperationState' })
export type OperationState = z.infer<typeof OperationState>

export const StepState = z
  .enum(['pending', 'running', 'waiting', 'retrying', 'succeeded', 'failed', 'undoing', 'undone'])
  .meta({ id: 'StepState' })
export type StepState = z.infer<typeof StepState>

/** What went wrong inside an operation: `code` is stable, `message` says what to do about it. */
export const OperationError = z
  .object({
    code: z.string(),
    message: z.string(),
    step: z.string().nullable(),
    /** Steps whose effects could not be undone; the reconciler keeps at them. */
    leftovers: z.array(z.string()),
  })
  .meta({ id: 'OperationError' })
export type OperationError = z.infer<typeof OperationError>

const Failure = z.object({ code: z.string(), message: z.string() })

/** One step of an operation as seen now. */
export const OperationStep = z
  .object({
    name: z.string(),
    state: StepState,
    /** Executions that counted, with the one that is under way: a step that polls (`waiting`) is in one until it has ended. */
    attempt: z.int().min(0),
    /** What it waits for: what the step says itself, a free worker, room in a limit, another operation, a person. */
    waitingFor: z.string().nullable(),
    /** When a waiting or retrying step runs again. */
    until: z.date().nullable(),
    /** What its last attempt failed with. */
    error: Failure.nullable(),
    /** When its first attempt began. */
    startedAt: z.date().nullable(),
    /** When it had succeeded, or failed for good. */
    endedAt: z.date().nullable(),
    /** Who runs it, or its undo, now, and since when; null while nobody does. Its `host` and `pid` are told to callers of the system only. */
    run: z
      .object({
        since: z.date(),
        worker: z.uuid(),
        host: z.string().nullable(),
        pid: z.int().nullable(),
      })
      .nullable(),
    /** How it was undone, once that began; `error` is what the last attempt of that failed with. */
    undo: z
      .object({
        attempt: z.int().min(0),
        // Answers that were kept for their idempotency keys before it was told do not have it.
        error: Failure.nullable().default(null),
        startedAt: z.date(),
        endedAt: z.date().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'OperationStep' })
export type OperationStep = z.infer<typeof OperationStep>

/** One run of a workflow on one resource: the long-running operation that API users see. */
export const Operation = z
  .object({
    id: OperationId,
    /** Null for what the control plane does about something that is in no project. */
    projectId: ProjectId.nullable(),
    workflow: z.string(),
    resourceId: z.uuid(),
    /** What its instance is called; null where metadata knows of none. */
    resourceName: z.string().nullable(),
    state: OperationState,
    /** True in exactly the three terminal states: succeeded, failed, cancelled. */
    done: z.boolean(),
    /** Every step of the workflow in order, those that have not begun included. */
    steps: z.array(OperationStep),
    error: OperationError.nullable(),
    requestedBy: z.string(),
    // Answers that were kept for their idempotency keys before it was told do not have it.
    /** What the API key is called that asked for it; null where nobody's did, or where the reader may not look at it. */
    requestedByName: z.string().nullable().default(null),
    createdAt: z.date(),
    startedAt: z.date().nullable(),
    /** When somebody last let it go on, after it had failed or was parked: since then is what it takes this time. */
    retriedAt: z.date().nullable(),
    endedAt: z.date().nullable(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>

/** One entry of an operation's history. `seq` counts up by one without gaps within the operation. */
export const OperationEvent = z
  .object({
    operationId: OperationId,
    seq: z.int().min(1),
    at: z.date(),
    /** The state of the operation after the event. */
    operationState: OperationState,
    /** The step it is about; null when it is about the operation as a whole. */
    step: z.string().nullable(),
    /** The step's new state, or the operation's where `step` is null. */
    state: z.union([StepState, OperationState]),
    /** A stable word for why: of an error, `TAKEN_OVER` when the worker of a step died, `RETRIED` when somebody asked for it. */
    code: z.string().nullable(),
    message: z.string().nullable(),
    /**
     * Milliseconds of the execution of the step, or of its undo, that ended with it; null where none did. A step that polls is executed
     * many times, and of those that found nothing new only the first is told.
     */
    durationMs: z.number().nullable(),
  })
  .meta({ id: 'OperationEvent' })
export type OperationEvent = z.infer<typeof OperationEvent>

/** An event with what its operation is about. */
export const OperationHistoryEvent = OperationEvent.extend({
  workflow: z.string(),
  resourceId: z.uuid(),
  resourceName: z.string().nullable(),
  requestedBy: z.string(),
  requestedByName: z.string().nullable(),
}).meta({ id: 'OperationHistoryEvent' })
export type OperationHistoryEvent = z.infer<typeof OperationHistoryEvent>
