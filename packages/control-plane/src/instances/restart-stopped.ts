import type { InstanceProvider } from '@toygres/providers'
import type { Instance } from '@toygres/schema'
import { OperationInProgress, type Engine, type Logger } from '@toygres/workflow'
import type { Sql } from 'postgres'
import type { Dependencies } from '../workflows/dependencies.ts'
import { startInstance } from '../workflows/start-instance.ts'
import { listInstances, lockInstance } from './rows.ts'
import { dataMissing, explainInstance } from './state.ts'

export interface RestartOptions {
  readonly sql: Sql
  readonly engine: Engine<Dependencies>
  readonly provider: InstanceProvider
  readonly logger: Logger
}

const pageSize = 500

/**
 * Finds running instances whose servers do not run (the machine was rebooted) and starts each by an operation of its own.
 * Operations run meanwhile: what the list says may be older than a row, so it only tells whom to look at again.
 */
export async function restartStopped(options: RestartOptions, signal: AbortSignal): Promise<void> {
  const { sql, provider } = options
  const listed = new Map((await provider.list({ signal })).map(({ id, observation }) => [id, observation]))
  for await (const instance of runningInstances(sql)) {
    signal.throwIfAborted()
    if (instance.provider !== provider.name || instance.activeOperationId !== null) continue
    const seemsWell = listed.get(instance.id)?.phase === 'ready' && instance.stateReason === null
    if (!seemsWell) await restore(options, instance, signal)
  }
}

async function restore(
  { sql, engine, provider, logger }: RestartOptions,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  const { phase } = await provider.observe(instance, { signal })
  if (phase === 'starting') return
  if (phase === 'ready') {
    if (instance.stateReason !== null) await explainInstance(sql, instance.id, null)
    return
  }
  logger.warn({ instance: instance.id, phase }, 'a running instance was found without its server')
  if (phase === 'absent' || phase === 'partial') await explainInstance(sql, instance.id, dataMissing)
  else await startAgain(sql, engine, instance)
}

async function* runningInstances(sql: Sql): AsyncGenerator<Instance> {
  let before: string | undefined
  do {
    const page: Instance[] = await listInstances(sql, { includeDeleted: false, before, limit: pageSize })
    yield* page.filter((instance) => instance.state === 'running')
    before = page.length === pageSize ? page.at(-1)?.id : undefined
  } while (before !== undefined)
}

async function startAgain(
  sql: Sql,
  engine: Engine<Dependencies>,
  { id, name, version }: Instance,
): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      const { state } = await lockInstance(tx, id)
      if (state !== 'running') return
      await engine.start(tx, startInstance, {
        resourceId: id,
        input: { id, name, version },
        requestedBy: 'system',
      })
    })
  } catch (error) {
    // Another control plane on the same database was quicker.
    if (!(error instanceof OperationInProgress)) throw error
  }
}
