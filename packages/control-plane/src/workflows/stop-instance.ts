import {
  again,
  minutes,
  PermanentError,
  seconds,
  type InTransaction,
  type UndoContext,
} from '@toygres/workflow'
import { z } from 'zod'
import { explainStopped, isIn, moveInstance } from '../instances/state.ts'
import { resolveDrift } from '../reconcile/drift-rows.ts'
import { InstanceInput, workflow, type Dependencies, type Step, type TransactStep } from './dependencies.ts'
import { startAgain, stopServer } from './steps.ts'
import { unlessDeleted } from './unless-deleted.ts'
import { bearingOutages, patienceMs } from './while-away.ts'

export const StopInput = InstanceInput.extend({
  /** What was found, where nobody asked: a server that runs although its instance is stopped. */
  repairs: z.literal('spec-changed').nullable(),
})
export type StopInput = z.infer<typeof StopInput>

type Undo = Dependencies & UndoContext<StopInput, unknown>

const markStopping: TransactStep<StopInput, void> = async ({ input: { id, repairs }, health, tx }) => {
  // Before anything else: nobody is to hear that an instance is unhealthy because it is being stopped.
  await health.stop(tx, id, 'stopped')
  const expected =
    repairs === null
      ? await moveInstance(tx, id, { from: ['running', 'stopping'], to: 'stopping' })
      : await explainStopped(tx, id, 'somebody started its server, which is being stopped again')
  if (!expected) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to be stopped')
}

/** It runs again, and is checked. Where its server does not, that is found like any other that has died. */
async function markRunningAgain({ input, health, tx, reason }: Undo & InTransaction): Promise<void> {
  const { id, repairs } = input
  if (repairs !== null) {
    await explainStopped(
      tx,
      id,
      `somebody started its server: ${reason ?? 'that it is stopped was cancelled'}`,
    )
    return
  }
  if (!(await isIn(tx, id, 'stopping'))) return
  // Before the instance's own row: see schedule.ts.
  await health.start(tx, id)
  const because = reason && `it could not be stopped: ${reason}`
  await moveInstance(tx, id, { from: ['stopping'], to: 'running', reason: because })
}

/** What somebody else started stays as they left it. */
const startWhatRan = unlessDeleted(async (context: Undo) =>
  context.input.repairs === null ? startAgain(context) : undefined,
)

/** A server that a late start of an earlier operation has brought back is found here, and not called stopped. */
const verifyStopped: Step<StopInput, void> = bearingOutages(async ({ input, provider, signal }) => {
  const { phase } = await provider.observe(input, { signal, patienceMs })
  if (phase !== 'starting' && phase !== 'ready') return
  return again({ after: seconds(1), because: `the ${provider.name} provider still sees its server` })
})

const markStopped: TransactStep<StopInput, void> = async ({ input: { id, repairs }, tx }) => {
  await resolveDrift(tx, id, null)
  await moveInstance(tx, id, { from: [repairs === null ? 'stopping' : 'stopped'], to: 'stopped' })
}

/** Ends the server of an instance, which keeps all that it has: its data, its address and its password. */
export const stopInstance = workflow('stop-instance', { version: 1, input: StopInput })
  .transact('mark-stopping', markStopping, { undo: markRunningAgain })
  .step('stop', stopServer, { undo: startWhatRan, deadline: minutes(10) })
  .step('verify-stopped', verifyStopped, { deadline: minutes(1) })
  .transact('mark-stopped', markStopped)
