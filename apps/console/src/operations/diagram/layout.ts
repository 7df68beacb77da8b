import type { WorkflowGraph } from '@toygres/sdk'

type Node = WorkflowGraph['nodes'][number]

export interface PlacedNode extends Node {
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
}

export interface PlacedEdge {
  readonly from: string
  readonly to: string
  readonly when: 'done' | 'failed'
  readonly path: string
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
}

export const boxHeight = 40
const gap = { x: 26, y: 54 }
const margin = 10
/** Of a letter, and of the room on both sides of a label. */
const [letterWidth, padding] = [7.2, 20]

/**
 * What goes well runs along the top, from left to right; what is undone lies below what it undoes, and runs back. Derived
 * from the graph alone, whatever workflow it is of. All boxes are as wide as the longest label needs.
 */
export function layoutOf({ nodes, edges }: WorkflowGraph): Layout {
  const width = Math.ceil(Math.max(...nodes.map(({ id }) => id.length)) * letterWidth) + padding
  const steps = nodes.filter(({ kind }) => kind === 'step' || kind === 'transact')
  const column = (index: number) => margin + (index + 1) * (width + gap.x)
  const [top, bottom] = [margin, margin + boxHeight + gap.y]
  const placed = nodes.map((node): PlacedNode => {
    const placedAt = (x: number, y: number) => ({ ...node, label: node.id, width, x, y })
    if (node.id === 'succeeded') return placedAt(column(steps.length), top)
    if (node.kind === 'end') return placedAt(margin, bottom)
    const undone = node.kind === 'undo' ? node.id.replace(/^undo /, '') : node.id
    const x = column(steps.findIndex(({ id }) => id === undone))
    return placedAt(x, node.kind === 'undo' ? bottom : top)
  })
  const at = new Map(placed.map((node) => [node.id, node]))
  return {
    width: column(steps.length) + width + margin,
    height: bottom + boxHeight + margin,
    nodes: placed,
    edges: edges.flatMap(({ from, to, when }) => {
      const [a, b] = [at.get(from), at.get(to)]
      return a && b ? [{ from, to, when, path: pathBetween(a, b) }] : []
    }),
  }
}

function pathBetween(a: PlacedNode, b: PlacedNode): string {
  const middle = (node: PlacedNode) => ({ x: node.x + node.width / 2, y: node.y + boxHeight / 2 })
  if (a.y === b.y) {
    const forward = a.x < b.x
    const y = middle(a).y
    return `M ${forward ? a.x + a.width : a.x} ${y} H ${forward ? b.x - 2 : b.x + b.width + 2}`
  }
  // Down, and to the left where the step itself has nothing to undo.
  const [from, to] = [middle(a), middle(b)]
  const [y1, y2] = [a.y + boxHeight, b.y - 2]
  if (from.x === to.x) return `M ${from.x} ${y1} V ${y2}`
  const turn = y1 + (y2 - y1) * 0.45
  return `M ${from.x} ${y1} V ${turn} H ${to.x + 14} Q ${to.x} ${turn} ${to.x} ${turn + 12} V ${y2}`
}
