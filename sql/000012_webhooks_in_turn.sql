-- Webhooks: told in the order in which things come to be, and one that is dead holds up nobody else's.

-- In the order in which the engine and its callers lock them; see 000009.
lock table operations, instances, webhooks in access exclusive mode;

alter table webhooks
  -- In a row, whatever was sent.
  add column failures integer not null default 0,
  -- Nothing is sent to it before.
  add column paused_until timestamptz;

comment on column webhook_deliveries.seq is
  'the order in which what they tell was committed, given out while nobody else commits what is told';

-- Called when a transaction commits (see the triggers): what is told has its number then, and one transaction after the other.
-- Before, they waited for each other only where they wrote the same row: an operation's and its instance's events could change
-- places. It costs no more than the notification below, for which transactions that commit wait for each other as well.
create or replace function tell_webhooks(project uuid, resource uuid, event text, facts jsonb) returns void language plpgsql as $$
begin
  -- One that is being deleted is waited for here: it is told nothing then, and its row would be missed when this commits.
  perform from webhooks w where w.project_id = project and w.disabled_at is null and event = any (w.kinds)
  order by w.id for key share;
  if not found then return; end if;
  -- Any number that nobody else locks. After it only a webhook that is being deleted is waited for, by
  -- somebody who waits for nobody: there is no circle.
  perform pg_advisory_xact_lock(7040112022);
  insert into webhook_deliveries (webhook_id, resource_id, kind, body)
  select w.id, resource, event, jsonb_build_object(
    'type', event,
    'timestamp', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'data', jsonb_build_object('projectId', project) || facts)
  from webhooks w
  where w.project_id = project and w.disabled_at is null and event = any (w.kinds)
  order by w.id for key share;
  if found then perform pg_notify('toygres_webhooks', ''); end if;
end $$;

drop trigger tell_of_new_instance on instances;
drop trigger tell_of_changed_instance on instances;
drop trigger tell_of_operation on operations;

create constraint trigger tell_of_new_instance after insert on instances
  deferrable initially deferred for each row execute function tell_of_instance();
create constraint trigger tell_of_changed_instance after update of state, health_status on instances
  deferrable initially deferred for each row
  when (new.state <> old.state or new.health_status <> old.health_status)
  execute function tell_of_instance();
create constraint trigger tell_of_operation after update of state on operations
  deferrable initially deferred for each row
  when (new.state <> old.state and new.state in ('succeeded', 'failed', 'cancelled', 'parked') and new.project_id is not null)
  execute function tell_of_operation();
