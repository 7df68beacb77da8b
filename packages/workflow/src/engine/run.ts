import type { TransactionSql } from 'postgres'
import type { Reach } from './crash-points.ts'
import { seconds } from '../definition/duration.ts'
import { currentStep, type Held } from './held.ts'
import { Again, outcomeOfThrow, PermanentError, type Outcome } from '../definition/outcome.ts'
import { isConnectionLoss, isTransient } from '../sql-errors.ts'

/** Bytes of JSON that one step may return. */
export const largestOutputBytes = 65_536

/** How long a body whose signal was aborted may take to clear up before it is given up. */
const graceMs = seconds(5)

/** One execution of a step's body, or of its undo, outside any transaction; `abort` tells it to stop. Never throws. */
export async function runStep<D extends object>(
  held: Held<D>,
  dependencies: D,
  abort: AbortController,
  reach: Reach,
): Promise<Outcome> {
  const { signal } = abort
  const { timeoutMs } = currentStep(held)
  const tooLate = Object.assign(new Error(`no result within ${timeoutMs / 1000} s`), { code: 'STEP_TIMEOUT' })
  // One signal for all reasons: `AbortSignal.any` and `timeout` cost more than the rest of a step that does nothing.
  const timer = setTimeout(() => abort.abort(tooLate), timeoutMs)
  await reach('step.before-body')
  const outcome = await Promise.race([
    execute(held, dependencies, signal, outsideTransaction).catch(outcomeOfThrow),
    givenUp(signal),
  ])
  clearTimeout(timer)
  await reach('step.after-body')
  return signal.reason === tooLate && outcome.kind === 'error' ? outcomeOfThrow(tooLate) : outcome
}

/**
 * A body that is SQL only, inside the turn's transaction: what it wrote vanishes if it throws.
 * @throws what is no fault of the body: a lost connection, a deadlock; the turn is repeated then
 */
export async function runInTransaction<D extends object>(
  held: Held<D>,
  dependencies: D,
  tx: TransactionSql,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(currentStep(held).timeoutMs)
  try {
    return await tx.savepoint<Outcome>((inner) => execute(held, dependencies, signal, inner))
  } catch (thrown) {
    if (isConnectionLoss(thrown) || isTransient(thrown)) throw thrown
    return outcomeOfThrow(thrown)
  }
}

// A plain step has no `tx` in its type; reading it all the same is a bug worth a loud end.
const outsideTransaction = undefined as unknown as TransactionSql

async function execute<D extends object>(
  held: Held<D>,
  dependencies: D,
  signal: AbortSignal,
  tx: TransactionSql,
): Promise<Outcome> {
  const step = currentStep(held)
  const context = {
    ...dependencies,
    input: held.input,
    outputs: held.outputs,
    operation: { id: held.id, resourceId: held.resourceId, requestedBy: held.requestedBy },
    attempt: (held.current?.attempt ?? 0) + 1,
    signal,
    tx,
  }
  if (held.state !== 'undoing') return ended(step.name, await step.run(context))
  const because = held.cancelRequested ? 'cancelled' : 'failed'
  const { message: reason = null, leftovers = [] } = held.error ?? {}
  return ended(step.name, await step.undo?.({ ...context, because, reason, leftovers }))
}

function ended(step: string, value: unknown): Outcome {
  if (value instanceof Again) return { kind: 'again', again: value }
  const json = JSON.stringify(value ?? null)
  if (Buffer.byteLength(json) > largestOutputBytes)
    throw new PermanentError('OUTPUT_TOO_LARGE', `${step} returned more than ${largestOutputBytes} bytes`)
  return { kind: 'output', output: value }
}

function givenUp(signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const afterGrace = () => {
      setTimeout(() => resolve(outcomeOfThrow(signal.reason)), graceMs).unref()
    }
    if (signal.aborted) afterGrace()
    else signal.addEventListener('abort', afterGrace, { once: true })
  })
}
