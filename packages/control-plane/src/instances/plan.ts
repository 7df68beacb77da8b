import type { Plan, PlannedChange } from '@toygres/schema'
import type { WorkflowGraph } from '@toygres/workflow'

type Value = PlannedChange['from']
type Settings = Record<string, Value | Record<string, Value> | undefined>

/** What an operation of this workflow would do, by its own definition. */
export function planOf(
  { workflow, nodes }: WorkflowGraph,
  { changes, cancels = null }: Partial<Pick<Plan, 'cancels'>> & Pick<Plan, 'changes'>,
): Plan {
  const undoable = new Set(nodes.filter(({ kind }) => kind === 'undo').map(({ id }) => id))
  const steps = nodes.flatMap(({ id, kind }) =>
    kind === 'step' || kind === 'transact' ? [{ name: id, kind, undoable: undoable.has(`undo ${id}`) }] : [],
  )
  return { workflow, steps, changes, cancels }
}

/** A change that needs no operation, or that one is at already. */
export const planWithoutOperation = (changes: PlannedChange[]): Plan => ({
  workflow: null,
  steps: [],
  changes,
  cancels: null,
})

/** What differs, field by field; one that `to` does not name stays as it is, and the parts of one it names that it leaves out go. */
export function changesBetween(from: Settings, to: Settings): PlannedChange[] {
  return Object.entries(to).flatMap(([path, after]) => {
    if (after === undefined) return []
    const before = from[path] ?? null
    if (!isParted(before) && !isParted(after))
      return before === after ? [] : [{ path, from: before, to: after }]
    const [old, next] = [isParted(before) ? before : {}, isParted(after) ? after : {}]
    return [...new Set([...Object.keys(old), ...Object.keys(next)])]
      .map((part) => ({ path: `${path}.${part}`, from: old[part] ?? null, to: next[part] ?? null }))
      .filter((change) => change.from !== change.to)
  })
}

const isParted = (value: Settings[string]): value is Record<string, Value> =>
  typeof value === 'object' && value !== null
