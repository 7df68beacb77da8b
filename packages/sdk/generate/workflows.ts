import { workflows } from '@toygres/control-plane'
import { comment, field, quoted, union } from './text.ts'

export function renderWorkflows(): string {
  const kinds = workflows
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, steps }) =>
      field({ name: quoted(name), type: union(steps.map((step) => step.name)), depth: 1 }),
    )
  return `${comment('The steps of each kind of operation, in order.')}
export interface WorkflowSteps {
${kinds.join('\n')}
}
`
}
