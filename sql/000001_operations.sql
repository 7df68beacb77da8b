-- The durable operations engine (packages/workflow). It knows nothing of instances.

create type operation_state as enum
  ('queued', 'running', 'cancelling', 'undoing', 'parked', 'succeeded', 'failed', 'cancelled');

create type step_state as enum
  ('pending', 'running', 'waiting', 'retrying', 'succeeded', 'failed', 'undoing', 'undone');

-- A process that runs steps. Its lease is the lease of every operation it owns: one row to renew, not one each.
create table workers (
  id uuid primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null
);

-- Ids are time-ordered (uuid v7), so that a long history costs nothing (see CONTRIBUTING.md, "The engine's rules").
create table operations (
  id uuid primary key,
  workflow text not null,
  version integer not null,
  resource_id uuid not null,
  state operation_state not null default 'queued',
  input jsonb not null,
  -- The names of the workflow's steps, as they were when it started.
  steps text[] not null,
  -- The step whose turn it is; undone from here backwards while undoing.
  step text not null,
  -- The one pg-boss job that may carry the operation on. Any other job of it is stale.
  job_id uuid,
  -- Counts up each time somebody takes the operation over; a write with an older number is refused.
  fence integer not null default 0,
  owner uuid,
  -- Counts wake-ups, so that one that arrives while the step runs is not lost.
  wakes integer not null default 0,
  last_seq integer not null default 0,
  -- Waits until this operation has ended (a deletion that pre-empts a creation).
  after_operation uuid,
  -- The limits that it counts against, and whether they have let it begin: until then it has no job.
  lanes text[] not null default '{}',
  admitted boolean not null default true,
  -- How many its requester had under way when it started: those with fewer go first.
  rank integer not null default 0,
  cancel_requested_at timestamptz,
  -- What a parked operation was doing, and goes on with when it is retried.
  parked_from operation_state,
  error jsonb,
  requested_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

-- One mutating operation per resource, and one more that waits for it.
create unique index operations_active on operations (resource_id)
  where ended_at is null and after_operation is null;
create unique index operations_waiting on operations (after_operation) where after_operation is not null;
create index operations_under_way on operations (requested_by) where ended_at is null;
create index operations_to_admit on operations (rank, id) where not admitted and ended_at is null;
create index operations_in_lanes on operations (id) where lanes <> '{}' and ended_at is null;
create index operations_of_resource on operations (resource_id, id);

-- These two have no foreign key: only the engine writes them, in the statement that holds the operation's row, and the
-- checks took a third of the time that recording takes.
create table operation_steps (
  operation_id uuid not null,
  position smallint not null,
  step text not null,
  state step_state not null,
  -- Executions that counted: a poll that asked to run again does not.
  attempt integer not null default 0,
  undo_attempt integer not null default 0,
  -- Times that a worker died while it ran this step.
  crashes integer not null default 0,
  output jsonb,
  error jsonb,
  waiting_for text,
  until timestamptz,
  progress text,
  progress_at timestamptz not null default now(),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (operation_id, position)
);

create table operation_events (
  operation_id uuid not null,
  -- Without gaps within the operation: counted under its row lock.
  seq integer not null,
  -- Not now(): a turn may have begun before what it found was committed.
  at timestamptz not null default clock_timestamp(),
  operation_state operation_state not null,
  step text,
  state text not null,
  message text,
  primary key (operation_id, seq)
);

-- Every step of every operation in order, those that have not begun included.
create view operation_progress as
select
  o.id as operation_id,
  s.position::integer as position,
  s.step,
  coalesce(
    case
      when r.state is null and o.step = s.step and o.state in ('running', 'cancelling') then 'running'
      when o.state = 'undoing' and o.step = s.step then 'undoing'
      else r.state
    end,
    'pending'
  ) as state,
  coalesce(r.attempt, 0) as attempt,
  coalesce(
    r.waiting_for,
    case
      when o.ended_at is not null or o.step <> s.step then null
      when o.after_operation is not null then 'the end of operation ' || o.after_operation
      when not o.admitted then 'room in ' || array_to_string(o.lanes, ' and ')
    end
  ) as waiting_for,
  r.until,
  r.error,
  r.started_at,
  r.ended_at
from operations o
cross join lateral unnest(o.steps) with ordinality as s (step, position)
left join operation_steps r on r.operation_id = o.id and r.step = s.step;
