import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { workflowsOn, type AnyWorkflow } from '../definition/define.ts'
import { isDone } from '../definition/states.ts'
import type { CurrentStep, Held } from './held.ts'
import type { Outcome } from '../definition/outcome.ts'
import { again } from '../definition/outcome.ts'
import { plan, type StepWrite, type Transition } from './plan.ts'
import { undoRetry } from '../definition/retry-policy.ts'

const attempts = 3
const deadline = 10_000

/** One letter a step: `u` has an undo, `-` has none. */
function workflowOf(shape: readonly ('u' | '-')[]): AnyWorkflow<object> {
  const workflow = workflowsOn<object>()
  const empty: AnyWorkflow<object> = workflow('shaped', { version: 1, input: z.unknown() })
  const retry = { attempts, firstDelay: 1, longestDelay: 1 }
  const steps = shape.map((letter, index) => {
    const one = workflow('one', { version: 1, input: z.unknown() }).step(`step-${index}`, async () => null, {
      retry,
      deadline,
      ...(letter === 'u' && { undo: async () => {} }),
    })
    return one.steps[0] as (typeof one.steps)[number]
  })
  return { ...empty, name: 'shaped', version: 1, input: z.unknown(), steps }
}

function begin(definition: AnyWorkflow<object>): Held<object> {
  return {
    id: 'operation',
    workflow: definition.name,
    version: 1,
    resourceId: 'resource',
    requestedBy: 'test',
    state: 'running',
    input: {},
    steps: definition.steps.map(({ name }) => name),
    step: 'step-0',
    jobId: 'job',
    fence: 1,
    wakes: 0,
    cancelRequested: false,
    quarantined: false,
    error: null,
    outputs: {},
    current: null,
    definition,
    position: 0,
  }
}

/** What the rows would say: carries an operation from transition to transition. */
class Played {
  held: Held<object>
  readonly transitions: Transition[] = []
  readonly rows = new Map<number, StepWrite>()
  /** Positions, in the order of their executions. */
  readonly ran: number[] = []
  readonly undone: number[] = []
  #waited = 0

  constructor(shape: readonly ('u' | '-')[]) {
    this.held = begin(workflowOf(shape))
  }

  get last(): Transition | undefined {
    return this.transitions.at(-1)
  }

  cancel(): void {
    this.held = {
      ...this.held,
      cancelRequested: true,
      state: this.held.state === 'undoing' ? 'undoing' : 'cancelling',
    }
  }

