import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { newId } from './ids.ts'
import type { OperationState } from './operation.ts'
import { StepQueue } from './queue.ts'

/**
 * Asks an operation to stop: seen between steps at once, inside a step through its AbortSignal; then what it did is undone.
 * Does nothing to one that has ended or is being undone already.
 * @returns the state it is in now; null when there is no such operation
 */
export async function cancel(tx: TransactionSql, boss: PgBoss, id: string): Promise<OperationState | null> {
  const [before] = await tx<
    { state: OperationState; job_id: string | null; fence: string; step: string; waits: boolean }[]
  >`
    select state, job_id, fence, step, after_operation is not null as waits from operations where id = ${id} for update`
  if (before === undefined) return null
  if (!['queued', 'running', 'parked'].includes(before.state)) return before.state
  // One that still waits for another has done nothing: there is nothing to undo.
  const state = before.waits ? 'cancelled' : 'cancelling'
  const jobId = before.state === 'parked' ? newId() : before.job_id
  await tx`
    with changed as (
      update operations set state = ${state}, parked_from = null, cancel_requested_at = now(), job_id = ${jobId}, last_seq = last_seq + 1, updated_at = now(),
        ended_at = case when ${before.waits} then now() end,
        after_operation = case when ${before.waits} then null else after_operation end
      where id = ${id} returning last_seq
    )
    insert into operation_events (operation_id, seq, operation_state, state) select ${id}, last_seq, ${state}, ${state} from changed`
  const queue = new StepQueue(boss, tx)
  if (before.state === 'parked' && jobId !== null)
    await queue.send([
      { id: jobId, operationId: id, step: before.step, fence: Number(before.fence), delayMs: 0 },
    ])
  else if (!before.waits && jobId !== null) await queue.bringForward(jobId)
  await announce(tx, { work: true, cancel: [id], events: [id] })
  return state
}

/** Brings forward what waits on a resource (`again`). Never lost: a step that runs just now looks again when it ends. */
export async function wake(tx: TransactionSql, boss: PgBoss, resourceId: string): Promise<void> {
  const [woken] = await tx<{ job_id: string | null }[]>`
    update operations set wakes = wakes + 1
    where resource_id = ${resourceId} and ended_at is null and after_operation is null and state <> 'parked'
    returning job_id`
  if (woken === undefined || woken.job_id === null) return
  await new StepQueue(boss, tx).bringForward(woken.job_id)
  await announce(tx, { work: true })
}
