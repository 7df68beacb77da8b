import { minutes } from '@toygres/workflow'
import { verifyGone } from './delete-instance.ts'
import { InstanceInput, workflow } from './dependencies.ts'
import { removeAll } from './steps.ts'

/** Removes what carries our mark and belongs to nobody. Metadata stays as it is, where it knows the instance at all. */
export const removeLeftovers = workflow('remove-leftovers', { version: 1, input: InstanceInput })
  .step('remove', removeAll, { deadline: minutes(10) })
  .step('verify-gone', verifyGone, { deadline: minutes(10) })
