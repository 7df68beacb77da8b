import type { AnyWorkflow } from './define.ts'

export interface GraphNode {
  readonly id: string
  readonly kind: 'step' | 'transact' | 'undo' | 'end'
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly when: 'done' | 'failed'
}

/** A workflow as a diagram shows it: derived from its definition, so it cannot drift from what runs. */
export interface WorkflowGraph {
  readonly workflow: string
  readonly version: number
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

export function graphOf<D>({ name, version, steps }: Omit<AnyWorkflow<D>, 'input'>): WorkflowGraph {
  const undoable = steps.filter(({ undo }) => undo !== null)
  /** Where a failure at this step leads: to its own undo or the last one before it, which leads to the one before that. */
  const undoFrom = (index: number): string => {
    const first = steps.findLast(({ undo }, at) => at <= index && undo !== null)
    return first === undefined ? 'failed' : `undo ${first.name}`
  }
  return {
    workflow: name,
    version,
    nodes: [
      ...steps.map(({ name: id, kind }) => ({ id, kind })),
      ...undoable.map((step) => ({ id: `undo ${step.name}`, kind: 'undo' as const })),
      { id: 'succeeded', kind: 'end' },
      { id: 'failed', kind: 'end' },
    ],
    edges: [
      ...steps.flatMap((step, index) => [
        { from: step.name, to: steps[index + 1]?.name ?? 'succeeded', when: 'done' as const },
        { from: step.name, to: undoFrom(index), when: 'failed' as const },
      ]),
      ...undoable.map((step) => {
        return { from: `undo ${step.name}`, to: undoFrom(steps.indexOf(step) - 1), when: 'done' as const }
      }),
    ],
  }
}
