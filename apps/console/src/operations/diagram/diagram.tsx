import type { Operation, WorkflowGraph } from '@toygres/sdk'
import { useMemo } from 'react'
import { Sideways } from '../../ui/sideways.tsx'
import './diagram.css'
import { boxHeight, layoutOf, type PlacedEdge } from './layout.ts'
import { isTaken, lightOf } from './lit.ts'

/** The workflow as it is defined, with what the operation is at lit. */
export function Diagram({ graph, operation }: { graph: WorkflowGraph; operation: Operation }) {
  const { width, height, nodes, edges } = useMemo(() => layoutOf(graph), [graph])
  // Those that were gone along lie above those that were not.
  const drawn = edges
    .map((edge) => ({ ...edge, kind: kindOf(operation, edge) }))
    .toSorted((a, b) => Number(a.kind !== 'plain') - Number(b.kind !== 'plain'))
  const now = nodes.filter(({ id }) => ['now', 'waiting'].includes(lightOf(operation, id)))
  const told =
    now.length > 0 ? `At ${now.map(({ label }) => label).join(', ')}.` : `It has ${operation.state}.`
  return (
    <Sideways className="diagram" name="Workflow diagram">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={`${graph.workflow}: ${operation.steps.map(({ name }) => name).join(', then ')}. ${told}`}
      >
        <defs>
          {['plain', 'taken', 'wrong'].map((kind) => (
            <marker
              key={kind}
              id={`arrow-${kind}`}
              className={`arrow ${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0 0.8 7 4 0 7.2z" />
            </marker>
          ))}
        </defs>
        {drawn.map(({ from, to, when, path, kind }) => (
          <path
            key={`${from} ${to} ${when}`}
            className={`edge ${when} ${kind}`}
            d={path}
            markerEnd={`url(#arrow-${kind})`}
          />
        ))}
        {nodes.map(({ id, kind, label, x, y, width }) => (
          <g
            key={id}
            className={`node ${kind} ${lightOf(operation, id)}`}
            data-node={id}
            data-light={lightOf(operation, id)}
          >
            <rect x={x} y={y} width={width} height={boxHeight} rx={kind === 'end' ? 20 : 9} />
            <text x={x + width / 2} y={y + boxHeight / 2 + 4.5} textAnchor="middle">
              {label}
            </text>
          </g>
        ))}
      </svg>
    </Sideways>
  )
}

function kindOf(operation: Operation, { from, to, when }: PlacedEdge): 'plain' | 'taken' | 'wrong' {
  if (!isTaken(operation, from, to, when)) return 'plain'
  return when === 'failed' ? 'wrong' : 'taken'
}
