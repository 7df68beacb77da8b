import type { StepDefinition } from './define.ts'
import {
  currentStep,
  isDone,
  type Held,
  type OperationError,
  type OperationState,
  type StepState,
} from './operation.ts'
import type { Outcome, StepError } from './outcome.ts'
import { delayAfter, undoDeadlineMs, undoRetry } from './retry-policy.ts'

/** What one transition writes to the row of the step that it is about. */
export interface StepWrite {
  readonly position: number
  readonly step: string
  readonly state: StepState
  readonly attempt: number
  readonly undoAttempt: number
  readonly output?: unknown
  readonly error: StepError | null
  readonly waitingFor: string | null
  /** Milliseconds from the transition until the step runs again; null where it does not. */
  readonly untilMs: number | null
  readonly progress: string | null
}

export interface EventWrite {
  readonly operationState: OperationState
  readonly step: string | null
  readonly state: StepState | OperationState
  readonly message: string | null
}

/** One move of an operation's state machine: everything that one job's end writes, and what comes next. */
export interface Transition {
  readonly state: OperationState
  readonly position: number
  readonly step: string
  readonly error: OperationError | null
  readonly stepWrite: StepWrite | null
  readonly events: readonly EventWrite[]
  /** The job that carries on; null where the operation ends or is parked. */
  readonly next: { readonly delayMs: number } | null
}

/** The state machine: a pure function from what is known and how an execution ended to the one transition that follows. */
export function plan<D>(held: Held<D>, outcome: Outcome, elapsedMs = 0): Transition {
  if (outcome.kind === 'park') return park(held, outcome.error)
  return held.state === 'undoing' ? afterUndo(held, outcome) : afterRun(held, outcome, elapsedMs)
}

/** The operation waits for a person: nothing is run, failed or dropped. */
function park<D>(held: Held<D>, error: StepError): Transition {
  return {
    state: 'parked',
    position: held.position,
    step: held.step,
    error: { ...error, step: held.step, leftovers: [] },
    stepWrite: null,
    events: [{ operationState: 'parked', step: null, state: 'parked', message: error.message }],
    next: null,
  }
}

type Ran = Exclude<Outcome, { kind: 'park' }>

function afterRun<D>(held: Held<D>, outcome: Ran, elapsedMs: number): Transition {
  const step = currentStep(held)
  if (held.cancelRequested) return startUndo(held, cancelledWrite(held, step, outcome), null)
  switch (outcome.kind) {
    case 'output':
      return goOn(held, step, outcome.output)
    case 'again': {
      const { afterMs, because, progress } = outcome.again
      const moved = progress !== undefined && progress !== held.current?.progress
      const waitedMs = moved ? 0 : (held.current?.waitedMs ?? 0) + elapsedMs
      if (step.deadlineMs !== null && waitedMs + afterMs > step.deadlineMs)
        return fail(held, step, deadlineExceeded(because, step.deadlineMs))
      return repeat(held, step, 'waiting', afterMs, {
        attempt: held.current?.attempt ?? 0,
        error: null,
        waitingFor: because,
        progress: progress ?? held.current?.progress ?? null,
        // A poll that finds the same as before is not news: the history must not grow with the waiting.
        message: because === held.current?.waitingFor ? null : because,
      })
    }
    case 'error': {
      const attempt = attemptsSoFar(held)
      if (outcome.permanent || attempt >= step.retry.attempts) return fail(held, step, outcome.error)
      return repeat(held, step, 'retrying', delayAfter(attempt, step.retry), {
        attempt,
        error: outcome.error,
        waitingFor: null,
        progress: held.current?.progress ?? null,
        message: outcome.error.message,
      })
    }
    case 'cancelled':
      throw new Error('BUG: a step was not run because of a cancellation that nobody asked for')
  }
}

const deadlineExceeded = (because: string, deadlineMs: number): StepError => ({
  code: 'DEADLINE_EXCEEDED',
  message: `${because} (gave up after ${Math.round(deadlineMs / 1000)} s without progress)`,
})

const attemptsSoFar = <D>(held: Held<D>): number => (held.current?.attempt ?? 0) + 1

function write<D>(held: Held<D>, state: StepState, fields: Partial<StepWrite> = {}): StepWrite {
  return {
    position: held.position,
    step: held.step,
    state,
    attempt: held.current?.attempt ?? 0,
    undoAttempt: held.current?.undoAttempt ?? 0,
    error: null,
    waitingFor: null,
    untilMs: null,
    progress: held.current?.progress ?? null,
    ...fields,
  }
}

function goOn<D>(held: Held<D>, step: StepDefinition<D>, output: unknown): Transition {
  const stepWrite = write(held, 'succeeded', { attempt: attemptsSoFar(held), output })
  const next = held.definition.steps[held.position + 1]
  const state = next === undefined ? 'succeeded' : 'running'
  const events: EventWrite[] = [
    { operationState: 'running', step: step.name, state: 'succeeded', message: null },
  ]
  if (next === undefined) events.push({ operationState: state, step: null, state, message: null })
  return {
    state,
    position: next === undefined ? held.position : held.position + 1,
    step: next?.name ?? step.name,
    error: null,
    stepWrite,
    events,
    next: next === undefined ? null : { delayMs: 0 },
  }
}

