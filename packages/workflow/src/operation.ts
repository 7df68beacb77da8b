import type { AnyWorkflow, StepDefinition } from './define.ts'
import type { StepError } from './outcome.ts'

export type OperationState =
  | 'queued'
  | 'running'
  | 'cancelling'
  | 'undoing'
  | 'parked'
  | 'succeeded'
  | 'failed'
  | 'cancelled'

export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'undoing'
  | 'undone'

export interface OperationError extends StepError {
  readonly step: string | null
  readonly leftovers: readonly string[]
}

/** An operation as a claim reads it from its rows. */
export interface ClaimedRow {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly resourceId: string
  readonly requestedBy: string
  readonly state: OperationState
  readonly input: unknown
  /** The names of the workflow's steps, as they were when it started. */
  readonly steps: readonly string[]
  readonly step: string
  readonly jobId: string
  readonly fence: number
  readonly wakes: number
  readonly cancelRequested: boolean
  readonly error: OperationError | null
  readonly outputs: Record<string, unknown>
  /** What is known of the step whose turn it is; null before its first execution. */
  readonly current: CurrentStep | null
}

export interface CurrentStep {
  readonly attempt: number
  readonly undoAttempt: number
  readonly crashes: number
  readonly waitingFor: string | null
  readonly progress: string | null
  /** Milliseconds since it began or last reported progress, by the database's clock at the claim. */
  readonly waitedMs: number
}

/** An operation that this process runs now. */
export interface Held<Dependencies> extends ClaimedRow {
  readonly definition: AnyWorkflow<Dependencies>
  readonly position: number
}

export function currentStep<Dependencies>(held: Held<Dependencies>): StepDefinition<Dependencies> {
  const step = held.definition.steps[held.position]
  if (step === undefined) throw new Error(`BUG: ${held.workflow} has no step ${held.position}`)
  return step
}

export const isDone = (state: OperationState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled'