  play(outcome: Outcome): void {
    const { position: executed, state: before } = this.held
    ;(before === 'undoing' ? this.undone : this.ran).push(executed)
    const transition = plan(this.held, outcome)
    this.transitions.push(transition)
    const { stepWrite, state, position, step, error } = transition
    if (stepWrite !== null) this.rows.set(stepWrite.position, stepWrite)
    this.#waited = stepWrite?.state === 'waiting' ? this.#waited + (stepWrite.untilMs ?? 0) : 0
    this.held = { ...this.held, state, position, step, error, current: this.#current(position) }
  }

  #current(position: number): CurrentStep | null {
    const row = this.rows.get(position)
    if (row === undefined) return null
    const { attempt, undoAttempt, waitingFor = null, progress = null } = row
    return { attempt, undoAttempt, waitingFor, progress, waitedMs: this.#waited }
  }
}

const outcome = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Outcome>({ kind: 'output', output: 1 }) },
  {
    weight: 2,
    arbitrary: fc.boolean().map((permanent): Outcome => {
      return { kind: 'error', permanent, error: { code: 'BROKEN', message: 'it broke' } }
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Outcome>({ kind: 'again', again: again({ after: 4000, because: 'not yet' }) }),
  },
)
const shapes = fc.array(fc.constantFrom('u' as const, '-' as const), { minLength: 1, maxLength: 6 })
const stories = fc.record({
  shape: shapes,
  outcomes: fc.array(outcome, { maxLength: 30 }),
  cancelAt: fc.option(fc.nat(30)),
})

/** Plays a story, then lets everything go well until the operation is done. */
function playOut({
  shape,
  outcomes,
  cancelAt,
}: {
  shape: ('u' | '-')[]
  outcomes: Outcome[]
  cancelAt: number | null
}) {
  const played = new Played(shape)
  const longest = outcomes.length + 2 * shape.length + 2
  for (let i = 0; i < longest && !isDone(played.held.state); i++) {
    if (i === cancelAt) played.cancel()
    played.play(outcomes[i] ?? { kind: 'output', output: 1 })
  }
  return played
}

describe('whatever the steps do', () => {
  const holds = (check: (played: Played, shape: ('u' | '-')[]) => void) =>
    fc.assert(
      fc.property(stories, (story) => check(playOut(story), story.shape)),
      { numRuns: 2000 },
    )

  test('an operation ends, once, and sends a job exactly while it has not', () => {
    holds(({ transitions, last }) => {
      expect(last && isDone(last.state)).toBe(true)
      for (const transition of transitions) expect(transition.next === null).toBe(transition === last)
    })
  })

  test('the last event tells how it ended, and only that one does', () => {
    holds(({ transitions, last }) => {
      const told = transitions
        .flatMap(({ events }) => events)
        .filter((e) => e.step === undefined && e.state !== 'undoing')
      expect(told).toHaveLength(1)
      expect(told[0]).toMatchObject({ state: last?.state, operationState: last?.state })
      expect(last?.events.at(-1)).toBe(told[0])
    })
  })

  test('steps run forwards, and are undone backwards', () => {
    holds(({ ran, undone }) => {
      expect(ran).toEqual(ran.toSorted((a, b) => a - b))
      expect(undone).toEqual(undone.toSorted((a, b) => b - a))
    })
  })

  test('no step is recorded twice as done, nor twice as undone', () => {
    holds(({ transitions }) => {
      for (const state of ['succeeded', 'undone']) {
        const recorded = transitions.flatMap(({ stepWrite }) =>
          stepWrite?.state === state ? [stepWrite.position] : [],
        )
        expect(new Set(recorded).size).toBe(recorded.length)
      }
    })
  })

  test('what has begun and can be undone is undone, unless all of it succeeded', () => {
    holds(({ rows, last }, shape) => {
      if (last?.state === 'succeeded') {
        expect([...rows.values()].map(({ state }) => state)).toEqual(shape.map(() => 'succeeded'))
        return
      }
      for (const { position, step, state } of rows.values())
        if (shape[position] === 'u')
          expect(state === 'undone' || last?.error?.leftovers.includes(step)).toBe(true)
    })
  })

  test('"cancelled" means that nothing is left', () => {
    holds(({ held, last }) => {
      if (last?.state !== 'cancelled') return
      expect(held.cancelRequested).toBe(true)
      expect(last.error?.leftovers ?? []).toEqual([])
    })
  })

  test('attempts are bounded', () => {
    holds(({ transitions }) => {
      for (const { stepWrite } of transitions) {
        expect(stepWrite?.attempt ?? 0).toBeLessThanOrEqual(attempts)
        expect(stepWrite?.undoAttempt ?? 0).toBeLessThanOrEqual(undoRetry.attempts)
      }
    })
  })
})

test('a step that waits without progress is given up at its deadline', () => {
  const played = new Played(['u'])
  for (let i = 0; i < 3; i++)
    played.play({ kind: 'again', again: again({ after: 4000, because: 'nobody comes' }) })
  expect(played.last).toMatchObject({
    state: 'undoing',
    error: { code: 'DEADLINE_EXCEEDED', step: 'step-0' },
  })
})

test('an undo that waits for ever is given up at its deadline, and names what is left', () => {
  const played = new Played(['u'])
  played.play({ kind: 'error', permanent: true, error: { code: 'BROKEN', message: 'it broke' } })
  for (let i = 0; i < 3; i++)
    played.play({ kind: 'again', again: again({ after: 4000, because: 'still there' }) })
  expect(played.last).toMatchObject({ state: 'failed', error: { code: 'BROKEN', leftovers: ['step-0'] } })
})

test('an undo that never succeeds names what is left, and the others are undone all the same', () => {
  const played = new Played(['u', 'u', '-'])
  const broken: Outcome = { kind: 'error', permanent: true, error: { code: 'BROKEN', message: 'it broke' } }
  played.play({ kind: 'output', output: 1 })
  played.play(broken)
  for (let i = 0; i < undoRetry.attempts; i++) played.play(broken)
  played.play({ kind: 'output', output: null })
  expect(played.last).toMatchObject({ state: 'failed', error: { code: 'BROKEN', leftovers: ['step-1'] } })
  expect(played.rows.get(0)?.state).toBe('undone')
})
