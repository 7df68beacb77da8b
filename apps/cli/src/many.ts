import type { Instance, ItemError, Operation, Toygres } from '@toygres/sdk'
import { CliError } from './cli-error.ts'
import { explain } from './explain.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
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

/** Waits for those that were taken on, and shows what came of each; ends as the first that went wrong did. */
export async function finishMany(
  { toygres, format }: Session,
  { names, results, doing }: { names: readonly string[]; results: readonly ManyResult[]; doing: string },
  { wait, timeout }: WaitFlags,
): Promise<void> {
  const accepted = results.filter((result) => 'instance' in result)
  say(`${doing} ${accepted.length} of ${names.length}`)
  const codes: ExitCode[] = []
  const outcomes = await inTurns(
    results.map((result, index) => ({ name: names[index] ?? '', result })),
    waitedForAtOnce,
    wait ? AbortSignal.timeout(timeout) : null,
    async ({ name, result }, signal) => {
      const { exitCode, ...outcome } = await outcomeOf(toygres, name, result, signal)
      codes.push(exitCode)
      if (signal !== null) say(`  ${name} ${outcome.error === null ? 'done' : outcome.error.code}`)
      return outcome
    },
  )
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
  const exitCode = codes.find((code) => code !== exitCodes.ok)
  if (exitCode !== undefined)
    throw new CliError(
      'SOME_FAILED',
      `${failed.length} of ${names.length} did not succeed: ${failed.join(', ')}`,
      { exitCode },
    )
}

async function outcomeOf(
  toygres: Toygres,
  name: string,
  result: ManyResult,
  signal: AbortSignal | null,
): Promise<Outcome & { exitCode: ExitCode }> {
  if ('error' in result) {
    const { code, message } = result.error
    return { name, operationId: null, instance: null, error: { code, message }, exitCode: exitCodes.conflict }
  }
  const { instance, operation } = result
  const begun = { name, operationId: operation?.id ?? null }
  if (signal === null || operation === null)
    return { ...begun, instance, error: null, exitCode: exitCodes.ok }
  try {
    await (await toygres.operations.get(operation.id)).wait({ signal })
    return {
      ...begun,
      instance: await toygres.instances.get(instance.id),
      error: null,
      exitCode: exitCodes.ok,
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message, exitCode } = signal.aborted
      ? { code: 'WAIT_TIMEOUT', message: 'it has not ended in time; it goes on', exitCode: exitCodes.timeout }
      : explain(error)
    return { ...begun, instance, error: { code, message }, exitCode }
  }
}

/** All of them, so many at once; until Ctrl-C. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  timeout: AbortSignal | null,
  work: (item: Item, signal: AbortSignal | null) => Promise<Result>,
): Promise<Result[]> {
  using interruption = interruptionBy(
    () =>
      new CliError('INTERRUPTED', 'interrupted; the operations go on', {
        exitCode: exitCodes.interrupted,
        hint: 'see how they get on with "toygres ops list"',
      }),
  )
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) {
      interruption.signal.throwIfAborted()
      results[index] = await work(item, timeout && AbortSignal.any([timeout, interruption.signal]))
      interruption.signal.throwIfAborted()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
