import type { PgBoss } from 'pg-boss'
import type { TransactionSql } from 'postgres'
import { announce } from './announce.ts'
import { newId } from '../ids.ts'
import { StepQueue, type JobToSend } from './queue.ts'

export type Operations = readonly { readonly id: string }[]

/**
 * Puts operations, whose rows the caller has locked, back into the queue: a new fence, so that nothing their last owner may
 * still write counts, and a new job in the place of whatever carried them.
 */
export async function requeue(tx: TransactionSql, boss: PgBoss, operations: Operations): Promise<void> {
  if (operations.length === 0) return
  const given = operations.map(({ id }) => ({ id, next: newId() }))
  const moved = await tx<(JobToSend & { stale: string | null })[]>`
    update operations o set fence = o.fence + 1, owner = null, job_id = was.next, updated_at = clock_timestamp()
    from (select id, job_id as stale, next from operations
      join jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as given (id uuid, next uuid) using (id)) as was
    where o.id = was.id returning o.job_id as id, o.id as "operationId", o.step, o.fence, was.stale`
  const queue = new StepQueue(boss, tx)
  await queue.delete(moved.flatMap(({ stale }) => stale ?? []))
  await queue.send(moved)
  await announce(tx, { work: true, events: operations.map(({ id }) => id) })
}
