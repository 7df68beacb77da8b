import type { TransactionSql } from 'postgres'
import { ends, type Transition } from './plan.ts'
import type { Held } from './operation.ts'

/** A transition on its way into the database, with the job whose end it is and the job that carries on. */
export interface Ending<D> {
  readonly held: Held<D>
  readonly retryCount: number
  readonly transition: Transition
  /** Of the job that carries it on, if one does. */
  readonly nextJobId: string
  /** Milliseconds that the execution took, by this process's monotonic clock. */
  readonly elapsedMs: number
}

export interface Recorded {
  /** The wake-ups counted so far of each operation whose transition was written; one that is missing was taken over or changed meanwhile. */
  readonly wakes: ReadonlyMap<string, number>
  /** Operations that waited for one that has ended, with the job that was kept ready for them. */
  readonly released: readonly {
    readonly id: string
    readonly jobId: string
    readonly step: string
    readonly fence: number
  }[]
}

/**
 * Writes the operation, step and event rows of many transitions in one statement.
 * The fence, the job and the cancellation as this process knew them are compared in the same breath:
 * a zombie's late result and a cancellation that came in between both find no row.
 */
export async function record<D>(
  tx: TransactionSql,
  endings: readonly Ending<D>[],
  evict: boolean,
): Promise<Recorded> {
  if (endings.length === 0) return { wakes: new Map(), released: [] }
  const rows = await tx<
    { id: string; released: boolean; wakes: number; job_id: string; step: string; fence: string }[]
  >`
    with transition as (
      select * from jsonb_to_recordset(${tx.json(endings.map((e) => operationRow(e, evict)))}) as t (
        id uuid, fence bigint, job_id uuid, cancel_seen boolean, state operation_state, step text,
        next_job_id uuid, error jsonb, ended boolean, keep boolean, events integer)
    ), moved as (
      update operations o set
        state = t.state, parked_from = case when t.state = 'parked' then o.state end, step = t.step, job_id = t.next_job_id, error = t.error,
        owner = case when t.keep then o.owner end,
        ended_at = case when t.ended then now() end,
        last_seq = o.last_seq + t.events, updated_at = now()
      from transition t
      where o.id = t.id and o.fence = t.fence and o.job_id = t.job_id
        and (o.cancel_requested_at is not null) = t.cancel_seen
      returning o.id, o.last_seq - t.events as seq, o.wakes, t.ended
    ), stepped as (
      insert into operation_steps as r
        (operation_id, position, step, state, attempt, undo_attempt, output, error, waiting_for, until, progress,
         started_at, ended_at)
      select s.operation_id, s.position, s.step, s.state, s.attempt, s.undo_attempt, s.output, s.error, s.waiting_for,
        now() + s.until_ms * interval '1 millisecond', s.progress,
        now() - s.elapsed_ms * interval '1 millisecond',
        case when s.state in ('succeeded', 'failed', 'undone') then now() end
      from jsonb_to_recordset(${tx.json(endings.flatMap(stepRow))}) as s (
        operation_id uuid, position smallint, step text, state step_state, attempt integer, undo_attempt integer,
        output jsonb, error jsonb, waiting_for text, until_ms double precision, elapsed_ms double precision, progress text)
      join moved on moved.id = s.operation_id
      on conflict (operation_id, position) do update set
        state = excluded.state, attempt = excluded.attempt, undo_attempt = excluded.undo_attempt,
        output = coalesce(excluded.output, r.output),
        -- What made the step fail stays readable after it was undone.
        error = case when excluded.state = 'undone' then r.error else excluded.error end,
        waiting_for = excluded.waiting_for, until = excluded.until, ended_at = excluded.ended_at,
        progress = excluded.progress,
        progress_at = case when excluded.progress is distinct from r.progress then now() else r.progress_at end
    ), told as (
      insert into operation_events (operation_id, seq, operation_state, step, state, message)
      select e.operation_id, moved.seq + e.nth, e.operation_state, e.step, e.state, e.message
      from jsonb_to_recordset(${tx.json(endings.flatMap(eventRows))}) as e (
        operation_id uuid, nth integer, operation_state operation_state, step text, state text, message text)
      join moved on moved.id = e.operation_id
    ), released as (
      update operations w set after_operation = null
      from moved where w.after_operation = moved.id and moved.ended
      returning w.id, w.job_id, w.step, w.fence
    )
    select id, false as released, wakes, null::uuid as job_id, null as step, null::bigint as fence from moved
    union all select id, true, null, job_id, step, fence from released`
  return {
    wakes: new Map(rows.filter((row) => !row.released).map((row) => [row.id, row.wakes])),
    released: rows
      .filter((row) => row.released)
      .map((row) => ({ id: row.id, jobId: row.job_id, step: row.step, fence: Number(row.fence) })),
  }
}

/** Goes straight on in this process, without a claim. An undo does not: what it needs is read anew. */
export const goesOnHere = (transition: Transition): boolean =>
  transition.next?.delayMs === 0 && transition.state === 'running'

function operationRow<D>({ held, transition, nextJobId }: Ending<D>, evict: boolean) {
  return {
    id: held.id,
    fence: held.fence,
    job_id: held.jobId,
    cancel_seen: held.cancelRequested,
    state: transition.state,
    step: transition.step,
    next_job_id: transition.next && nextJobId,
    error:
      transition.error === null ? null : { ...transition.error, leftovers: [...transition.error.leftovers] },
    ended: ends(transition),
    // It goes straight on here; one that rests or ends is nobody's.
    keep: !evict && goesOnHere(transition),
    events: transition.events.length,
  }
}

function stepRow<D>({ held, transition: { stepWrite }, elapsedMs }: Ending<D>) {
  if (stepWrite === null) return []
  return [
    {
      operation_id: held.id,
      position: stepWrite.position,
      step: stepWrite.step,
      state: stepWrite.state,
      attempt: stepWrite.attempt,
      undo_attempt: stepWrite.undoAttempt,
      // Checked to be JSON and of bounded size when the step returned it (run.ts).
      output: (stepWrite.output ?? null) as null,
      error: stepWrite.error === null ? null : { ...stepWrite.error },
      waiting_for: stepWrite.waitingFor,
      until_ms: stepWrite.untilMs,
      elapsed_ms: elapsedMs,
      progress: stepWrite.progress,
    },
  ]
}

function eventRows<D>({ held, transition }: Ending<D>) {
  return transition.events.map((event, index) => ({
    operation_id: held.id,
    nth: index + 1,
    operation_state: event.operationState,
    step: event.step,
    state: event.state,
    message: event.message,
  }))
}
