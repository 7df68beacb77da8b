import type { Plan, PlannedChange, PlannedStep } from '@toygres/sdk'
import { print, say, type Format } from './print.ts'
import { table } from './table.ts'

/** Shows what would be done, of which nothing has been. */
export async function showPlan(format: Format, plan: Plan): Promise<void> {
  await print(format, { plan }, { view: () => planView(plan) })
  if (format === 'table') say('This is only the plan: nothing has been done.')
}

function planView({ workflow, steps, changes, cancels }: Plan): string {
  const parts = []
  if (cancels !== null) parts.push(`First, operation ${cancels} is cancelled, and what it did is undone.`)
  if (changes.length > 0)
    parts.push(
      table<PlannedChange>(
        [
          { title: 'FIELD', cell: ({ path }) => path },
          { title: 'FROM', cell: ({ from }) => from },
          { title: 'TO', cell: ({ to }) => to },
        ],
        changes,
      ),
    )
  if (workflow !== null)
    parts.push(
      table<PlannedStep>(
        [
          { title: 'STEP', cell: ({ name }) => name },
          { title: 'UNDONE ON FAILURE', cell: ({ undoable }) => (undoable ? 'yes' : 'no') },
        ],
        steps,
      ),
    )
  return parts.length === 0 ? 'Nothing would change.' : parts.join('\n\n')
}
