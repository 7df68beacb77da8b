import { ProviderError, type Address } from '@toygres/providers'
import { again, PermanentError, seconds, type Again } from '@toygres/workflow'
import { ensureMonitorRole } from '../health/monitor-role.ts'
import { dataMissing, markInstanceRunning } from '../instances/state.ts'
import { resolveDrift } from '../reconcile/drift-rows.ts'
import type { Dependencies, InstanceInput, Step, TransactStep } from './dependencies.ts'
import { bearingOutages, patienceMs } from './while-away.ts'

type InstanceStep<Output, Outputs = unknown> = Step<InstanceInput, Output, Outputs>
type InstanceContext = Parameters<InstanceStep<void>>[0]

/** Makes everything of the instance exist and its server run; ends before it answers. */
export const deploy: InstanceStep<void> = bearingOutages(ensureInstance)

async function ensureInstance({ input, provider, credentials, signal }: InstanceContext): Promise<void> {
  const password = await credentials.reveal(input.id)
  await provider.ensure({ ...input, password }, { signal, patienceMs })
}

/** The provider's watch wakes this step; the delay is only a safety net. A server that has died is started again. */
export const awaitReady: InstanceStep<Address> = bearingOutages<InstanceContext, Address>(async (context) => {
  const { input, provider, signal } = context
  const seen = await provider.observe(input, { signal, patienceMs })
  switch (seen.phase) {
    case 'ready':
      return seen.address
    case 'starting':
      return again({ after: seconds(1), because: seen.detail })
    case 'stopped':
      return reviveServer(context, seen.detail)
    case 'failed':
      if (seen.code === 'PORT_TAKEN') return reviveServer(context, seen.detail)
      throw new PermanentError(seen.code, seen.detail)
    case 'partial':
      throw new PermanentError('START_FAILED', seen.detail)
    case 'absent':
      throw new PermanentError('START_FAILED', 'the server vanished while it was starting')
  }
})

/**
 * A real login and real statements, so that "running" is never said of a server that cannot be used. Makes the role that
 * checks log in as.
 */
export const verify: InstanceStep<void, { 'await-ready': Address }> = bearingOutages(async (context) => {
  const { input, outputs, provider, credentials, names, signal } = context
  const superuser = await credentials.reveal(input.id)
  const monitor = await credentials.monitorPassword(input.id)
  try {
    const place = { ...outputs['await-ready'], lookup: names.lookup }
    await ensureMonitorRole(place, { superuser, monitor }, signal)
  } catch (error) {
    signal.throwIfAborted()
    const seen = await provider.observe(input, { signal, patienceMs })
    if (seen.phase === 'starting') return again({ after: seconds(1), because: seen.detail })
    if (seen.phase === 'stopped') return reviveServer(context, seen.detail)
    throw error
  }
})

/**
 * Of one that ran before: where the user has changed the password since, that the server refuses ours is an answer like any other.
 */
export const verifyAgain: typeof verify = async (context) => {
  try {
    return await verify(context)
  } catch (error) {
    if (!isRefusedPassword(error)) throw error
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: invalid_password, invalid_authorization_specification */
const isRefusedPassword = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '28P01' || error.code === '28000')

/**
 * Starts a server whose data is there. An instance keeps its port: one that somebody else has just now, be it the near
 * end of a passing connection, is waited for.
 */
export async function startServer(context: InstanceContext): Promise<Again | void> {
  try {
    await ensureInstance(context)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'PORT_TAKEN') throw error
    return again({ after: seconds(1), because: error.message })
  }
}

/** The same of a server whose data must be there: to deploy it anew would put an empty database in the place of the user's. */
export const startKept = bearingOutages<InstanceContext, void>(async (context) => {
  const { phase } = await context.provider.observe(context.input, { signal: context.signal, patienceMs })
  if (phase === 'absent' || phase === 'partial') throw new PermanentError('DATA_MISSING', dataMissing)
  return startServer(context)
})

/** The undo of a stop: the server runs again, and answers. */
export async function startAgain(context: InstanceContext): Promise<Again | void> {
  const waits = await startKept(context)
  if (waits) return waits
  const seen = await awaitReady(context)
  if (!('host' in seen)) return seen
}

/** Both a step and the undo of a start: ends the server in good order, and comes back until it has ended. */
export const stopServer = bearingOutages<Dependencies & { input: InstanceInput; signal: AbortSignal }, void>(
  async ({ input, provider, signal }) => {
    if (await provider.stop(input, { signal, patienceMs })) return
    return again({ after: seconds(1), because: 'its server is on its way out' })
  },
)

/** Starts it, and comes back to look. */
const reviveServer = async (context: InstanceContext, because: string): Promise<Again> =>
  (await startServer(context)) ?? again({ after: seconds(1), because })

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
export const removeAll = bearingOutages<Dependencies & { input: InstanceInput; signal: AbortSignal }, void>(
  async ({ input, provider, signal }) => {
    const left = await provider.remove(input, { signal, patienceMs })
    if (left.length > 0) return again({ after: seconds(1), because: `still there: ${left.join(', ')}` })
  },
)
