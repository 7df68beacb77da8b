import { z } from 'zod'
import type { AnyWorkflow } from '../definition/define.ts'
import type { ClaimedRow, Held } from './held.ts'
import type { Outcome } from '../definition/outcome.ts'

export const versioned = ({ name, version }: { name: string; version: number }) => `${name}@${version}`

type Recognised<D> = { readonly held: Held<D>; readonly refused?: Outcome }

/**
 * What a claimed row means to this process. An operation goes on with the version it started on; where this process does not
 * have just that, or cannot read its input, the operation is `refused`: parked, never failed and never dropped.
 */
export function recognise<D>(
  row: ClaimedRow,
  definitions: ReadonlyMap<string, AnyWorkflow<D>>,
): Recognised<D> {
  const definition = definitions.get(versioned({ name: row.workflow, version: row.version }))
  if (definition === undefined) {
    const nothing = { name: row.workflow, version: row.version, input: z.unknown(), steps: [] }
    const unknown = `knows no workflow ${row.workflow} version ${row.version}`
    return refuse({ ...row, definition: nothing, position: -1 }, 'UNKNOWN_WORKFLOW', unknown)
  }
  const position = row.steps.indexOf(row.step)
  const input = definition.input.safeParse(row.input)
  const held = { ...row, definition, position, input: input.data }
  const unlike = position === -1 ? `no step ${row.step}` : changedStep(row, definition.steps)
  if (unlike !== null) return refuse(held, 'WORKFLOW_CHANGED', `knows ${unlike}`)
  if (input.success) return { held }
  const unreadable = `finds that its input cannot be read by ${row.workflow} version ${row.version}`
  return refuse(held, 'UNREADABLE_INPUT', unreadable)
}

/** It may run only the very steps that it began with: what differs first, or null. */
function changedStep(row: ClaimedRow, steps: readonly { readonly name: string }[]): string | null {
  const index = [...row.steps, undefined].findIndex((name, at) => name !== steps[at]?.name)
  if (index === -1) return null
  const [found = 'no step', began = 'no step'] = [steps[index]?.name, row.steps[index]]
  return `${found} as step ${index + 1} of ${row.workflow} version ${row.version}, where the operation began with ${began}`
}

function refuse<D>(held: Held<D>, code: string, what: string): Recognised<D> {
  return { held, refused: { kind: 'park', error: { code, message: `this version of Toygres ${what}` } } }
}
