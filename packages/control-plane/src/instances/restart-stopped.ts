import type { InstanceProvider } from '@toygres/providers'
import type { Instance } from '@toygres/schema'
import { OperationInProgress, type Engine, type Logger } from '@toygres/workflow'
import type { Sql } from 'postgres'
import type { Dependencies } from '../workflows/dependencies.ts'
import { startInstance } from '../workflows/start-instance.ts'
import { listInstances } from './rows.ts'
import { dataMissing, explainInstance } from './state.ts'

export interface RestartOptions {
  readonly sql: Sql
  readonly engine: Engine<Dependencies>
  readonly provider: InstanceProvider
  readonly logger: Logger
}

const pageSize = 500

/** Finds running instances whose servers do not run (the machine was rebooted) and starts each by an operation of its own. */
export async function restartStopped({ sql, engine, provider, logger }: RestartOptions): Promise<void> {
  const phases = new Map((await provider.list()).map(({ id, observation }) => [id, observation.phase]))
  for await (const instance of runningInstances(sql)) {
    if (instance.provider !== provider.name || instance.activeOperationId !== null) continue
    const phase = phases.get(instance.id) ?? 'absent'
    if (phase === 'ready' || phase === 'starting') continue
    if (phase === 'absent' || phase === 'partial') await explainInstance(sql, instance.id, dataMissing)
    else await startAgain(sql, engine, instance)
    logger.warn({ instance: instance.id, phase }, 'a running instance was found without its server')
  }
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
    await sql.begin((tx) =>
      engine.start(tx, startInstance, {
        resourceId: id,
        input: { id, name, version },
        requestedBy: 'system',
      }),
    )
  } catch (error) {
    // Another control plane on the same database was quicker.
    if (!(error instanceof OperationInProgress)) throw error
  }
}
