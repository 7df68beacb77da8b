import { minutes, PermanentError, type InTransaction, type UndoContext } from '@toygres/workflow'
import { z } from 'zod'
import { explainInstance, moveInstance } from '../instances/state.ts'
import { InstanceInput, workflow, type Dependencies, type TransactStep } from './dependencies.ts'
import { awaitReady, markRunning, startKept, stopServer, verifyAgain } from './steps.ts'
import { unlessDeleted } from './unless-deleted.ts'

export const StartInput = InstanceInput.extend({
  /** What was found, which is what people are told; null where somebody asked for a stopped instance to be started. */
  repairs: z.enum(['server-down', 'spec-changed']).nullable().default('server-down'),
})
export type StartInput = z.infer<typeof StartInput>

/** For people: what is being done, and what it means when it cannot be. */
const explanations: Readonly<Record<NonNullable<StartInput['repairs']>, { doing: string; failed: string }>> =
  {
    'server-down': {
      doing: 'its server was found stopped and is being started',
      failed: 'its server is stopped',
    },
    'spec-changed': {
      doing: 'somebody changed its configuration, which is being put back',
      failed: 'somebody changed its configuration, which could not be put back',
    },
  }

type Undo = Dependencies & UndoContext<StartInput, unknown>

const markStarting: TransactStep<StartInput, void> = async ({ input: { id, repairs }, tx }) => {
  const expected =
    repairs === null
      ? await moveInstance(tx, id, { from: ['stopped', 'starting'], to: 'starting' })
      : await explainInstance(tx, id, explanations[repairs].doing)
  if (!expected) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to run')
}

async function reportFailure({ input, tx, reason }: Undo & InTransaction): Promise<void> {
  const { id, repairs } = input
  if (repairs === null) {
    const because = reason && `it could not be started: ${reason}`
    await moveInstance(tx, id, { from: ['starting'], to: 'stopped', reason: because })
    return
  }
  await explainInstance(tx, id, `${explanations[repairs].failed}: ${reason ?? 'the repair was cancelled'}`)
}

/** What was stopped before is stopped again; what is repaired may have run all the while. */
const stopWhatStarted = unlessDeleted(async (context: Undo) =>
  context.input.repairs === null ? stopServer(context) : undefined,
)

/**
 * Makes an instance run that was stopped; or one that should run again what it should be, on the address it had: after a reboot of
 * the machine, or a foreign edit.
 */
export const startInstance = workflow('start-instance', { version: 1, input: StartInput })
  .transact('mark-starting', markStarting, { undo: reportFailure })
  .step('start', startKept, { undo: stopWhatStarted, deadline: minutes(10) })
  .step('await-ready', awaitReady, { deadline: minutes(10) })
  .step('verify', verifyAgain, { deadline: minutes(2) })
  .transact('mark-running', markRunning)
