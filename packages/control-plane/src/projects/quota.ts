import { ToygresError, type ProjectId } from '@toygres/schema'
import type { TransactionSql } from 'postgres'
import { projectNotFound } from './rows.ts'

/**
 * Refuses what would exceed the project's quota of instances, or of operations under way; to be asked before the instance is
 * written. Where there is a limit, those who may get the last place come one after the other, until their transactions end.
 * @throws {ToygresError} QUOTA_EXCEEDED
 */
export async function makeRoomForInstance(tx: TransactionSql, projectId: ProjectId): Promise<void> {
  const limits = await lockLimits(tx, projectId)
  await refuseAbove(tx, projectId, { of: 'instances', limit: limits.instances })
  await refuseAbove(tx, projectId, { of: 'operations', limit: limits.operations })
}

/** The same for an operation on an instance that is there. Deletions do without: they are how room is made. */
export async function makeRoomForOperation(tx: TransactionSql, projectId: ProjectId): Promise<void> {
  const { operations } = await lockLimits(tx, projectId)
  await refuseAbove(tx, projectId, { of: 'operations', limit: operations })
}

interface Limits {
  readonly instances: number | null
  readonly operations: number | null
}

async function lockLimits(tx: TransactionSql, projectId: ProjectId): Promise<Limits> {
  const columns = tx`max_instances as instances, max_operations as operations`
  // Shared: it keeps the project from being deleted, and holds up nobody who adds to it.
  const [shared] = await tx<Limits[]>`
    select ${columns} from projects where id = ${projectId} and deleted_at is null for share`
  if (shared === undefined) throw projectNotFound(projectId)
  return shared
}

async function refuseAbove(
  tx: TransactionSql,
  projectId: ProjectId,
  { of, limit }: { of: keyof Limits; limit: number | null },
): Promise<void> {
  if (limit === null) return
  // Not the row itself: two that share it could not both make it theirs alone.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`quota ${projectId}`}, 0))`
  const [row] = await tx<{ used: number }[]>`
    select count(*)::integer as used from ${
      of === 'instances'
        ? tx`instances where project_id = ${projectId} and state <> 'deleted'`
        : tx`operations where project_id = ${projectId} and ended_at is null`
    }`
  const used = row?.used ?? 0
  if (used < limit) return
  throw new ToygresError('QUOTA_EXCEEDED', sentences[of](limit, used), {
    details: { quota: { of, limit, used } },
  })
}

const some = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const sentences: Record<keyof Limits, (limit: number, used: number) => string> = {
  instances: (limit, used) =>
    `the project may have ${some(limit, 'instance')} and has ${used}: delete one, or ask for a larger quota`,
  operations: (limit, used) =>
    `the project may have ${some(limit, 'operation')} under way and has ${used}: wait until one has ended`,
}
