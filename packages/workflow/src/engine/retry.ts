import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { tell } from './events.ts'
import type { OperationError, OperationState } from '../definition/states.ts'
import { requeue } from './requeue.ts'
import { OperationInProgress } from './start.ts'

interface Stuck {
  readonly state: OperationState
  readonly parkedFrom: OperationState | null
  readonly resourceId: string
  readonly step: string
  readonly steps: readonly string[]
  readonly done: readonly string[]
  readonly error: OperationError | null
}

/** Where an operation goes on, and what it forgets: the attempts of that step, or all of the steps from there on. */
interface Resumption extends Pick<Stuck, 'state' | 'step' | 'error'> {
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
    select state, parked_from as "parkedFrom", resource_id as "resourceId", step, to_jsonb(steps) as steps, error,
      (select coalesce(jsonb_agg(s.step), '[]') from operation_steps s where s.operation_id = o.id and s.state = 'succeeded') as done
    from operations o where id = ${id} for update`
  if (stuck === undefined) return null
  const resumption = resume(stuck)
  if (resumption === null) return stuck.state
  const [other] = await tx<{ id: string }[]>`
    select id from operations where resource_id = ${stuck.resourceId} and id <> ${id} and ended_at is null limit 1`
  if (other !== undefined) throw new OperationInProgress(other.id)
  const { state, step, error, forget } = resumption
  await tx`
    update operations set state = ${state}, parked_from = null, step = ${step}, ended_at = null, retried_at = clock_timestamp(),
      error = ${error && JSON.stringify(error)}::text::jsonb,
      cancel_requested_at = case when ${state === 'running'} then null else cancel_requested_at end
    where id = ${id}`
  if (forget === 'steps')
    await tx`delete from operation_steps where operation_id = ${id} and position >= ${stuck.steps.indexOf(step)}`
  else
    // Undoing goes on to those before it, which are tried anew as well: each without a progress, so that its time begins when it does.
    await tx`update operation_steps set attempt = case when ${state === 'undoing'} then attempt else 0 end, undo_attempt = 0, crashes = 0, progress = null, progress_at = now(), until = null,
      started_at = case when ${state === 'undoing'} then started_at else clock_timestamp() end, undo_started_at = null, undo_ended_at = null, undo_error = null
      where operation_id = ${id} and (step = ${step} or ${state === 'undoing'} and position < ${stuck.steps.indexOf(step)})`
  await tell(tx, [id], state, { code: 'RETRIED', message: `tried again from ${step}` })
  await requeue(tx, boss, [{ id }])
  return state
}

function resume({ state, parkedFrom, step, error, steps, done }: Stuck): Resumption | null {
  if (state === 'parked') {
    const before = parkedFrom ?? 'running'
    return { state: before, step, error: before === 'undoing' ? error : null, forget: 'attempts' }
  }
  if (state !== 'failed') return null
  const left = steps.findLast((name) => error?.leftovers.includes(name))
  if (error !== null && left !== undefined)
    return { state: 'undoing', step: left, error: { ...error, leftovers: [] }, forget: 'attempts' }
  const first = steps.find((name) => !done.includes(name))
  return first === undefined ? null : { state: 'running', step: first, error: null, forget: 'steps' }
}
