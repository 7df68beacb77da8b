-- People at the web console: signed in with an API key, which their browser then forgets; and told of what changes.

create table sessions (
  -- sha-256 of the 256 random bits in the browser's cookie.
  token_hash bytea primary key,
  -- What the key may do, the session may: no more, and no longer.
  api_key_id text not null references api_keys on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_of_key on sessions (api_key_id);
create index sessions_end on sessions (expires_at);

-- Says which instance looks different from now on, to every process that listens, when the transaction commits.
create function tell_instance_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('toygres_instances', new.id::text);
  return null;
end $$;

create function tell_instance_of_operation_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('toygres_instances', new.resource_id::text);
  return null;
end $$;

create trigger instance_made after insert on instances
  for each row execute function tell_instance_changed();
create trigger instance_changed after update on instances
  for each row when (old.* is distinct from new.*) execute function tell_instance_changed();

-- An instance shows which operation is changing it.
create trigger operation_began after insert on operations
  for each row execute function tell_instance_of_operation_changed();
create trigger operation_ended after update of ended_at on operations
  for each row when (old.ended_at is distinct from new.ended_at) execute function tell_instance_of_operation_changed();
