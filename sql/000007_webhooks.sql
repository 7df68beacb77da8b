-- Webhooks: what happens in a project is told to the URLs that its people name (packages/control-plane/src/webhooks).

create table webhooks (
  id uuid primary key,
  project_id uuid not null references projects,
  url text not null,
  -- The kinds of events that it is told.
  kinds text[] not null check (cardinality(kinds) > 0),
  -- Signs what is sent; sealed with AES-256-GCM bound to the webhook's id.
  sealed_secret bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Since when nothing gets through; null while it does.
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  check ((disabled_at is null) = (disabled_reason is null))
);
create index webhooks_of_project on webhooks (project_id, id);

-- One event for one webhook: written in the transaction of what it tells, sent until it has got through.
create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  -- The order of the events of a resource: taken while its row is locked.
  seq bigint generated always as identity unique,
  webhook_id uuid not null references webhooks on delete cascade,
  resource_id uuid not null,
  kind text not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- The last attempt: what was answered, or why nothing was.
  attempted_at timestamptz,
  status integer,
  error text
);
-- What is still to be sent, in order: the first one of each resource is next.
create index webhook_deliveries_pending on webhook_deliveries (webhook_id, resource_id, seq) where state = 'pending';
create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, seq);
create index webhook_deliveries_age on webhook_deliveries (created_at);

create function tell_webhooks(project uuid, resource uuid, event text, facts jsonb) returns void language plpgsql as $$
begin
  insert into webhook_deliveries (webhook_id, resource_id, kind, body)
  select w.id, resource, event, jsonb_build_object(
    'type', event,
    'timestamp', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'data', jsonb_build_object('projectId', project) || facts)
  from webhooks w
  where w.project_id = project and w.disabled_at is null and event = any (w.kinds)
  order by w.id;
  if found then perform pg_notify('toygres_webhooks', ''); end if;
end $$;

create function tell_of_instance() returns trigger language plpgsql as $$
declare
  facts jsonb := jsonb_build_object('instance', jsonb_build_object(
    'id', new.id, 'name', new.name, 'state', new.state, 'stateReason', new.state_reason, 'healthStatus', new.health_status));
begin
  if tg_op = 'INSERT' or new.state <> old.state then
    perform tell_webhooks(new.project_id, new.id, 'instance.' || new.state, facts);
  end if;
  if tg_op = 'UPDATE' and new.health_status <> old.health_status and new.health_status <> 'unknown' then
    perform tell_webhooks(new.project_id, new.id, 'instance.' || new.health_status, facts);
  end if;
  return null;
end $$;

create trigger tell_of_new_instance after insert on instances for each row execute function tell_of_instance();
create trigger tell_of_changed_instance after update of state, health_status on instances for each row
  when (new.state <> old.state or new.health_status <> old.health_status)
  execute function tell_of_instance();

create function tell_of_operation() returns trigger language plpgsql as $$
begin
  perform tell_webhooks(new.project_id, new.resource_id, 'operation.' || new.state, jsonb_build_object(
    'operation', jsonb_build_object(
      'id', new.id, 'workflow', new.workflow, 'resourceId', new.resource_id, 'state', new.state,
      'requestedBy', new.requested_by)));
  return null;
end $$;

create trigger tell_of_operation after update of state on operations for each row
  when (new.state <> old.state and new.state in ('succeeded', 'failed', 'cancelled', 'parked') and new.project_id is not null)
  execute function tell_of_operation();
