import { minutes, type InTransaction, type UndoContext } from '@toygres/workflow'
import { moveInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type TransactStep } from './dependencies.ts'
import { awaitReady, deploy, markRunning, removeAll, verify } from './steps.ts'

/** Seals a password for the instance, whose record the caller has just made. */
const reserve: TransactStep<InstanceInput, void> = async ({ input, credentials, tx }) => {
  await credentials.generate(tx, input.id)
}

/** Runs last of all undos: nothing of the instance is left, so its record says how it ended. */
async function release(
  context: Dependencies & UndoContext<InstanceInput, unknown> & InTransaction,
): Promise<void> {
  const { input, credentials, tx, because, reason } = context
  await credentials.erase(tx, input.id)
  if (because === 'cancelled') await moveInstance(tx, input.id, { from: ['creating'], to: 'deleted' })
  else
    await moveInstance(tx, input.id, {
      from: ['creating'],
      to: 'failed',
      reason: reason ?? 'creation failed',
    })
}

export const createInstance = workflow('create-instance', { version: 1, input: InstanceInput })
  .transact('reserve', reserve, { undo: release })
  .step('deploy', deploy, { undo: removeAll })
  .step('await-ready', awaitReady, { deadline: minutes(10) })
  .step('verify', verify)
  .transact('mark-running', markRunning)
