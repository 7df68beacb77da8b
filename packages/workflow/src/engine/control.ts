import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { tell } from './events.ts'
import type { OperationState } from '../definition/states.ts'
import { StepQueue } from './queue.ts'
import { requeue } from './requeue.ts'

/**
 * Asks an operation to stop: seen between steps at once, inside a step through its AbortSignal; then what it did is undone.
 * Does nothing to one that has ended or is being undone already.
 * @returns the state it is in now; null when there is no such operation
 */
export async function cancel(tx: TransactionSql, boss: PgBoss, id: string): Promise<OperationState | null> {
  const [before] = await tx<{ state: OperationState; jobId: string; admitted: boolean; follows: boolean }[]>`
    select state, job_id as "jobId", admitted, after_operation is not null as follows
    from operations where id = ${id} for update`
  if (before === undefined) return null
  if (!['queued', 'running', 'parked'].includes(before.state)) return before.state
  // It needs no room to be undone, so it does not wait for any.
  await tx`update operations set state = 'cancelling', parked_from = null, cancel_requested_at = now(), admitted = true
    where id = ${id}`
  await tell(tx, [id], 'cancelling')
  // One that follows another is stopped when its turn comes.
  if (before.state === 'parked' || !(before.admitted || before.follows)) await requeue(tx, boss, [{ id }])
  else if (!before.follows) await new StepQueue(boss, tx).bringForward(before.jobId)
  await announce(tx, { work: true, cancel: [id], events: [id] })
  return 'cancelling'
}

/**
 * Brings forward the operation of this id, or the one under way on the resource of this id, where it waits (`again`).
 * Never lost: a step that runs just now looks again when it ends.
 */
export async function wake(tx: TransactionSql, boss: PgBoss, id: string): Promise<void> {
  const [woken] = await tx<{ jobId: string }[]>`
    update operations set wakes = wakes + 1
    where (id = ${id} or resource_id = ${id}) and ended_at is null and after_operation is null and admitted
      and state <> 'parked'
    returning job_id as "jobId"`
  if (woken === undefined) return
  await new StepQueue(boss, tx).bringForward(woken.jobId)
  await announce(tx, { work: true })
}
