import type { BulkResult, Instance, ItemError, Operation, Toygres } from '@toygres/sdk'
import { answerDue, type DueFlags } from './answer-due.ts'
import { CliError } from './cli-error.ts'
import { exitCodeFor, explain } from './explain.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { inTurns } from './in-turns.ts'
import { keyOption, optionsOfPart, type ChangeOptions, type MutationFlags } from './mutation-flags.ts'
import type { Kind } from './output/kind.ts'
import { print, say } from './output/print.ts'
import { table } from './output/table.ts'
import type { Session } from './session.ts'
import { interruptionBy, type WaitFlags } from './wait.ts'

/** What the control plane answers for one of many: what was taken on, where there was something to do, or a refusal. */
export type ManyResult =
  | { readonly instance: Instance; readonly operation: Pick<Operation, 'id'> | null }
  | { readonly error: ItemError }

/** What came of one of many. */
interface Outcome {
  readonly name: string
  readonly operationId: string | null
  /** As it is at the end; null where nothing was begun. */
  readonly instance: Instance | null
  readonly error: { readonly code: string; readonly message: string } | null
}

const outcomeKind: Kind<Outcome> = {
  nameOf: ({ name }) => name,
  columns: [
    { title: 'NAME', cell: ({ name }) => name },
    {
      title: 'STATE',
      cell: ({ instance, error }) => (error === null ? (instance?.state ?? null) : error.code),
      style: ({ error }) => (error === null ? 'green' : 'red'),
    },
    { title: 'OPERATION', cell: ({ operationId }) => operationId },
    { title: 'ERROR', cell: ({ error }) => error && error.message },
  ],
}

/** Operations that are waited for at once. */
const waitedForAtOnce = 16

/** In one line; the table has them all. */
const mostNamed = 20

/** As many as one call takes. */
const askedInOneCall = 500

/**
 * Asks for all of them, in as many calls as that takes; each has a key of its own, made from the one that was given. Where one fails
 * after others were taken on, its items are refused for that reason, and those after it.
 */
export async function askForMany<Item>(
  items: readonly Item[],
  flags: MutationFlags & DueFlags,
  ask: (items: readonly Item[], options: ChangeOptions) => Promise<BulkResult[]>,
): Promise<BulkResult[]> {
  const parts = Array.from({ length: Math.ceil(items.length / askedInOneCall) }, (_, n) => ({
    items: items.slice(n * askedInOneCall, (n + 1) * askedInOneCall),
    options: n === 0 ? keyOption(flags) : optionsOfPart(flags, n + 1),
  }))
  const results: BulkResult[] = []
  for (const part of parts)
    try {
      results.push(...(await ask(part.items, { ...part.options, signal: answerDue(flags) })))
    } catch (error) {
      if (results.length === 0) throw error
      const refusal = refusalOf(error)
      return [...results, ...items.slice(results.length).map(() => refusal)]
    }
  return results
}

/** Of one of many, where others were taken on before. */
export function refusalOf(error: unknown): { readonly error: ItemError } {
  const { code, message } = explain(error)
  const retryable = error instanceof Error && 'retryable' in error && error.retryable === true
  // What was asked for without an answer is not known.
  const perhaps = code === 'UNAVAILABLE' ? '; it may have been taken on all the same' : ''
  return { error: { code, message: `${message}${perhaps}`, retryable } }
}

/** Waits for those that were taken on, and shows what came of each; ends as those did that went wrong. */
export async function finishMany(
  { toygres, format }: Session,
  { names, results, doing }: { names: readonly string[]; results: readonly ManyResult[]; doing: string },
  { wait, timeout }: WaitFlags,
): Promise<void> {
  const accepted = results.filter((result) => 'instance' in result)
  // Before the first word is seen: whoever types Ctrl-C at it is told that they go on.
  using interruption = interruptionBy(
    () =>
      new CliError('INTERRUPTED', 'interrupted; the operations go on', {
        exitCode: exitCodes.interrupted,
        hint: 'see how they get on with "toygres ops list"',
      }),
  )
  say(`${doing} ${accepted.length} of ${names.length}`)
  const signal = wait ? AbortSignal.any([AbortSignal.timeout(timeout), interruption.signal]) : null
  const asked = results.map((result, index) => ({ name: names[index] ?? '', result }))
  const ended = await inTurns(asked, waitedForAtOnce, async ({ name, result }) => {
    interruption.signal.throwIfAborted()
    const end = await endOf(toygres, name, result, signal)
    interruption.signal.throwIfAborted()
    if (signal !== null) say(`  ${name} ${end.outcome.error === null ? 'done' : end.outcome.error.code}`)
    return end
  })
  const outcomes = ended.map(({ outcome }) => outcome)
  await print(
    format,
    { items: outcomes },
    {
      view: () => table(outcomeKind.columns, outcomes),
      name: () =>
        outcomes
          .filter(({ error }) => error === null)
          .map(outcomeKind.nameOf)
          .join('\n'),
    },
  )
  const failed = outcomes.flatMap(({ name, error }) => (error === null ? [] : [`${name} (${error.code})`]))
  if (failed.length === 0) return
  const told = [...failed.slice(0, mostNamed), ...(failed.length > mostNamed ? ['...'] : [])].join(', ')
  const message = `${failed.length} of ${names.length} did not succeed: ${told}`
  throw new CliError('SOME_FAILED', message, { exitCode: exitCodeOfAll(ended) })
}

/** That of each that went wrong, where they went wrong alike. */
function exitCodeOfAll(ended: readonly End[]): ExitCode {
  const [code = exitCodes.ok, ...others] = new Set(
    ended.map(({ exitCode }) => exitCode).filter((exitCode) => exitCode !== exitCodes.ok),
  )
  return others.length === 0 ? code : exitCodes.error
}

interface End {
  readonly outcome: Outcome
  readonly exitCode: ExitCode
}

async function endOf(
  toygres: Toygres,
  name: string,
  result: ManyResult,
  signal: AbortSignal | null,
): Promise<End> {
  if ('error' in result) {
    const { code, message } = result.error
    const outcome = { name, operationId: null, instance: null, error: { code, message } }
    return { outcome, exitCode: exitCodeFor(code) }
  }
  const { instance, operation } = result
  const begun = { name, operationId: operation?.id ?? null }
  if (signal === null || operation === null)
    return { outcome: { ...begun, instance, error: null }, exitCode: exitCodes.ok }
  try {
    await (await toygres.operations.get(operation.id)).wait({ signal })
    const now = await toygres.instances.get(instance.id)
    return { outcome: { ...begun, instance: now, error: null }, exitCode: exitCodes.ok }
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message, exitCode } = signal.aborted
      ? { code: 'WAIT_TIMEOUT', message: 'it has not ended in time; it goes on', exitCode: exitCodes.timeout }
      : explain(error)
    return { outcome: { ...begun, instance, error: { code, message } }, exitCode }
  }
}
