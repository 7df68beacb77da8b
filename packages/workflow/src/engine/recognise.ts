import { z } from 'zod'
import type { AnyWorkflow } from '../definition/define.ts'
import type { ClaimedRow, Held } from './held.ts'
import type { FetchedJob } from './queue.ts'
import type { Outcome } from '../definition/outcome.ts'

export const versioned = ({ name, version }: { name: string; version: number }): string =>
  `${name}@${version}`

/**
 * What a claimed row means to this process. An operation goes on with the version it started on; where this process does not
 * have just that, or cannot read its input, the operation is `refused`: parked, never failed and never dropped.
 */
export function recognise<D>(
  row: ClaimedRow,
  { retryCount }: FetchedJob,
  definitions: ReadonlyMap<string, AnyWorkflow<D>>,
): { readonly held: Held<D>; readonly refused?: Outcome } {
  const definition = definitions.get(versioned({ name: row.workflow, version: row.version }))
  if (definition === undefined) {
    const nothing = { name: row.workflow, version: row.version, input: z.unknown(), steps: [] }
    const held = { ...row, definition: nothing, position: -1, retryCount }
    return {
      held,
      refused: parked('UNKNOWN_WORKFLOW', `knows no workflow ${row.workflow} version ${row.version}`),
    }
  }
  const position = row.steps.indexOf(row.step)
  const input = definition.input.safeParse(row.input)
  const held = { ...row, definition, position, input: input.data, retryCount }
  const found = definition.steps.map(({ name }) => name)
  if (found.join() !== row.steps.join()) {
    const expected = `started on steps ${row.steps.join(', ')} and is at ${row.step}`
    const change = `has ${found.join(', ')} in ${row.workflow} version ${row.version}, where the operation ${expected}`
    return { held, refused: parked('WORKFLOW_CHANGED', change) }
  }
  if (input.success) return { held }
  return {
    held,
    refused: parked('UNREADABLE_INPUT', `cannot read its input as ${row.workflow} version ${row.version}`),
  }
}

const parked = (code: string, what: string): Outcome => ({
  kind: 'park',
  error: { code, message: `this version of Toygres ${what}` },
})
