import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { newId } from './ids.ts'
import type { OperationError, OperationState } from './operation.ts'
import { StepQueue } from './queue.ts'
import { OperationInProgress } from './start.ts'

interface Stuck {
  readonly state: OperationState
  readonly parked_from: OperationState | null
  readonly resource_id: string
  readonly step: string
  readonly steps: readonly string[]
  readonly error: OperationError | null
  readonly fence: string
}

/** Where an operation goes on, and what it forgets: the attempts from that step on, or of that step alone. */
interface Resumption {
  readonly state: OperationState
  readonly step: string
  readonly error: OperationError | null
  readonly forget: 'attempts' | 'steps'
}

/**
 * Lets an operation that failed, or was parked, go on: a parked one with the step it was parked in; one that left something
 * behind with undoing that; any other failed one with the first step that is not done, which is the first that was undone.
 * Attempts begin anew. Does nothing to an operation in any other state.
 * @returns the state it is in now; null when there is no such operation
 * @throws {OperationInProgress} when another operation changes the resource meanwhile
 */
export async function retry(tx: TransactionSql, boss: PgBoss, id: string): Promise<OperationState | null> {
  const [stuck] = await tx<Stuck[]>`
    select state, parked_from, resource_id, step, to_jsonb(steps) as steps, error, fence from operations where id = ${id} for update`
  if (stuck === undefined) return null
  const resumption = await resumptionOf(tx, id, stuck)
  if (resumption === null) return stuck.state
  const { state, step, error, forget } = resumption
  const [jobId, fence] = [newId(), Number(stuck.fence) + 1]
  const [resumed] = await tx`
    update operations o set state = ${state}, parked_from = null, step = ${step}, error = ${tx.json((error ?? null) as never)},
      job_id = ${jobId}, fence = ${fence}, ended_at = null, last_seq = last_seq + 1, updated_at = now(),
      cancel_requested_at = case when ${state === 'running'} then null else cancel_requested_at end
    where id = ${id} and not exists (
      select from operations r where r.resource_id = o.resource_id and r.id <> o.id and r.ended_at is null)
    returning last_seq`
  if (resumed === undefined) throw new OperationInProgress(await activeOn(tx, stuck.resource_id, id))
  if (forget === 'steps')
    await tx`delete from operation_steps where operation_id = ${id} and position >= ${stuck.steps.indexOf(step)}`
  else
    await tx`update operation_steps set attempt = 0, undo_attempt = 0, crashes = 0, progress_at = now()
      where operation_id = ${id} and step = ${step}`
  await tx`insert into operation_events (operation_id, seq, operation_state, state, message)
    values (${id}, ${resumed['last_seq']}, ${state}, ${state}, ${`tried again from ${step}`})`
  await new StepQueue(boss, tx).send([{ id: jobId, operationId: id, step, fence, delayMs: 0 }])
  await announce(tx, { work: true, events: [id] })
  return state
}

async function resumptionOf(
  tx: TransactionSql,
  id: string,
  { state, parked_from, step, error, steps }: Stuck,
): Promise<Resumption | null> {
  if (state === 'parked') {
    const before = parked_from ?? 'running'
    return { state: before, step, error: before === 'undoing' ? error : null, forget: 'attempts' }
  }
  if (state !== 'failed') return null
  const leftover = steps.findLast((name) => error?.leftovers.includes(name))
  if (error !== null && leftover !== undefined)
    return { state: 'undoing', step: leftover, error: { ...error, leftovers: [] }, forget: 'attempts' }
  const rows = await tx<{ step: string }[]>`
    select step from operation_steps where operation_id = ${id} and state = 'succeeded'`
  const done = new Set(rows.map((row) => row.step))
  const first = steps.find((name) => !done.has(name))
  return first === undefined ? null : { state: 'running', step: first, error: null, forget: 'steps' }
}

async function activeOn(tx: TransactionSql, resourceId: string, but: string): Promise<string> {
  const [active] = await tx<{ id: string }[]>`
    select id from operations where resource_id = ${resourceId} and id <> ${but} and ended_at is null limit 1`
  return active?.id ?? 'unknown'
}
