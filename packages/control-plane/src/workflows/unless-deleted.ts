import type { Again } from '@toygres/workflow'
import type { Dependencies, InstanceInput } from './dependencies.ts'
import { bearingOutages } from './while-away.ts'

/** An undo that a deletion does not wait for: whether the server of what it removes runs or not makes no difference to it. */
export const unlessDeleted = <Context extends Dependencies & { readonly input: InstanceInput }>(
  undo: (context: Context) => Promise<Again | void>,
) =>
  bearingOutages<Context, void>(async (context) => {
    if (!(await context.isBeingDeleted(context.input.id))) return undo(context)
  })
