import { InstanceState } from '@toygres/schema'
import {
  again,
  minutes,
  seconds,
  type InTransaction,
  type RetryPolicy,
  type UndoContext,
} from '@toygres/workflow'
import { moveInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type Step, type TransactStep } from './dependencies.ts'
import { removeAll } from './steps.ts'
import { bearingOutages, patienceMs } from './while-away.ts'

const markDeleting: TransactStep<InstanceInput, void> = async ({ input, health, tx }) => {
  // Before anything else: nobody is to hear that an instance is unhealthy because it is being deleted.
  await health.stop(tx, input.id)
  // A creation that was cancelled for this deletion has ended as `deleted`, and stays that: the rest is a check.
  await moveInstance(tx, input.id, { from: InstanceState.exclude(['deleted']).options, to: 'deleting' })
}

/** A deletion cannot be undone; one that gives up says so on the instance, which can be deleted again. */
async function reportFailure(
  context: Dependencies & UndoContext<InstanceInput, unknown> & InTransaction,
): Promise<void> {
  const reason = `deletion failed: ${context.reason ?? 'it was cancelled'}`
  await moveInstance(context.tx, context.input.id, { from: ['deleting'], to: 'failed', reason })
}

export const verifyGone: Step<InstanceInput, void> = bearingOutages(async ({ input, provider, signal }) => {
  const seen = await provider.observe(input, { signal, patienceMs })
  if (seen.phase === 'absent') return
  return again({ after: seconds(1), because: `the ${provider.name} provider still sees the instance` })
})

const markDeleted: TransactStep<InstanceInput, void> = async ({ input, credentials, tx }) => {
  await credentials.erase(tx, input.id)
  await moveInstance(tx, input.id, { from: ['deleting'], to: 'deleted' })
}

/** What cannot be removed keeps costing its owner: worth more patience than the default. */
const patient: RetryPolicy = { attempts: 10, firstDelay: 200, longestDelay: minutes(1) }

export const deleteInstance = workflow('delete-instance', { version: 1, input: InstanceInput })
  .transact('mark-deleting', markDeleting, { undo: reportFailure })
  .step('remove', removeAll, { retry: patient, deadline: minutes(10) })
  .step('verify-gone', verifyGone, { deadline: minutes(10) })
  .transact('mark-deleted', markDeleted)
