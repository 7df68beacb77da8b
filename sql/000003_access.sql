-- Who may call, what they did, and what makes a call safe to repeat.

create table api_keys (
  id text primary key,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- sha-256 of 256 random bits: nothing to guess, so no slow hash is needed.
  secret_hash bytea not null,
  -- Of the home whose client.json holds it; null for those that people made.
  home_id uuid,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_age on api_keys (created_at desc, id desc);

create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  subject text not null,
  action text not null,
  -- An instance or an API key.
  resource_id text,
  operation_id uuid
);
create index audit_log_of_resource on audit_log (resource_id, id);
create index audit_log_age on audit_log (at);

create table idempotency_keys (
  subject text not null,
  key text not null,
  request_hash bytea not null,
  instance_id uuid not null,
  operation_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (subject, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
