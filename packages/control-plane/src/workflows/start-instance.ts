import { minutes, PermanentError, type InTransaction, type UndoContext } from '@toygres/workflow'
import { dataMissing, explainInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type Step, type TransactStep } from './dependencies.ts'
import { awaitReady, markRunning, startServer, verify } from './steps.ts'

const markStarting: TransactStep<InstanceInput, void> = async ({ input, tx }) => {
  const expected = await explainInstance(tx, input.id, 'its server was found stopped and is being started')
  if (!expected) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to run')
}

const startKept: Step<InstanceInput, void> = async (context) => {
  const { phase } = await context.provider.observe(context.input, { signal: context.signal })
  // To deploy it anew would put an empty database in the place of the user's data.
  if (phase === 'absent' || phase === 'partial') throw new PermanentError('DATA_MISSING', dataMissing)
  return startServer(context)
}

async function reportFailure(
  context: Dependencies & UndoContext<InstanceInput, unknown> & InTransaction,
): Promise<void> {
  await explainInstance(
    context.tx,
    context.input.id,
    `its server is stopped: ${context.reason ?? 'the start was cancelled'}`,
  )
}

/** Starts the server of a running instance again, on the address it had: after a reboot of the machine. */
export const startInstance = workflow('start-instance', { version: 1, input: InstanceInput })
  .transact('mark-starting', markStarting, { undo: reportFailure })
  .step('start', startKept, { deadline: minutes(10) })
  .step('await-ready', awaitReady, { deadline: minutes(10) })
  .step('verify', verify, { deadline: minutes(2) })
  .transact('mark-running', markRunning)
