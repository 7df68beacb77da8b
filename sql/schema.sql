create type health_status as enum ('healthy', 'unhealthy', 'unknown');

create type instance_state as enum ('creating', 'running', 'deleting', 'deleted', 'failed');

create type operation_state as enum ('queued', 'running', 'cancelling', 'undoing', 'parked', 'succeeded', 'failed', 'cancelled');

create type step_state as enum ('pending', 'running', 'waiting', 'retrying', 'succeeded', 'failed', 'undoing', 'undone');

create table api_keys (
  id text not null,
  name text not null,
  role text not null,
  secret_hash bytea not null,
  home_id uuid,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])))
);

create table audit_log (
  id uuid not null,
  at timestamp with time zone not null default now(),
  subject text not null,
  action text not null,
  resource_id text,
  operation_id uuid,
  constraint audit_log_pkey PRIMARY KEY (id)
);

create table idempotency_keys (
  subject text not null,
  key text not null,
  request_hash bytea not null,
  instance_id uuid not null,
  operation_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (subject, key)
);

create table instance_credentials (
  instance_id uuid not null,
  sealed_password bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint instance_credentials_pkey PRIMARY KEY (instance_id),
  constraint instance_credentials_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES instances(id)
);

create table instances (
  id uuid not null,
  name text not null,
  state instance_state not null default 'creating'::instance_state,
  state_reason text,
  health_status health_status not null default 'unknown'::health_status,
  health_check_job_id uuid,
  version text not null,
  provider text not null,
  host text,
  port integer,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint instances_pkey PRIMARY KEY (id),
  constraint instances_check CHECK (((state = 'deleted'::instance_state) = (deleted_at IS NOT NULL))),
  constraint instances_name_check CHECK ((name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'::text)),
  constraint instances_port_check CHECK (((port >= 1) AND (port <= 65535)))
);

create table operation_events (
  operation_id uuid not null,
  seq integer not null,
  at timestamp with time zone not null default now(),
  operation_state operation_state not null,
  step text,
  state text not null,
  message text,
  constraint operation_events_pkey PRIMARY KEY (operation_id, seq)
);

create table operation_steps (
  operation_id uuid not null,
  "position" smallint not null,
  step text not null,
  state step_state not null,
  attempt integer not null default 0,
  undo_attempt integer not null default 0,
  crashes integer not null default 0,
  output jsonb,
  error jsonb,
  waiting_for text,
  until timestamp with time zone,
  progress text,
  progress_at timestamp with time zone not null default now(),
  started_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint operation_steps_pkey PRIMARY KEY (operation_id, "position")
);

create table operations (
  id uuid not null,
  workflow text not null,
  version integer not null,
  resource_id uuid not null,
  state operation_state not null default 'queued'::operation_state,
  input jsonb not null,
  steps text[] not null,
  step text not null,
  job_id uuid,
  fence bigint not null default 0,
  owner uuid,
  wakes integer not null default 0,
  last_seq integer not null default 0,
  after_operation uuid,
  cancel_requested_at timestamp with time zone,
  parked_from operation_state,
  error jsonb,
  requested_by text not null,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  constraint operations_pkey PRIMARY KEY (id)
) with (fillfactor=70);

create table provider_homes (
  provider text not null,
  home_id uuid not null,
  path text not null,
  host text not null,
  constraint provider_homes_pkey PRIMARY KEY (provider)
);

create table sealing_key_check (
  only_row boolean not null default true,
  sealed bytea not null,
  constraint sealing_key_check_pkey PRIMARY KEY (only_row),
  constraint sealing_key_check_only_row_check CHECK (only_row)
);

create table toygres_migrations (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint toygres_migrations_pkey PRIMARY KEY (version)
);

create table workers (
  id uuid not null,
  host text not null,
  pid integer not null,
  started_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone not null,
  constraint workers_pkey PRIMARY KEY (id)
);

CREATE INDEX api_keys_age ON public.api_keys USING btree (created_at DESC, id DESC);

CREATE INDEX audit_log_age ON public.audit_log USING btree (at);

CREATE INDEX audit_log_of_resource ON public.audit_log USING btree (resource_id, id);

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE UNIQUE INDEX instances_name ON public.instances USING btree (name) WHERE (state <> 'deleted'::instance_state);

CREATE UNIQUE INDEX operations_active ON public.operations USING btree (resource_id) WHERE ((ended_at IS NULL) AND (after_operation IS NULL));

CREATE INDEX operations_of_resource ON public.operations USING btree (resource_id, id);

CREATE INDEX operations_under_way ON public.operations USING btree (requested_by) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX operations_waiting ON public.operations USING btree (after_operation) WHERE (after_operation IS NOT NULL);

create view operation_progress as
 SELECT o.id AS operation_id,
    (s."position")::integer AS "position",
    s.step,
    COALESCE(
        CASE
            WHEN ((r.state IS NULL) AND (o.step = s.step) AND (o.state = ANY (ARRAY['running'::operation_state, 'cancelling'::operation_state]))) THEN 'running'::step_state
            WHEN ((o.state = 'undoing'::operation_state) AND (o.step = s.step)) THEN 'undoing'::step_state
            ELSE r.state
        END, 'pending'::step_state) AS state,
    COALESCE(r.attempt, 0) AS attempt,
    r.waiting_for,
    r.until,
    r.error,
    r.started_at,
    r.ended_at
   FROM ((operations o
     CROSS JOIN LATERAL unnest(o.steps) WITH ORDINALITY s(step, "position"))
     LEFT JOIN operation_steps r ON (((r.operation_id = o.id) AND (r.step = s.step))));