function repeat<D>(
  held: Held<D>,
  step: StepDefinition<D>,
  state: 'waiting' | 'retrying',
  delayMs: number,
  {
    message,
    ...fields
  }: Pick<StepWrite, 'attempt' | 'error' | 'waitingFor' | 'progress'> & { message: string | null },
): Transition {
  return {
    state: held.state,
    position: held.position,
    step: step.name,
    error: held.error,
    stepWrite: write(held, state, { ...fields, untilMs: delayMs }),
    events: message === null ? [] : [{ operationState: held.state, step: step.name, state, message }],
    next: { delayMs },
  }
}

function fail<D>(held: Held<D>, step: StepDefinition<D>, error: StepError): Transition {
  const stepWrite = write(held, 'failed', { attempt: attemptsSoFar(held), error })
  return startUndo(held, stepWrite, { ...error, step: step.name, leftovers: [] })
}

function cancelledWrite<D>(held: Held<D>, step: StepDefinition<D>, outcome: Ran): StepWrite | null {
  switch (outcome.kind) {
    case 'output':
      return write(held, 'succeeded', { attempt: attemptsSoFar(held), output: outcome.output })
    case 'again':
    case 'error':
      return write(held, 'failed', {
        attempt: attemptsSoFar(held),
        error: { code: 'CANCELLED', message: `${step.name} was stopped by a cancellation` },
      })
    case 'cancelled':
      // It may have begun in a process that died: then it has a row, and what it began is undone.
      return held.current === null ? null : write(held, 'failed')
  }
}

/** The step itself is undone too if it has begun: a failed attempt may have left a part of its effect. */
function startUndo<D>(held: Held<D>, stepWrite: StepWrite | null, error: OperationError | null): Transition {
  const from = stepWrite === null ? held.position - 1 : held.position
  const events: EventWrite[] = []
  if (stepWrite !== null)
    events.push({
      operationState: 'undoing',
      step: held.step,
      state: stepWrite.state,
      message: stepWrite.error?.message ?? null,
    })
  return undoFrom(held, from, stepWrite, error, events)
}

function afterUndo<D>(held: Held<D>, outcome: Ran): Transition {
  const undoAttempt = (held.current?.undoAttempt ?? 0) + 1
  switch (outcome.kind) {
    case 'output':
      return undoFrom(held, held.position - 1, write(held, 'undone', { undoAttempt }), held.error, [
        { operationState: 'undoing', step: held.step, state: 'undone', message: null },
      ])
    case 'again': {
      const { afterMs, because, progress } = outcome.again
      // A progress of its own: what the step waited before it was undone does not count.
      const mark = `undo ${progress ?? ''}`
      const waitedMs = mark === held.current?.progress ? held.current.waitedMs : 0
      const deadlineMs = currentStep(held).deadlineMs ?? undoDeadlineMs
      if (waitedMs + afterMs > deadlineMs)
        return leaveBehind(held, undoAttempt, deadlineExceeded(because, deadlineMs))
      return repeat(held, currentStep(held), 'waiting', afterMs, {
        attempt: held.current?.attempt ?? 0,
        error: null,
        waitingFor: because,
        progress: mark,
        message: because === held.current?.waitingFor ? null : because,
      })
    }
    case 'error': {
      if (undoAttempt >= undoRetry.attempts) return leaveBehind(held, undoAttempt, outcome.error)
      const delayMs = delayAfter(undoAttempt, undoRetry)
      return {
        state: 'undoing',
        position: held.position,
        step: held.step,
        error: held.error,
        stepWrite: write(held, 'undoing', { undoAttempt, error: outcome.error, untilMs: delayMs }),
        events: [
          { operationState: 'undoing', step: held.step, state: 'retrying', message: outcome.error.message },
        ],
        next: { delayMs },
      }
    }
    case 'cancelled':
      throw new Error('BUG: an undo is never skipped')
  }
}

/** What is left is named and the rest is undone all the same: one stuck part must not keep the others. */
function leaveBehind<D>(held: Held<D>, undoAttempt: number, cause: StepError): Transition {
  const error: OperationError = held.error ?? { ...cause, step: held.step, leftovers: [] }
  return undoFrom(
    held,
    held.position - 1,
    write(held, 'failed', { undoAttempt, error: cause }),
    { ...error, leftovers: [...error.leftovers, held.step] },
    [{ operationState: 'undoing', step: held.step, state: 'failed', message: cause.message }],
  )
}

function undoFrom<D>(
  held: Held<D>,
  from: number,
  stepWrite: StepWrite | null,
  error: OperationError | null,
  events: EventWrite[],
): Transition {
  const position = held.definition.steps.findLastIndex((step, index) => index <= from && step.undo !== null)
  const undoable = held.definition.steps[position]
  if (undoable !== undefined) {
    if (held.state !== 'undoing')
      events.push({
        operationState: 'undoing',
        step: null,
        state: 'undoing',
        message: error?.message ?? null,
      })
    return { state: 'undoing', position, step: undoable.name, error, stepWrite, events, next: { delayMs: 0 } }
  }
  // `cancelled` means undone: an operation that left something behind has failed.
  const state = held.cancelRequested && (error?.leftovers.length ?? 0) === 0 ? 'cancelled' : 'failed'
  events.push({ operationState: state, step: null, state, message: error?.message ?? null })
  return { state, position: held.position, step: held.step, error, stepWrite, events, next: null }
}

export const ends = (transition: Transition): boolean => isDone(transition.state)
