-- What an undo failed with is told beside what its step failed with, and an attempt that a worker died in is seen among the others.

-- In the order in which the engine locks them; see 000009.
lock table operations, operation_steps, operation_events in access exclusive mode;

-- Of the last attempt of its undo; nothing once that has succeeded.
alter table operation_steps add column undo_error jsonb;

-- As before; an undo that is taken over goes on since it began.
create or replace function take_over(lost uuid, taken uuid[]) returns table (id uuid, crashes integer) language sql as $$
  with counted as (
    update operations o set last_seq = o.last_seq + 1, updated_at = clock_timestamp()
    from operations was
    where o.id = any (taken) and was.id = o.id and coalesce((select active from step_job(was.job_id)), true)
    returning o.*, greatest(
      coalesce((select fetched_at from step_job(was.job_id)), was.updated_at), was.started_at, was.retried_at,
      (select max(greatest(s.ended_at, s.undo_ended_at)) from operation_steps s where s.operation_id = o.id)) as began_at
  ), told as (
    insert into operation_events (operation_id, seq, at, operation_state, step, state, code, message)
    select c.id, c.last_seq, c.updated_at, c.state, c.step, 'retrying', 'TAKEN_OVER', format(
      'taken over from worker %s (process %s on %s), which %s', lost, coalesce(w.pid::text, '?'), coalesce(w.host, '?'),
      case when w.lease_until > now() then 'could not record how it ended' else 'fell silent' end)
    from counted c left join workers w on w.id = lost
  )
  insert into operation_steps as s (operation_id, position, step, state, crashes, started_at, undo_started_at)
  select c.id, array_position(c.steps, c.step) - 1, c.step, 'running', 1, c.began_at, case when c.state = 'undoing' then c.began_at end
  from counted c
  on conflict (operation_id, position) do update
    set crashes = s.crashes + 1, undo_started_at = coalesce(s.undo_started_at, excluded.undo_started_at)
  returning s.operation_id, s.crashes
$$;

-- As before, with undo_error.
create or replace view operation_progress as
select
  o.id as operation_id,
  s.position::integer as position,
  s.step,
  case
    when here.parked then 'waiting'
    when here.undoing then 'undoing'
    when j.active then 'running'
    when here.current and r.state = 'running' then 'pending'
    else coalesce(r.state, 'pending')
  end as state,
  -- With the one that is under way; one that polls is under way until it has ended.
  coalesce(r.attempt, 0) + (not here.undoing and not here.parked and (j.active or r.state is not distinct from 'waiting'))::integer as attempt,
  case
    when here.parked then 'a person, who lets it go on with retry: ' || coalesce(o.error ->> 'message', 'it was parked')
    when here.current and o.after_operation is not null then 'the end of operation ' || o.after_operation
    when here.current and not o.admitted then 'room in ' || array_to_string(o.lanes, ' and ')
    when here.current and not j.active and coalesce(r.until, '-infinity') <= now() then 'a free worker'
    else r.waiting_for
  end as waiting_for,
  case when here.current and not here.parked and not j.active then r.until end as until,
  r.error,
  coalesce(r.started_at, run.since) as started_at,
  r.ended_at,
  -- The execution under way, of the step or of its undo, and who has it.
  run.since as run_since,
  case when j.active then o.owner end as worker,
  w.host,
  w.pid,
  coalesce(r.undo_attempt, 0) + (here.undoing and j.active)::integer as undo_attempt,
  -- Of what was undone before there was a time of its own, the end is all that is known.
  coalesce(r.undo_started_at, case when r.state = 'undone' then r.ended_at when here.undoing then run.since end) as undo_started_at,
  coalesce(r.undo_ended_at, case when r.state = 'undone' then r.ended_at end) as undo_ended_at,
  r.undo_error
from operations o
cross join lateral unnest(o.steps) with ordinality as s (step, position)
left join operation_steps r on r.operation_id = o.id and r.step = s.step
cross join lateral (
  select
    o.step = s.step and o.ended_at is null as current,
    o.step = s.step and o.state = 'parked' as parked,
    o.step = s.step and o.state = 'undoing' as undoing
) as here
left join lateral step_job(case when here.current then o.job_id end) as found on true
cross join lateral (select coalesce(found.active, false) as active) as j
left join workers w on j.active and w.id = o.owner
-- A turn fetches a job before it has recorded what came before.
left join lateral (
  select greatest(found.fetched_at, o.started_at, o.retried_at, max(greatest(before.ended_at, before.undo_ended_at))) as since
  from operation_steps before where before.operation_id = o.id
) as run on j.active;

-- As before, with undo_error.
create or replace view operation_status as
select
  o.id as operation_id,
  o.workflow,
  o.resource_id,
  o.project_id,
  o.requested_by,
  o.state,
  p.step,
  p.state as step_state,
  case when o.state = 'undoing' then p.undo_attempt else p.attempt end as attempt,
  p.waiting_for,
  p.until,
  p.run_since,
  p.worker,
  p.host,
  p.pid,
  coalesce(o.error, p.error) as error,
  o.created_at,
  o.started_at,
  o.retried_at,
  o.ended_at,
  coalesce(o.ended_at, clock_timestamp()) - coalesce(o.retried_at, o.started_at) as duration,
  p.undo_error
from operations o
left join operation_progress p on p.operation_id = o.id and p.step = o.step and o.ended_at is null;

-- Every execution that ended, of steps and of undos, with its error. One that its worker died in is `lost`: it is made again
-- under the same number, since it is none of those that the step may fail. Numbers begin anew when an operation is tried again.
create or replace view operation_attempts as
select
  operation_id,
  seq,
  step,
  undo,
  tries,
  (count(*) filter (where not lost) over (partition by operation_id, tries, undo, step order by seq))::integer + lost::integer as attempt,
  at as ended_at,
  case when lost then 'lost' else state end as state,
  code,
  message
from (
  select
    e.*,
    e.code is not distinct from 'TAKEN_OVER' as lost,
    (count(*) filter (where e.retried) over before + 1)::integer as tries,
    -- What a step ended with that is to be undone is told before the undoing is.
    coalesce(
      bool_or(e.step is null and e.operation_state = 'undoing') over before
      and max(e.seq) filter (where e.step is null and e.operation_state = 'undoing') over before
        > coalesce(max(e.seq) filter (where e.retried and e.operation_state <> 'undoing') over before, 0),
      false
    ) as undo
  from (
    -- Before there were codes, a message said it.
    select *, step is null and (code = 'RETRIED' or code is null and message like 'tried again from %') as retried
    from operation_events
  ) as e
  window before as (partition by e.operation_id order by e.seq)
) as told
where step is not null and state in ('succeeded', 'retrying', 'failed', 'undone')
  -- What was cancelled before it ran has failed without a word.
  and not (state = 'failed' and message is null);
