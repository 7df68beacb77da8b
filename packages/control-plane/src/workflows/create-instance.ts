import { minutes, PermanentError, type InTransaction, type UndoContext } from '@toygres/workflow'
import { moveInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type TransactStep } from './dependencies.ts'
import { awaitReady, deploy, markRunning, removeAll, verify } from './steps.ts'

/** Seals a password for the instance, whose record the caller has just made; or that failed, and is tried again. */
const reserve: TransactStep<InstanceInput, void> = async ({ input, credentials, tx }) => {
  await credentials.generate(tx, input.id)
  const expected = await moveInstance(tx, input.id, { from: ['creating', 'failed'], to: 'creating' })
  if (!expected) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to be made')
}

/**
 * Runs last of all undos, also where nothing was reserved: the instance's record says how its creation ended. What could
 * not be removed keeps its name and its password, until it is deleted or its removal is tried again.
 */
async function release(
  context: Dependencies & UndoContext<InstanceInput, unknown> & InTransaction,
): Promise<void> {
  const { input, credentials, tx, because, leftovers } = context
  const reason = context.reason ?? 'creation failed'
  if (leftovers.length > 0) {
    const left = `its creation was given up, but something of it is left (${reason}): delete it`
    await moveInstance(tx, input.id, { from: ['creating', 'failed'], to: 'failed', reason: left })
    return
  }
  const ended = because === 'cancelled' ? ({ to: 'deleted' } as const) : ({ to: 'failed', reason } as const)
  // One that runs after all, made by another operation, keeps its password.
  if (await moveInstance(tx, input.id, { from: ['creating', 'failed'], ...ended }))
    await credentials.erase(tx, input.id)
}

export const createInstance = workflow('create-instance', { version: 1, input: InstanceInput })
  .transact('reserve', reserve, { undo: release })
  .step('deploy', deploy, { undo: removeAll, deadline: minutes(10) })
  .step('await-ready', awaitReady, { deadline: minutes(10) })
  .step('verify', verify, { deadline: minutes(2) })
  .transact('mark-running', markRunning)
