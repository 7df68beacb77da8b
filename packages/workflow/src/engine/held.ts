import type { AnyWorkflow, StepDefinition } from '../definition/define.ts'
import type { OperationError, OperationState } from '../definition/states.ts'

/** An operation as a claim reads it from its rows. */
export interface ClaimedRow {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly resourceId: string
  readonly requestedBy: string
  readonly state: OperationState
  readonly input: unknown
  /** The names of the workflow's steps when it started. */
  readonly steps: readonly string[]
  readonly step: string
  readonly jobId: string
  readonly fence: number
  readonly wakes: number
  readonly cancelRequested: boolean
  /** The next of those in quarantine waits for its step to end (see admission.ts). */
  readonly quarantined: boolean
  readonly error: OperationError | null
  readonly outputs: Record<string, unknown>
  /** What is known of the step whose turn it is; null before its first execution. */
  readonly current: CurrentStep | null
}

export interface CurrentStep {
  readonly attempt: number
  readonly undoAttempt: number
  readonly waitingFor: string | null
  readonly progress: string | null
  /** Milliseconds since it began or last reported progress, by the database's clock at the claim. */
  readonly waitedMs: number
}

/** An operation that this worker runs now. */
export interface Held<Dependencies> extends ClaimedRow {
  readonly definition: AnyWorkflow<Dependencies>
  readonly position: number
}

export function currentStep<Dependencies>(held: Held<Dependencies>): StepDefinition<Dependencies> {
  const step = held.definition.steps[held.position]
  if (step === undefined) throw new Error(`BUG: ${held.workflow} has no step ${held.position}`)
  return step
}
