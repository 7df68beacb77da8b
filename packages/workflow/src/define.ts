import type { TransactionSql } from 'postgres'
import type { z } from 'zod'
import { minutes } from './duration.ts'
import type { Again } from './outcome.ts'
import { defaultRetry, type RetryPolicy } from './retry-policy.ts'

/** What every step is told, beside the dependencies that the engine was given. */
export interface StepContext<Input, Outputs> {
  readonly input: Input
  /** What the steps before returned, by name. */
  readonly outputs: Outputs
  readonly operation: { readonly id: string; readonly resourceId: string; readonly requestedBy: string }
  /** 1 for the first execution that counts. */
  readonly attempt: number
  /** Aborted when the attempt's time is up, the operation is cancelled, or the process stops. */
  readonly signal: AbortSignal
}

export interface UndoContext<Input, Outputs> extends StepContext<Input, Partial<Outputs>> {
  readonly because: 'failed' | 'cancelled'
  /** Why the operation failed; null when it was cancelled. */
  readonly reason: string | null
  /** Steps whose own undo was given up: what they made is still there. */
  readonly leftovers: readonly string[]
}

/** SQL on the metadata, inside the transition that records it: exactly once. */
export interface InTransaction {
  readonly tx: TransactionSql
}

export type Step<Dependencies, Input, Output, Outputs = unknown> = (
  context: Dependencies & StepContext<Input, Outputs>,
) => Promise<Output | Again>

export type TransactStep<Dependencies, Input, Output, Outputs = unknown> = (
  context: Dependencies & StepContext<Input, Outputs> & InTransaction,
) => Promise<Output>

export interface StepOptions<Undo> {
  /** The compensation. Runs for a step that has begun, even if it did not end; must be idempotent and bear absence. */
  readonly undo?: Undo
  readonly retry?: RetryPolicy
  /** Milliseconds for one attempt. */
  readonly timeout?: number
  /** Milliseconds for all the waiting by `again`; starts anew while progress is reported. */
  readonly deadline?: number
}

/** A step with its types erased: what the engine runs. The builder below is the only maker, so the types fit. */
export interface StepDefinition<Dependencies> {
  readonly name: string
  readonly kind: 'step' | 'transact'
  readonly run: (context: Dependencies & StepContext<unknown, unknown> & InTransaction) => Promise<unknown>
  readonly undo:
    | ((context: Dependencies & UndoContext<unknown, unknown> & InTransaction) => Promise<unknown>)
    | null
  readonly retry: RetryPolicy
  readonly timeoutMs: number
  readonly deadlineMs: number | null
}

/** A named, versioned, typed list of steps. Immutable: each `step` and `transact` returns a longer one. */
export class Workflow<Dependencies, Input, Outputs, Result> {
  readonly name: string
  readonly version: number
  readonly input: z.ZodType<Input>
  readonly steps: readonly StepDefinition<Dependencies>[]
  /** Carries the result's type; never set. */
  declare readonly result: Result

  constructor(
    name: string,
    version: number,
    input: z.ZodType<Input>,
    steps: readonly StepDefinition<Dependencies>[],
  ) {
    this.name = name
    this.version = version
    this.input = input
    this.steps = steps
  }

  /** Work outside any transaction. May run twice (a crash, a time-out), so it must be idempotent. */
  step<Name extends string, Output>(
    name: Name,
    run: Step<Dependencies, Input, Output, Outputs>,
    options: StepOptions<(context: Dependencies & UndoContext<Input, Outputs>) => Promise<Again | void>> = {},
  ): Workflow<Dependencies, Input, Outputs & Record<Name, Output>, Output> {
    return this.#with(define(name, 'step', run, options))
  }

  /** SQL on the metadata only: runs inside the transition, exactly once. */
  transact<Name extends string, Output>(
    name: Name,
    run: TransactStep<Dependencies, Input, Output, Outputs>,
    options: StepOptions<
      (context: Dependencies & UndoContext<Input, Outputs> & InTransaction) => Promise<void>
    > = {},
  ): Workflow<Dependencies, Input, Outputs & Record<Name, Output>, Output> {
    return this.#with(define(name, 'transact', run, options))
  }

  #with<NextOutputs, NextResult>(
    step: StepDefinition<Dependencies>,
  ): Workflow<Dependencies, Input, NextOutputs, NextResult> {
    if (this.steps.some((s) => s.name === step.name))
      throw new TypeError(`${this.name} has two steps named ${step.name}`)
    return new Workflow<Dependencies, Input, NextOutputs, NextResult>(this.name, this.version, this.input, [
      ...this.steps,
      step,
    ])
  }
}

/** Any workflow over these dependencies, for places that only run it. */
export type AnyWorkflow<Dependencies> = Pick<
  Workflow<Dependencies, unknown, unknown, unknown>,
  'name' | 'version' | 'steps'
> & {
  readonly input: z.ZodType
}

/** Names the dependencies once; the workflows made with the returned function see them in every step. */
export function workflowsOn<Dependencies extends object>() {
  return function workflow<Input>(
    name: string,
    options: { version: number; input: z.ZodType<Input> },
  ): Workflow<Dependencies, Input, unknown, never> {
    return new Workflow(name, options.version, options.input, [])
  }
}

function define<Dependencies>(
  name: string,
  kind: StepDefinition<Dependencies>['kind'],
  run: (context: never) => Promise<unknown>,
  options: StepOptions<(context: never) => Promise<unknown>>,
): StepDefinition<Dependencies> {
  return {
    name,
    kind,
    // The context's types are erased here, in the one place that has checked them against the steps before.
    run: run as StepDefinition<Dependencies>['run'],
    undo: (options.undo as StepDefinition<Dependencies>['undo']) ?? null,
    retry: options.retry ?? defaultRetry,
    timeoutMs: options.timeout ?? minutes(1),
    deadlineMs: options.deadline ?? null,
  }
}
