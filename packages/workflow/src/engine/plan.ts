import type { OperationError, OperationState, StepState } from '../definition/states.ts'
import { currentStep, type Held } from './held.ts'
import type { Again, Outcome, StepError } from '../definition/outcome.ts'
import { delayAfter, undoDeadlineMs, undoRetry } from '../definition/retry-policy.ts'

/** What one transition writes to the row of the step that it is about. What there is none of is left out: it travels as JSON. */
export interface StepWrite {
  readonly position: number
  readonly step: string
  readonly state: StepState
  readonly attempt: number
  readonly undoAttempt: number
  readonly output?: unknown
  readonly error?: StepError
  readonly waitingFor?: string
  /** Milliseconds from the transition until the step runs again. */
  readonly untilMs?: number
  readonly progress?: string | undefined
}

export interface EventWrite {
  readonly operationState: OperationState
  readonly step?: string | undefined
  readonly state: StepState | OperationState
  readonly code?: string | undefined
  readonly message?: string | undefined
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

type Ran = Exclude<Outcome, { kind: 'park' }>

/** The state machine: a pure function from what is known and how an execution ended to the one transition that follows. */
export function plan<D>(held: Held<D>, outcome: Outcome, elapsedMs = 0): Transition {
  if (outcome.kind === 'park') return park(held, outcome.error)
  if (held.cancelRequested && held.state !== 'undoing') return stop(held, outcome)
  switch (outcome.kind) {
    case 'output':
      return held.state === 'undoing' ? undone(held) : goOn(held, outcome.output)
    case 'again':
      return wait(held, outcome.again, elapsedMs)
    case 'error':
      return tryAgain(held, outcome.error, outcome.permanent)
    case 'cancelled':
      throw new Error('BUG: a step was not run because of a cancellation that nobody asked for')
  }
}

/** The operation waits for a person: nothing is run, failed or dropped. */
function park<D>({ position, step }: Held<D>, error: StepError): Transition {
  const reason = { ...error, step, leftovers: [] }
  const events = [event('parked', undefined, 'parked', error)]
  return { state: 'parked', position, step, error: reason, stepWrite: null, events, next: null }
}

function goOn<D>(held: Held<D>, output: unknown): Transition {
  const stepWrite = write(held, 'succeeded', { attempt: attemptNow(held), output })
  const events = [event('running', held.step, 'succeeded')]
  const position = held.position + 1
  const next = held.definition.steps[position]
  if (next !== undefined)
    return { state: 'running', position, step: next.name, error: null, stepWrite, events, next: atOnce }
  events.push(event('succeeded', undefined, 'succeeded'))
  return { ...stay(held), state: 'succeeded', error: null, stepWrite, events, next: null }
}

function wait<D>(held: Held<D>, { afterMs, because, progress }: Again, elapsedMs: number): Transition {
  const known = held.current?.progress ?? undefined
  // An undo has a progress of its own: what the step waited before it was undone does not count.
  const mark = held.state === 'undoing' ? `undo ${progress ?? ''}` : (progress ?? known)
  const waitedMs = mark === known ? (held.current?.waitedMs ?? 0) + elapsedMs : 0
  const deadlineMs = currentStep(held).deadlineMs ?? (held.state === 'undoing' ? undoDeadlineMs : Infinity)
  if (waitedMs + afterMs > deadlineMs) return giveUp(held, deadlineExceeded(because, deadlineMs))
  const stepWrite = write(held, 'waiting', { waitingFor: because, progress: mark, untilMs: afterMs })
  // A poll that finds the same as before is not news: the history must not grow with the waiting.
  const isNews = because !== held.current?.waitingFor
  const events = isNews ? [event(held.state, held.step, 'waiting', { message: because })] : []
  return { ...stay(held), stepWrite, events, next: { delayMs: afterMs } }
}

function tryAgain<D>(held: Held<D>, error: StepError, permanent: boolean): Transition {
  const undoing = held.state === 'undoing'
  const attempt = undoing ? undoAttemptNow(held) : attemptNow(held)
  // An undo is tried again whatever it says: what it leaves behind, somebody has to clear up.
  const policy = undoing ? undoRetry : currentStep(held).retry
  if (attempt >= policy.attempts || (permanent && !undoing)) return giveUp(held, error)
  const delayMs = delayAfter(attempt, policy)
  const counted = undoing ? { undoAttempt: attempt } : { attempt }
  const stepWrite = write(held, undoing ? 'undoing' : 'retrying', { ...counted, error, untilMs: delayMs })
  const events = [event(held.state, held.step, 'retrying', error)]
  return { ...stay(held), stepWrite, events, next: { delayMs } }
}

/** A step that failed for good is undone with those before it; an undo that did is named as left behind. */
function giveUp<D>(held: Held<D>, error: StepError): Transition {
  if (held.state !== 'undoing') {
    const stepWrite = write(held, 'failed', { attempt: attemptNow(held), error })
    return startUndo(held, stepWrite, { ...error, step: held.step, leftovers: [] })
  }
  const cause = held.error ?? { ...error, step: held.step, leftovers: [] }
  const left = { ...cause, leftovers: [...cause.leftovers, held.step] }
  const stepWrite = write(held, 'failed', { undoAttempt: undoAttemptNow(held), error })
  // The rest is undone all the same: one stuck part must not keep the others.
  const events = [event('undoing', held.step, 'failed', error)]
  return undoFrom(held, held.position - 1, { stepWrite, error: left, events })
}

/** A cancellation was seen: what the step did by then counts, and is undone with the rest. */
function stop<D>(held: Held<D>, outcome: Ran): Transition {
  const attempt = attemptNow(held)
  const error = { code: 'CANCELLED', message: `${held.step} was stopped by a cancellation` }
  switch (outcome.kind) {
    case 'output':
      return startUndo(held, write(held, 'succeeded', { attempt, output: outcome.output }), null)
    case 'again':
    case 'error':
      return startUndo(held, write(held, 'failed', { attempt, error }), null)
    case 'cancelled': {
      // It may have begun in a process that died: then it has a row, and what it began is undone. The first step counts as
      // begun from the start: its undo also takes back what the caller wrote in the transaction of `start`.
      const begun = held.current !== null || held.position === 0
      return startUndo(held, begun ? write(held, 'failed') : null, null)
    }
  }
}

/** The step itself is undone too if it has begun: a failed attempt may have left a part of its effect. */
function startUndo<D>(held: Held<D>, stepWrite: StepWrite | null, error: OperationError | null): Transition {
  if (stepWrite === null) return undoFrom(held, held.position - 1, { stepWrite, error, events: [] })
  const events = [event('undoing', held.step, stepWrite.state, stepWrite.error)]
  return undoFrom(held, held.position, { stepWrite, error, events })
}

function undone<D>(held: Held<D>): Transition {
  const stepWrite = write(held, 'undone', { undoAttempt: undoAttemptNow(held) })
  const events = [event('undoing', held.step, 'undone')]
  return undoFrom(held, held.position - 1, { stepWrite, error: held.error, events })
}

/** On to the undo of the last step at or before `from` that has one; to the end where there is none. */
function undoFrom<D>(
  held: Held<D>,
  from: number,
  { events, ...written }: Pick<Transition, 'stepWrite' | 'error' | 'events'>,
): Transition {
  const { error } = written
  const position = held.definition.steps.findLastIndex(({ undo }, index) => index <= from && undo !== null)
  const step = held.definition.steps[position]?.name
  if (step !== undefined) {
    const begins = held.state === 'undoing' ? [] : [event('undoing', undefined, 'undoing', error)]
    return { ...written, events: [...events, ...begins], state: 'undoing', position, step, next: atOnce }
  }
  // `cancelled` means undone: an operation that left something behind has failed.
  const state = held.cancelRequested && (error?.leftovers.length ?? 0) === 0 ? 'cancelled' : 'failed'
  const ends = [...events, event(state, undefined, state, error)]
  return { ...stay(held), ...written, events: ends, state, next: null }
}

const atOnce = { delayMs: 0 }
const stay = <D>({ state, position, step, error }: Held<D>) => ({ state, position, step, error })
const attemptNow = <D>({ current }: Held<D>): number => (current?.attempt ?? 0) + 1
const undoAttemptNow = <D>({ current }: Held<D>): number => (current?.undoAttempt ?? 0) + 1

const deadlineExceeded = (because: string, deadlineMs: number): StepError => ({
  code: 'DEADLINE_EXCEEDED',
  message: `${because} (gave up after ${Math.round(deadlineMs / 1000)} s without progress)`,
})

const event = (
  operationState: OperationState,
  step: string | undefined,
  state: EventWrite['state'],
  why?: { readonly code?: string; readonly message: string } | null,
): EventWrite => ({ operationState, step, state, code: why?.code, message: why?.message })

function write<D>(held: Held<D>, state: StepState, fields: Partial<StepWrite> = {}): StepWrite {
  const { position, step, current } = held
  const { attempt, undoAttempt, progress } = current ?? { attempt: 0, undoAttempt: 0, progress: null }
  return { position, step, state, attempt, undoAttempt, progress: progress ?? undefined, ...fields }
}
