import type { Address } from '@toygres/providers'
import { again, PermanentError, seconds, type Again } from '@toygres/workflow'
import { ensureMonitorRole } from '../health/monitor-role.ts'
import { markInstanceRunning } from '../instances/state.ts'
import { resolveDrift } from '../reconcile/drift-rows.ts'
import type { Dependencies, InstanceInput, Step, TransactStep } from './dependencies.ts'

/** Makes everything of the instance exist and its server run; ends before it answers. */
export const deploy: Step<InstanceInput, void> = async ({ input, provider, credentials, signal }) => {
  await provider.ensure({ ...input, password: await credentials.reveal(input.id) }, { signal })
}

/** The provider's watch wakes this step; the delay is only a safety net. */
export const awaitReady: Step<InstanceInput, Address> = async ({ input, provider, signal }) => {
  const seen = await provider.observe(input, { signal })
  switch (seen.phase) {
    case 'ready':
      return seen.address
    case 'starting':
      return again({ after: seconds(1), because: seen.detail })
    case 'failed':
      throw new PermanentError(seen.code, seen.detail)
    case 'stopped':
    case 'partial':
      throw new PermanentError('START_FAILED', seen.detail)
    case 'absent':
      throw new PermanentError('START_FAILED', 'the server vanished while it was starting')
  }
}

/** A real login and real statements, so that "running" is never said of a server that cannot be used. Makes the role that checks log in as. */
export const verify: Step<InstanceInput, void, { 'await-ready': Address }> = async ({
  input,
  outputs,
  credentials,
}) => {
  const [superuser, monitor] = [
    await credentials.reveal(input.id),
    await credentials.monitorPassword(input.id),
  ]
  await ensureMonitorRole(outputs['await-ready'], { superuser, monitor })
}

export const markRunning: TransactStep<InstanceInput, void, { 'await-ready': Address }> = async ({
  input,
  outputs,
  health,
  tx,
}) => {
  await resolveDrift(tx, input.id, null)
  // Before the instance's own row: see schedule.ts.
  await health.start(tx, input.id)
  const moved = await markInstanceRunning(tx, input.id, outputs['await-ready'])
  if (!moved) throw new PermanentError('STATE_CHANGED', 'the instance is no longer expected to run')
}

/** Both a step and an undo: removes everything, and comes back until nothing is left. */
export async function removeAll({
  input,
  provider,
  signal,
}: Dependencies & { input: InstanceInput; signal: AbortSignal }): Promise<Again | void> {
  const left = await provider.remove(input, { signal })
  if (left.length > 0) return again({ after: seconds(1), because: `still there: ${left.join(', ')}` })
}
