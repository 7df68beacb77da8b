import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import type { Workflow } from '../definition/define.ts'
import { newId } from '../ids.ts'
import { StepQueue } from './queue.ts'

export interface StartOptions<Input> {
  readonly resourceId: string
  /** Ids and plain facts, never a secret: it is kept as long as the operation. */
  readonly input: Input
  readonly requestedBy: string
  /** The tenant that it is for: lists of its operations show it, and whose turn it is. */
  readonly projectId?: string
  /** What nobody waits for takes its turns behind all that its requester does, for whichever tenant. */
  readonly acrossTenants?: true
  /** Begins when this operation has ended (see `findActive`); at once where it has. */
  readonly after?: string
  /** What the operation is a burden to, its provider for one: a limit may say how many at once (see `EngineOptions`). */
  readonly group?: string
}

/** Another operation changes the resource already. */
export class OperationInProgress extends Error {
  override readonly name = 'OperationInProgress'
  readonly operationId: string
  constructor(operationId: string) {
    super(`operation ${operationId} is already changing this resource`)
    this.operationId = operationId
  }
}

/**
 * The tenants take turns, and in those of a tenant its requesters: a thousand of one do not starve the one of another, and with
 * many requesters a tenant has no more turns than with one. Counted no further than this. Those that have begun go before those
 * that have not.
 */
const lowestRank = 1000

/**
 * Starts an operation in the CALLER's transaction: its row, its first event and its first job commit with
 * whatever else the caller writes, or not at all. One that is in `lanes` gets its job once all of them have room.
 * @returns the operation's id
 * @throws {OperationInProgress} when one is active on the resource; the transaction stays usable
 */
export async function start<D, Input, O, R>(
  tx: TransactionSql,
  boss: PgBoss,
  workflow: Workflow<D, Input, O, R>,
  { lanes, ...asked }: StartOptions<Input> & { lanes: readonly string[] },
): Promise<string> {
  const { resourceId, input, requestedBy, projectId, acrossTenants = projectId === undefined, after } = asked
  const names = workflow.steps.map(({ name }) => name)
  const [step] = names
  if (step === undefined) throw new TypeError(`${workflow.name} has no steps`)
  const [id, jobId, admitted] = [newId(), newId(), lanes.length === 0]
  const checked = JSON.stringify(workflow.input.parse(input))
  const [inserted] = await tx<{ rank: number; follows: boolean }[]>`
    with mine as (select count(*)::integer as n from (select from operations
      where requested_by = ${requestedBy} and (${acrossTenants} or project_id = ${projectId ?? null}) and ended_at is null limit ${lowestRank}) as under_way
    ), others as (select count(*)::integer as n from (select requested_by from operations where project_id = ${acrossTenants ? null : (projectId ?? null)}
      and requested_by <> ${requestedBy} and ended_at is null and (select n from mine) < ${lowestRank} limit ${lowestRank}) as under_way group by requested_by
    ), ranked as (select least(${lowestRank}, n + (select coalesce(sum(least(others.n, mine.n + 1)), 0) from others))::integer as rank from mine
    ), started as (
      insert into operations (id, workflow, version, resource_id, input, steps, step, job_id, requested_by, project_id, after_operation,
        lanes, admitted, rank, last_seq)
      select ${id}, ${workflow.name}, ${workflow.version}, ${resourceId}, ${checked}::text::jsonb, ${names}, ${step}, ${jobId},
        ${requestedBy}, ${projectId ?? null}, (select id from operations where id = ${after ?? null} and ended_at is null for update),
        ${[...lanes]}, ${admitted}, rank, 1 from ranked
      on conflict do nothing returning *
    ), told as (insert into operation_events (operation_id, seq, operation_state, state) select id, 1, 'queued', 'queued' from started)
    select rank, after_operation is not null as follows from started`
  if (inserted === undefined) throw new OperationInProgress(await inTheWay(tx, resourceId, after))
  const job = { id: jobId, operationId: id, step, fence: 0, priority: -inserted.rank }
  if (!inserted.follows)
    await Promise.all([new StepQueue(boss, tx).send(admitted ? [job] : []), announce(tx, { work: true })])
  return id
}

async function inTheWay(tx: TransactionSql, resourceId: string, after: string | undefined): Promise<string> {
  const rows = await tx<{ id: string }[]>`
    select id from operations where ended_at is null and resource_id = ${resourceId}
    order by after_operation = ${after ?? null} desc nulls last limit 1`
  return rows[0]?.id ?? 'unknown'
}

export interface ActiveOperation {
  readonly id: string
  readonly workflow: string
  /** The operation that waits for this one, if any. */
  readonly followedBy: { readonly id: string; readonly workflow: string } | null
}

/** The operation that changes the resource now, locked until the caller's transaction ends so that it cannot end meanwhile. */
export async function findActive(tx: TransactionSql, resourceId: string): Promise<ActiveOperation | null> {
  const [active] = await tx<{ id: string; workflow: string }[]>`
    select id, workflow from operations
    where resource_id = ${resourceId} and ended_at is null and after_operation is null for update`
  if (active === undefined) return null
  const [next] = await tx<{ id: string; workflow: string }[]>`
    select id, workflow from operations where after_operation = ${active.id}`
  return { ...active, followedBy: next ?? null }
}
