import type { TransactionSql } from 'postgres'
import type { ClaimedRow, CurrentStep, OperationError, OperationState } from './operation.ts'
import type { FetchedJob } from './queue.ts'

/**
 * Takes over the operations of jobs that were just fetched: fence + 1, owner, and everything that is needed to run on.
 * A job that is not its operation's current one is stale and claims nothing.
 */
export async function claim(
  tx: TransactionSql,
  worker: string,
  jobs: readonly FetchedJob[],
): Promise<ClaimedRow[]> {
  if (jobs.length === 0) return []
  const rows = await tx<OperationRow[]>`
    with job as (
      select * from jsonb_to_recordset(${tx.json(jobs.map((j) => ({ job_id: j.id, operation_id: j.operationId })))})
        as j (job_id uuid, operation_id uuid)
    ), claimed as (
      update operations o set
        fence = o.fence + 1, owner = ${worker}, updated_at = now(),
        state = case when o.state = 'queued' then 'running' else o.state end,
        started_at = coalesce(o.started_at, now()),
        last_seq = o.last_seq + case when o.state = 'queued' then 1 else 0 end
      from job where o.id = job.operation_id and o.job_id = job.job_id and o.ended_at is null
      returning o.*, o.started_at = now() as begins
    ), told as (
      insert into operation_events (operation_id, seq, operation_state, state)
      select id, last_seq, 'running', 'running' from claimed where begins and state = 'running'
    )
    ${selectOperations(tx, tx`claimed`)}`
  return rows.map(toClaimed)
}

/** What this worker owns by the database's word: after a lost connection, the only way to know what a turn did. */
export async function owned(tx: TransactionSql, worker: string): Promise<ClaimedRow[]> {
  const rows = await tx<OperationRow[]>`
    with mine as (select * from operations where owner = ${worker} and ended_at is null)
    ${selectOperations(tx, tx`mine`)}`
  return rows.map(toClaimed)
}

/** These operations as they are now, whoever owns them. */
export async function reread(tx: TransactionSql, ids: readonly string[]): Promise<ClaimedRow[]> {
  const rows = await tx<OperationRow[]>`
    with asked as (select * from operations where id in ${tx(ids)} and ended_at is null)
    ${selectOperations(tx, tx`asked`)}`
  return rows.map(toClaimed)
}

interface OperationRow {
  id: string
  workflow: string
  version: number
  resource_id: string
  requested_by: string
  state: OperationState
  input: unknown
  steps: string[]
  step: string
  job_id: string
  fence: string
  wakes: number
  cancel_requested: boolean
  error: OperationError | null
  outputs: Record<string, unknown> | null
  current: CurrentStep | null
}

const selectOperations = (tx: TransactionSql, source: ReturnType<TransactionSql>) => tx`
  select o.id, o.workflow, o.version, o.resource_id, o.requested_by, o.state, o.input, to_jsonb(o.steps) as steps, o.step, o.job_id, o.fence, o.wakes,
    o.cancel_requested_at is not null as cancel_requested, o.error,
    (select jsonb_object_agg(s.step, s.output) from operation_steps s
      where s.operation_id = o.id and s.output is not null) as outputs,
    (select jsonb_build_object(
        'attempt', s.attempt, 'undoAttempt', s.undo_attempt, 'crashes', s.crashes, 'waitingFor', s.waiting_for,
        'progress', s.progress, 'waitedMs', extract(epoch from now() - s.progress_at) * 1000)
      from operation_steps s where s.operation_id = o.id and s.step = o.step) as current
  from ${source} o`

const toClaimed = (row: OperationRow): ClaimedRow => ({
  id: row.id,
  workflow: row.workflow,
  version: row.version,
  resourceId: row.resource_id,
  requestedBy: row.requested_by,
  state: row.state,
  input: row.input,
  steps: row.steps,
  step: row.step,
  jobId: row.job_id,
  fence: Number(row.fence),
  wakes: row.wakes,
  cancelRequested: row.cancel_requested,
  error: row.error,
  outputs: row.outputs ?? {},
  current: row.current,
})
