import { InstanceName, PostgresVersion, defaultPostgresVersion, type DriftKind } from '@toygres/schema'
import { OperationInProgress, type Engine, type Workflow } from '@toygres/workflow'
import type { TransactionSql } from 'postgres'
import { createInstance } from '../workflows/create-instance.ts'
import { deleteInstance } from '../workflows/delete-instance.ts'
import type { Dependencies, InstanceInput } from '../workflows/dependencies.ts'
import { removeLeftovers } from '../workflows/remove-leftovers.ts'
import { startInstance } from '../workflows/start-instance.ts'
import { stopInstance } from '../workflows/stop-instance.ts'
import type { KnownInstance } from './finding.ts'

export interface Repair {
  readonly kind: DriftKind
  readonly id: string
  /** As the provider has it, which for an orphan is all there is. */
  readonly name: string
  readonly known: KnownInstance | null
  /** Of the provider that has it, whose limit it counts against. */
  readonly group: string
}

/**
 * Starts the operation that repairs a drift, under the same lock as the operations of users.
 * @returns its id; null when another operation changes the instance, which is left to it
 */
export async function startRepair(
  engine: Engine<Dependencies>,
  tx: TransactionSql,
  { kind, id, name, known, group }: Repair,
): Promise<string | null> {
  const input = {
    id,
    name: InstanceName.safeParse(known?.name ?? name).data ?? 'unknown',
    version: PostgresVersion.safeParse(known?.version).data ?? defaultPostgresVersion,
  }
  const start = <I extends InstanceInput, O, R>(workflow: Workflow<Dependencies, I, O, R>, withInput: I) =>
    engine.start(tx, workflow, {
      resourceId: id,
      input: withInput,
      requestedBy: 'system',
      acrossTenants: true,
      group,
      ...(known && { projectId: known.projectId }),
    })

  async function finish(): Promise<string | null> {
    switch (known?.state) {
      case 'creating':
        return start(createInstance, input)
      case 'stopping':
        return start(stopInstance, { ...input, repairs: null })
      case 'starting':
        return start(startInstance, { ...input, repairs: null })
      default:
        return start(deleteInstance, input)
    }
  }

  async function startTheRightOne(): Promise<string | null> {
    switch (kind) {
      case 'server-down':
        return start(startInstance, { ...input, repairs: kind })
      case 'spec-changed':
        return known?.state === 'stopped'
          ? start(stopInstance, { ...input, repairs: kind })
          : start(startInstance, { ...input, repairs: kind })
      case 'operation-gone':
        return finish()
      case 'leftover':
        // A deletion that gave up is what its owner still wants.
        return known?.state === 'failed' && known.lastWorkflow === deleteInstance.name
          ? start(deleteInstance, input)
          : start(removeLeftovers, input)
      case 'orphan':
        return start(removeLeftovers, input)
      case 'data-missing':
        return null
    }
  }

  return startTheRightOne().catch((error: unknown) => {
    if (error instanceof OperationInProgress) return null
    throw error
  })
}

/**
 * Repairs of this kind that began within the last hour, over all its drifts. Counted by their operations: a drift that stays
 * for days is repaired again and again, and remembers no times.
 */
export async function recentRepairs(
  tx: TransactionSql,
  instanceId: string,
  kind: DriftKind,
): Promise<number> {
  const startedFor = kind === 'server-down' || kind === 'spec-changed' ? kind : null
  const [row] = await tx<{ repairs: number }[]>`
    select count(*)::integer as repairs from operations
    where resource_id = ${instanceId} and requested_by = 'system' and created_at > now() - interval '1 hour'
      and input ->> 'repairs' is not distinct from ${startedFor}::text`
  return row?.repairs ?? 0
}
