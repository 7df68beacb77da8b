import type { TransactionSql } from 'postgres'
import { quarantine } from './admission.ts'
import type { ClaimedRow } from './held.ts'
import type { FetchedJob } from './queue.ts'

/**
 * Takes over the operations of jobs that were just fetched: fence + 1, owner, and everything that is needed to run on.
 * A job that is not its operation's current one is stale and claims nothing; nor does one whose operation is locked.
 */
export async function claim(
  tx: TransactionSql,
  worker: string,
  jobs: readonly FetchedJob[],
): Promise<readonly ClaimedRow[]> {
  if (jobs.length === 0) return []
  return tx<ClaimedRow[]>`
    with free as (
      -- Nobody waits for an operation that somebody has locked, perhaps for long.
      select o.id, job.at
      from (select *, clock_timestamp() as at from jsonb_to_recordset(${JSON.stringify(jobs)}::text::jsonb) as j (id uuid, "operationId" uuid)) as job
      join operations o on o.id = job."operationId" and o.job_id = job.id
      where o.ended_at is null for no key update of o skip locked
    ), claimed as (
      update operations o set
        fence = o.fence + 1, owner = ${worker}, updated_at = job.at,
        state = case when o.state = 'queued' then 'running' else o.state end,
        started_at = coalesce(o.started_at, job.at),
        last_seq = o.last_seq + case when o.state = 'queued' then 1 else 0 end
      from free as job where o.id = job.id
      returning o.*, o.started_at = o.updated_at as begins
    ), told as (
      insert into operation_events (operation_id, seq, at, operation_state, state)
      select id, last_seq, started_at, 'running', 'running' from claimed where begins and state = 'running'
    )
    ${selectFrom(tx, tx`claimed`)}`
}

/** What this worker owns by the database's word: after a lost connection, the only way to know what a turn did. */
export async function owned(tx: TransactionSql, worker: string): Promise<readonly ClaimedRow[]> {
  return tx<ClaimedRow[]>`
    with mine as (select * from operations where owner = ${worker} and ended_at is null)
    ${selectFrom(tx, tx`mine`)}`
}

const selectFrom = (tx: TransactionSql, source: ReturnType<TransactionSql>) => tx`
  select o.id, o.workflow, o.version, o.resource_id as "resourceId", o.requested_by as "requestedBy", o.state, o.input,
    to_jsonb(o.steps) as steps, o.step, o.job_id as "jobId", o.fence, o.wakes, o.error,
    o.cancel_requested_at is not null as "cancelRequested", ${quarantine} = any(o.lanes) as quarantined,
    coalesce((select jsonb_object_agg(s.step, s.output) from operation_steps s
      where s.operation_id = o.id and s.output is not null), '{}') as outputs,
    (select jsonb_build_object('attempt', s.attempt, 'undoAttempt', s.undo_attempt, 'waitingFor', s.waiting_for,
        'progress', s.progress, 'waitedMs', extract(epoch from now() - s.progress_at) * 1000)
      from operation_steps s where s.operation_id = o.id and s.step = o.step) as current
  from ${source} o`
