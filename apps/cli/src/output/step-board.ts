import type { Operation, OperationEvent, OperationStep } from '@toygres/sdk'
import { isStepState } from './states.ts'

export interface StepOnBoard {
  readonly name: string
  state: OperationStep['state']
  /** Why it waits, tries again or has failed. */
  detail: string | null
  /** Once it has ended. */
  durationMs: number | null
}

/** The steps of an operation as its events tell them. Durations are differences of the control plane's own clock. */
export class StepBoard {
  readonly steps: StepOnBoard[]
  #lastEndAt: number

  constructor({ steps, createdAt }: Operation) {
    this.steps = steps.map(({ name }) => ({ name, state: 'pending', detail: null, durationMs: null }))
    this.#lastEndAt = createdAt.getTime()
  }

  apply({ step: name, state, message, at }: OperationEvent): void {
    if (name === null || !isStepState(state)) return
    const step = this.#named(name)
    step.state = state
    step.detail = message
    if (!hasEnded(step)) return
    step.durationMs = at.getTime() - this.#lastEndAt
    this.#lastEndAt = at.getTime()
  }

  /** The step that is worked on: its start is not told, only the end of the one before. */
  get current(): StepOnBoard | undefined {
    const stopped = this.steps.some(({ state }) => state === 'failed' || state === 'undone')
    return stopped ? undefined : this.steps.find((step) => !hasEnded(step))
  }

  #named(name: string): StepOnBoard {
    const known = this.steps.find((step) => step.name === name)
    if (known !== undefined) return known
    const added: StepOnBoard = { name, state: 'pending', detail: null, durationMs: null }
    this.steps.push(added)
    return added
  }
}

const hasEnded = ({ state }: StepOnBoard): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'undone'
