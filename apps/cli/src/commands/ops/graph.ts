import type { WorkflowGraph } from '@toygres/sdk'
import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { openSession } from '../../session.ts'

export const opsGraphCommand = (): Command =>
  new Command('graph')
    .description('show the workflow of an operation: what follows each step, and what follows its failure')
    .addArgument(operationArgument())
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const graph = await toygres.operations.graph(id)
      await print(format, graph, { view: () => graphView(graph), name: () => graph.workflow })
    })

function graphView({ nodes, edges }: WorkflowGraph): string {
  const after = (id: string, when: 'done' | 'failed') =>
    edges
      .filter((edge) => edge.from === id && edge.when === when)
      .map(({ to }) => to)
      .join(', ')
  return table<WorkflowGraph['nodes'][number]>(
    [
      { title: 'STEP', cell: ({ id }) => id },
      { title: 'KIND', cell: ({ kind }) => kind },
      { title: 'THEN', cell: ({ id }) => after(id, 'done') },
      { title: 'ON FAILURE', cell: ({ id }) => after(id, 'failed') },
    ],
    nodes.filter(({ kind }) => kind !== 'end'),
  )
}
