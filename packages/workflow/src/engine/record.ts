import type { TransactionSql } from 'postgres'
import { isDone } from '../definition/states.ts'
import type { Held } from './held.ts'
import type { Transition } from './plan.ts'

/** A transition on its way into the database, with the job whose end it is and the job that carries on. */
export interface Ending<D> {
  readonly held: Held<D>
  readonly transition: Transition
  /** Of the job that carries it on, if one does. */
  readonly nextJobId: string
  /** Milliseconds that the execution took, by this process's monotonic clock. */
  readonly elapsedMs: number
}

/** An operation that waited for one that has ended, with the job that was kept ready for it. */
export interface Released {
  readonly id: string
  readonly jobId: string
  readonly step: string
  readonly fence: number
}

export interface Recorded {
  /** The wake-ups counted so far of each operation whose transition was written; one that is missing was taken over or changed meanwhile. */
  readonly wakes: ReadonlyMap<string, number>
  readonly released: readonly Released[]
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
  // Reading this JSON is a good part of what the statement costs: what is false or nothing is left out.
  const operations = endings.map(({ held, transition, nextJobId }) => ({
    id: held.id,
    fence: held.fence,
    jobId: held.jobId,
    cancelSeen: held.cancelRequested || undefined,
    state: transition.state,
    step: transition.step,
    error: transition.error ?? undefined,
    nextJobId: transition.next ? nextJobId : undefined,
    ended: isDone(transition.state) || undefined,
    // It goes straight on here; one that rests or ends is nobody's.
    keep: (!evict && goesOnHere(transition)) || undefined,
    events: transition.events.length,
  }))
  const steps = endings.flatMap(({ held, transition: { stepWrite }, elapsedMs }) =>
    stepWrite === null ? [] : [{ operationId: held.id, elapsedMs, undo: isUndo(held), ...stepWrite }],
  )
  const events = endings.flatMap(({ held, transition, elapsedMs }) =>
    transition.events.map((event, index) => {
      const tookMs = event.step === undefined ? undefined : elapsedMs
      return { operationId: held.id, nth: index + 1, tookMs, ...event }
    }),
  )
  const rows = await tx<(Released & { wakes: number | null })[]>`
    with transition as (
      -- One moment for all that is written of a transition: the transaction may have begun before what it found was committed.
      select *, clock_timestamp() as at from jsonb_to_recordset(${JSON.stringify(operations)}::text::jsonb) as t (
        id uuid, fence integer, "jobId" uuid, "cancelSeen" boolean, state operation_state, step text,
        error jsonb, "nextJobId" uuid, ended boolean, keep boolean, events integer)
    ), moved as (
      update operations o set
        state = t.state, parked_from = case when t.state = 'parked' then o.state end, step = t.step,
        job_id = t."nextJobId", error = t.error, owner = case when t.keep then o.owner end,
        ended_at = case when t.ended then t.at end, last_seq = o.last_seq + t.events, updated_at = t.at
      from transition t
      where o.id = t.id and o.fence = t.fence and o.job_id = t."jobId"
        and (o.cancel_requested_at is not null) = coalesce(t."cancelSeen", false)
      returning o.id, o.last_seq - t.events as seq, o.wakes, t.ended, t.at
    ), stepped as (
      insert into operation_steps as r
        (operation_id, position, step, state, attempt, undo_attempt, output, error, undo_error, waiting_for, until, progress,
         started_at, ended_at, undo_started_at, undo_ended_at)
      select s."operationId", s.position, s.step, s.state, s.attempt, s."undoAttempt", s.output,
        case when s.undo is null then s.error end, case when s.undo then s.error end,
        s."waitingFor", now() + s."untilMs" * interval '1 millisecond', s.progress, began.at,
        case when s.undo is null and s.state in ('succeeded', 'failed') then moved.at end,
        case when s.undo then began.at end, case when s.undo and s.state in ('undone', 'failed') then moved.at end
      from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as s (
        "operationId" uuid, position smallint, step text, state step_state, attempt integer, "undoAttempt" integer,
        output jsonb, error jsonb, "waitingFor" text, "untilMs" double precision, "elapsedMs" double precision, undo boolean, progress text)
      join moved on moved.id = s."operationId"
      cross join lateral (select moved.at - s."elapsedMs" * interval '1 millisecond' as at) as began
      on conflict (operation_id, position) do update set
        state = excluded.state, attempt = excluded.attempt, undo_attempt = excluded.undo_attempt,
        output = coalesce(excluded.output, r.output),
        -- What made the step fail stays readable while it is undone, and after.
        error = case when excluded.undo_started_at is null then excluded.error else r.error end, undo_error = excluded.undo_error,
        waiting_for = excluded.waiting_for, until = excluded.until, ended_at = case when excluded.undo_started_at is null then excluded.ended_at else r.ended_at end,
        undo_started_at = coalesce(r.undo_started_at, excluded.undo_started_at),
        undo_ended_at = excluded.undo_ended_at, crashes = 0, progress = excluded.progress,
        progress_at = case when excluded.progress is distinct from r.progress then now() else r.progress_at end
    ), told as (
      insert into operation_events (operation_id, seq, at, operation_state, step, state, code, message, took_ms)
      select e."operationId", moved.seq + e.nth, moved.at, e."operationState", e.step, e.state, e.code, e.message, e."tookMs"
      from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) as e (
        "operationId" uuid, nth integer, "operationState" operation_state, step text, state text, code text, message text, "tookMs" real)
      join moved on moved.id = e."operationId"
    ), released as (
      update operations w set after_operation = null
      from moved where w.after_operation = moved.id and moved.ended
      returning w.id, w.job_id, w.step, w.fence, w.admitted
    )
    select id, wakes, null::uuid as "jobId", null as step, null::integer as fence from moved
    union all select id, null, job_id, step, fence from released where admitted`
  return {
    wakes: new Map(rows.flatMap(({ id, wakes }) => (wakes === null ? [] : [[id, wakes]]))),
    released: rows.filter(({ wakes }) => wakes === null),
  }
}

const isUndo = ({ state }: Pick<Held<never>, 'state'>) => state === 'undoing' || undefined

/** Straight on to the next step in this process, without a claim. An undo does not: what it needs is read anew. */
export const goesOnHere = ({ stepWrite, state }: Transition): boolean =>
  state === 'running' && stepWrite?.state === 'succeeded'
