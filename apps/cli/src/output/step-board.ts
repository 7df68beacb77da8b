import type { Operation, OperationEvent, OperationStep } from '@toygres/sdk'
import { isStepState } from './states.ts'

export interface StepOnBoard {
  readonly name: string
  state: OperationStep['state']
  /** Why it waits, tries again or has failed. */
  detail: string | null
  /** From the beginning of its first execution, or of the first of its undo, once that has ended. */
  durationMs: number | null
}

/** The steps of an operation as its events tell them, by the control plane's own clock. */
export class StepBoard {
  readonly steps: StepOnBoard[]
  /** Of the steps that are not at their end, where it is known. */
  readonly #begunAt = new Map<string, number>()
  #lastEndAt: number

  constructor({ steps, createdAt }: Operation) {
    this.steps = steps.map(({ name }) => ({ name, state: 'pending', detail: null, durationMs: null }))
    this.#lastEndAt = createdAt.getTime()
    // Of one that has been under way for long, nothing may be told for as long.
    for (const { name, startedAt, endedAt } of steps)
      if (startedAt !== null && endedAt === null) this.#begunAt.set(name, startedAt.getTime())
  }

  apply({ step: name, state, code, message, at, durationMs }: OperationEvent): void {
    if (code === 'RETRIED') this.#begunAt.clear()
    if (name === null || !isStepState(state)) return
    const step = this.#named(name)
    step.state = state
    step.detail = message
    // A control plane of before tells no durations: there it is as if each had begun at the end of the one before.
    const beganAt = durationMs == null ? this.#lastEndAt : at.getTime() - durationMs
    const begunAt = this.#begunAt.get(name) ?? beganAt
    this.#begunAt.set(name, begunAt)
    if (!hasEnded(step)) return
    step.durationMs = at.getTime() - begunAt
    this.#lastEndAt = at.getTime()
    this.#begunAt.delete(name)
  }

  /** The step that is worked on: its start is not told, only the end of the one before. */
  get current(): StepOnBoard | undefined {
    const stopped = this.steps.some(({ state }) => state === 'failed' || state === 'undone')
    return stopped ? undefined : this.steps.find((step) => !hasEnded(step))
  }

  /** When the step that is worked on began; before it has told anything, when it could. */
  get currentSince(): number {
    return this.#begunAt.get(this.current?.name ?? '') ?? this.#lastEndAt
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
