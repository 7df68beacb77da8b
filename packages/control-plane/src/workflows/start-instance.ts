import { minutes, PermanentError, type InTransaction, type UndoContext } from '@toygres/workflow'
import { z } from 'zod'
import { dataMissing, explainInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type Step, type TransactStep } from './dependencies.ts'
import { awaitReady, markRunning, startServer, verify } from './steps.ts'
import { bearingOutages, patienceMs } from './while-away.ts'

export const StartInput = InstanceInput.extend({
  /** What was found, which is what people are told. */
  repairs: z.enum(['server-down', 'spec-changed']).default('server-down'),
})
export type StartInput = z.infer<typeof StartInput>

/** For people: what is being done, and what it means when it cannot be. */
const explanations: Readonly<Record<StartInput['repairs'], { doing: string; failed: string }>> = {
  'server-down': {
    doing: 'its server was found stopped and is being started',
    failed: 'its server is stopped',
  },
  'spec-changed': {
    doing: 'somebody changed its configuration, which is being put back',
    failed: 'somebody changed its configuration, which could not be put back',
  },
}

const markStarting: TransactStep<StartInput, void> = async ({ input, tx }) => {
  const expected = await explainInstance(tx, input.id, explanations[input.repairs].doing)
  if (!expected) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to run')
}

const startKept: Step<StartInput, void> = bearingOutages(async (context) => {
  const { phase } = await context.provider.observe(context.input, { signal: context.signal, patienceMs })
  // To deploy it anew would put an empty database in the place of the user's data.
  if (phase === 'absent' || phase === 'partial') throw new PermanentError('DATA_MISSING', dataMissing)
  return startServer(context)
})

async function reportFailure({
  input,
  tx,
  reason,
}: Dependencies & UndoContext<StartInput, unknown> & InTransaction): Promise<void> {
  const { failed } = explanations[input.repairs]
  await explainInstance(tx, input.id, `${failed}: ${reason ?? 'the repair was cancelled'}`)
}

/** Makes a running instance again what it should be, on the address it had: after a reboot of the machine, or a foreign edit. */
export const startInstance = workflow('start-instance', { version: 1, input: StartInput })
  .transact('mark-starting', markStarting, { undo: reportFailure })
  .step('start', startKept, { deadline: minutes(10) })
  .step('await-ready', awaitReady, { deadline: minutes(10) })
  .step('verify', verify, { deadline: minutes(2) })
  .transact('mark-running', markRunning)
