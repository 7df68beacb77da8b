import { Drift, type DriftKind } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { ISql, TransactionSql } from 'postgres'
import type { InProject } from '../instances/rows.ts'
import type { Finding } from './finding.ts'

const columns = (sql: ISql) => sql`
  id, kind, instance_id as "instanceId", instance_name as "instanceName", provider, detail, detected_at as "detectedAt",
  last_seen_at as "lastSeenAt", operation_id as "operationId", repairs, repair_after as "repairAfter", resolved_at as "resolvedAt"`

export interface DriftedInstance {
  readonly id: string
  readonly name: string
  readonly provider: string
}

export interface OpenDrift {
  readonly id: string
  readonly kind: DriftKind
  /** Found for the first time just now. */
  readonly isNew: boolean
  /** That were started for this finding. */
  readonly repairs: number
}

/**
 * Not seen for so long, since no control plane compared, it is no part of the grace of an orphan: that is for people to notice.
 */
const unseenMinutes = 5

/** The one open row of this finding: made now, or seen again. Locked until the transaction ends, so that one process repairs it. */
export async function openDrift(
  tx: TransactionSql,
  { id, name, provider }: DriftedInstance,
  { kind, detail }: Finding,
): Promise<OpenDrift> {
  const [row] = await tx<OpenDrift[]>`
    insert into drift (id, kind, instance_id, instance_name, provider, detail)
    values (${newId()}, ${kind}, ${id}, ${name}, ${provider}, ${detail})
    on conflict (instance_id, kind) where resolved_at is null do update set last_seen_at = now(), detail = excluded.detail,
      repair_after = case
        when drift.kind = 'orphan' and drift.repairs = 0 and drift.last_seen_at < now() - ${unseenMinutes} * interval '1 minute'
          then drift.repair_after + (now() - drift.last_seen_at)
        else drift.repair_after
      end
    returning id, kind, repairs, xmax = 0 as "isNew"`
  if (row === undefined) throw new Error('BUG: neither made nor updated')
  return row
}

/** @param delayMs null when a person must act */
export async function setRepairAfter(tx: TransactionSql, id: string, delayMs: number | null): Promise<void> {
  await tx`update drift set repair_after = now() + ${delayMs}::float8 * interval '1 millisecond' where id = ${id}`
}

export async function noteRepair(tx: TransactionSql, id: string, operationId: string): Promise<void> {
  await tx`update drift set repairs = repairs + 1, operation_id = ${operationId} where id = ${id}`
}

/** Milliseconds until a repair may be tried, 0 or less when it may now; null when a person must act. */
export async function repairIsDueIn(tx: TransactionSql, id: string): Promise<number | null> {
  const [row] = await tx<{ ms: number | null }[]>`
    select (extract(epoch from repair_after - now()) * 1000)::float8 as ms from drift where id = ${id}`
  return row?.ms ?? null
}

/** What is found no more is history. @returns how many there were */
export async function resolveDrift(
  tx: TransactionSql,
  instanceId: string,
  but: DriftKind | null,
): Promise<number> {
  const { count } = await tx`
    update drift set resolved_at = now()
    where instance_id = ${instanceId} and resolved_at is null and kind::text is distinct from ${but}`
  return count
}

/** Whether a running instance was found without a server. */
export async function isDown(sql: ISql, instanceId: string): Promise<boolean> {
  const open = await sql`
    select from drift where instance_id = ${instanceId} and resolved_at is null and kind in ('server-down', 'data-missing')`
  return open.length > 0
}

/** Those with an open drift, and those that are still explained: whether that is over has to be looked at. */
export async function instancesInDoubt(sql: ISql, provider: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select instance_id as id from drift where resolved_at is null and provider = ${provider}
    union select id from instances where state = 'running' and state_reason is not null and provider = ${provider}`
  return rows.map(({ id }) => id)
}

const keptDays = 30

export async function forgetResolvedDrift(sql: ISql): Promise<void> {
  await sql`delete from drift where id in (
    select id from drift where resolved_at < now() - ${keptDays} * interval '1 day' limit 10000)`
}

export interface DriftFilter extends InProject {
  /** What belongs to no instance, and so to no project, too. */
  readonly orphans: boolean
  readonly instanceId?: string | undefined
  readonly includeResolved: boolean
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listDrift(
  sql: ISql,
  { projectId, orphans, instanceId, includeResolved, before, limit }: DriftFilter,
): Promise<Drift[]> {
  const rows = await sql`
    select ${columns(sql)} from drift d
    where ((select i.project_id from instances i where i.id = d.instance_id) = ${projectId}
        ${orphans ? sql`or not exists (select from instances i where i.id = d.instance_id)` : sql``})
      ${includeResolved ? sql`` : sql`and resolved_at is null`}
      ${instanceId === undefined ? sql`` : sql`and instance_id = ${instanceId}`}
      ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${limit}`
  return rows.map((row) => Drift.parse(row))
}
