create type drift_kind as enum ('server-down', 'data-missing', 'spec-changed', 'operation-gone', 'leftover', 'orphan');

create type health_status as enum ('healthy', 'unhealthy', 'unknown');

create type instance_state as enum ('creating', 'running', 'stopping', 'stopped', 'starting', 'deleting', 'deleted', 'failed');

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
  project_id uuid,
  replaced_by text,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
  constraint api_keys_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
);

create table audit_log (
  id uuid not null,
  at timestamp with time zone not null default now(),
  subject text not null,
  action text not null,
  resource_id text,
  operation_id uuid,
  project_id uuid,
  request_id text,
  outcome text not null default 'done'::text,
  code text,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text])))
);

create table control_plane (
  only_row boolean not null default true,
  id uuid not null default gen_random_uuid(),
  constraint control_plane_pkey PRIMARY KEY (only_row),
  constraint control_plane_only_row_check CHECK (only_row)
);

create table drift (
  id uuid not null,
  kind drift_kind not null,
  instance_id uuid not null,
  instance_name text not null,
  provider text not null,
  detail text not null,
  detected_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  operation_id uuid,
  repairs integer not null default 0,
  repair_after timestamp with time zone,
  resolved_at timestamp with time zone,
  constraint drift_pkey PRIMARY KEY (id)
);

create table duties (
  duty text not null,
  done_at timestamp with time zone not null,
  constraint duties_pkey PRIMARY KEY (duty)
);

create table health_events (
  id uuid not null,
  instance_id uuid not null,
  at timestamp with time zone not null default now(),
  status health_status not null,
  reason text,
  detail text,
  constraint health_events_pkey PRIMARY KEY (id)
);

create table health_hours (
  instance_id uuid not null,
  at timestamp with time zone not null,
  database_bytes bigint,
  checks integer not null,
  failures integer not null,
  latency_ms_sum real,
  latency_ms_max real,
  connections_max integer,
  reason text,
  up_s real,
  down_s real,
  constraint health_hours_pkey PRIMARY KEY (instance_id, at)
) partition by RANGE (at);

create table health_minutes (
  instance_id uuid not null,
  at timestamp with time zone not null,
  database_bytes bigint,
  checks integer not null,
  failures integer not null,
  latency_ms_sum real,
  latency_ms_max real,
  connections_max integer,
  reason text,
  up_s real,
  down_s real,
  constraint health_minutes_pkey PRIMARY KEY (instance_id, at)
) partition by RANGE (at);

create table health_rollups (
  resolution text not null,
  done_until timestamp with time zone not null,
  constraint health_rollups_pkey PRIMARY KEY (resolution),
  constraint health_rollups_resolution_check CHECK ((resolution = ANY (ARRAY['minute'::text, 'hour'::text])))
);

create table health_samples (
  instance_id uuid not null,
  at timestamp with time zone not null,
  database_bytes bigint,
  latency_ms real,
  connections integer,
  reason text,
  up_s real,
  down_s real
) partition by RANGE (at);

create table idempotency_keys (
  subject text not null,
  key text not null,
  item smallint not null default 0,
  request_hash bytea not null,
  answer bytea,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (subject, key, item)
);

create table instance_credentials (
  instance_id uuid not null,
  sealed_password bytea not null,
  created_at timestamp with time zone not null default now(),
  sealed_monitor_password bytea,
  constraint instance_credentials_pkey PRIMARY KEY (instance_id),
  constraint instance_credentials_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES instances(id)
);

create table instance_health (
  instance_id uuid not null,
  failures integer not null default 0,
  successes integer not null default 0,
  checked_at timestamp with time zone,
  reason text,
  detail text,
  latency_ms real,
  tls boolean,
  in_recovery boolean,
  read_only boolean,
  connections integer,
  max_connections integer,
  oldest_transaction_s real,
  database_bytes bigint,
  disk_free_bytes bigint,
  disk_total_bytes bigint,
  measured_at timestamp with time zone,
  constraint instance_health_pkey PRIMARY KEY (instance_id),
  constraint instance_health_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES instances(id)
) with (fillfactor=50);

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
  health_check_interval_s integer not null default 30,
  generation integer not null default 1,
  labels jsonb not null default '{}'::jsonb,
  project_id uuid not null default '00000000-0000-7000-8000-000000000000'::uuid,
  constraint instances_pkey PRIMARY KEY (id),
  constraint instances_check CHECK (((state = 'deleted'::instance_state) = (deleted_at IS NOT NULL))),
  constraint instances_name_check CHECK ((name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'::text)),
  constraint instances_port_check CHECK (((port >= 1) AND (port <= 65535))),
  constraint tell_of_new_instance TRIGGER DEFERRABLE INITIALLY DEFERRED,
  constraint instances_labels_check CHECK ((jsonb_typeof(labels) = 'object'::text)),
  constraint tell_of_changed_instance TRIGGER DEFERRABLE INITIALLY DEFERRED,
  constraint instances_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  constraint instances_health_check_interval_s_check CHECK (((health_check_interval_s >= 5) AND (health_check_interval_s <= 3600)))
);

create table operation_events (
  operation_id uuid not null,
  seq integer not null,
  at timestamp with time zone not null default clock_timestamp(),
  operation_state operation_state not null,
  step text,
  state text not null,
  message text,
  code text,
  took_ms real,
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
  undo_started_at timestamp with time zone,
  undo_ended_at timestamp with time zone,
  undo_error jsonb,
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
  fence integer not null default 0,
  owner uuid,
  wakes integer not null default 0,
  last_seq integer not null default 0,
  after_operation uuid,
  lanes text[] not null default '{}'::text[],
  admitted boolean not null default true,
  rank integer not null default 0,
  cancel_requested_at timestamp with time zone,
  parked_from operation_state,
  error jsonb,
  requested_by text not null,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  project_id uuid,
  retried_at timestamp with time zone,
  constraint operations_pkey PRIMARY KEY (id),
  constraint tell_of_operation TRIGGER DEFERRABLE INITIALLY DEFERRED
) with (fillfactor=70);

create table projects (
  id uuid not null,
  name text not null,
  max_instances integer,
  max_operations integer,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  generation integer not null default 1,
  constraint projects_pkey PRIMARY KEY (id),
  constraint projects_name_check CHECK ((name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'::text)),
  constraint projects_max_instances_check CHECK ((max_instances >= 0)),
  constraint projects_max_operations_check CHECK ((max_operations >= 0))
);

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

create table sessions (
  token_hash bytea not null,
  api_key_id text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys(id) ON DELETE CASCADE
);

create table toygres_migrations (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint toygres_migrations_pkey PRIMARY KEY (version)
);

create table webhook_deliveries (
  id uuid not null default gen_random_uuid(),
  seq bigint not null,
  webhook_id uuid not null,
  resource_id uuid not null,
  kind text not null,
  body jsonb not null,
  created_at timestamp with time zone not null default now(),
  state text not null default 'pending'::text,
  attempts integer not null default 0,
  attempted_at timestamp with time zone,
  status integer,
  error text,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_seq_key UNIQUE (seq),
  constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);

create table webhooks (
  id uuid not null,
  project_id uuid not null,
  url text not null,
  kinds text[] not null,
  sealed_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  failing_since timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_reason text,
  failures integer not null default 0,
  paused_until timestamp with time zone,
  generation integer not null default 1,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_check CHECK (((disabled_at IS NULL) = (disabled_reason IS NULL))),
  constraint webhooks_kinds_check CHECK ((cardinality(kinds) > 0)),
  constraint webhooks_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id)
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

CREATE INDEX api_keys_of_project ON public.api_keys USING btree (project_id, created_at DESC, id DESC);

CREATE INDEX audit_log_age ON public.audit_log USING btree (at);

CREATE INDEX audit_log_of_project ON public.audit_log USING btree (project_id, id);

CREATE INDEX audit_log_of_resource ON public.audit_log USING btree (project_id, resource_id, id);

CREATE INDEX audit_log_of_subject ON public.audit_log USING btree (subject, id);

CREATE INDEX drift_of_instance ON public.drift USING btree (instance_id, id);

CREATE UNIQUE INDEX drift_open ON public.drift USING btree (instance_id, kind) WHERE (resolved_at IS NULL);

CREATE INDEX drift_resolved ON public.drift USING btree (resolved_at) WHERE (resolved_at IS NOT NULL);

CREATE INDEX health_events_age ON public.health_events USING btree (at);

CREATE INDEX health_events_of_instance ON public.health_events USING btree (instance_id, id);

CREATE INDEX health_samples_of_instance ON ONLY public.health_samples USING btree (instance_id, at);

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX instances_checked_every ON public.instances USING btree (health_check_interval_s) WHERE (state = 'running'::instance_state);

CREATE INDEX instances_deleted_name ON public.instances USING btree (project_id, name, id) WHERE (state = 'deleted'::instance_state);

CREATE UNIQUE INDEX instances_name ON public.instances USING btree (project_id, name) WHERE (state <> 'deleted'::instance_state);

CREATE INDEX instances_of_project ON public.instances USING btree (project_id, id);

CREATE INDEX instances_running ON public.instances USING btree (id) WHERE (state = 'running'::instance_state);

CREATE UNIQUE INDEX operations_active ON public.operations USING btree (resource_id) WHERE ((ended_at IS NULL) AND (after_operation IS NULL));

CREATE INDEX operations_in_lanes ON public.operations USING btree (id) WHERE ((lanes <> '{}'::text[]) AND (ended_at IS NULL));

CREATE INDEX operations_of_project ON public.operations USING btree (project_id, id);

CREATE INDEX operations_of_resource ON public.operations USING btree (resource_id, id);

CREATE INDEX operations_to_admit ON public.operations USING btree (rank, id) WHERE ((NOT admitted) AND (ended_at IS NULL));

CREATE INDEX operations_under_way ON public.operations USING btree (requested_by) WHERE (ended_at IS NULL);

CREATE INDEX operations_under_way_of_project ON public.operations USING btree (project_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX operations_waiting ON public.operations USING btree (after_operation) WHERE (after_operation IS NOT NULL);

CREATE UNIQUE INDEX projects_name ON public.projects USING btree (name) WHERE (deleted_at IS NULL);

CREATE INDEX sessions_end ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_of_key ON public.sessions USING btree (api_key_id);

CREATE INDEX webhook_deliveries_age ON public.webhook_deliveries USING btree (created_at);

CREATE INDEX webhook_deliveries_of_webhook ON public.webhook_deliveries USING btree (webhook_id, seq);

CREATE INDEX webhook_deliveries_pending ON public.webhook_deliveries USING btree (webhook_id, resource_id, seq) WHERE (state = 'pending'::text);

CREATE INDEX webhooks_of_project ON public.webhooks USING btree (project_id, id);

create view health_by_hour as
 SELECT health_hours.instance_id,
    health_hours.at,
    health_hours.database_bytes,
    health_hours.checks,
    health_hours.failures,
    health_hours.latency_ms_sum,
    health_hours.latency_ms_max,
    health_hours.connections_max,
    health_hours.reason,
    health_hours.up_s,
    health_hours.down_s
   FROM health_hours
  WHERE (health_hours.at < ( SELECT health_rollups.done_until
           FROM health_rollups
          WHERE (health_rollups.resolution = 'hour'::text)))
UNION ALL
 SELECT health_by_minute.instance_id,
    date_bin('01:00:00'::interval, health_by_minute.at, '2000-01-01 00:00:00+00'::timestamp with time zone) AS at,
    max(health_by_minute.database_bytes) AS database_bytes,
    (sum(health_by_minute.checks))::integer AS checks,
    (sum(health_by_minute.failures))::integer AS failures,
    sum(health_by_minute.latency_ms_sum) AS latency_ms_sum,
    max(health_by_minute.latency_ms_max) AS latency_ms_max,
    max(health_by_minute.connections_max) AS connections_max,
    mode() WITHIN GROUP (ORDER BY health_by_minute.reason) AS reason,
    sum(health_by_minute.up_s) AS up_s,
    sum(health_by_minute.down_s) AS down_s
   FROM health_by_minute
  WHERE (health_by_minute.at >= ( SELECT health_rollups.done_until
           FROM health_rollups
          WHERE (health_rollups.resolution = 'hour'::text)))
  GROUP BY health_by_minute.instance_id, (date_bin('01:00:00'::interval, health_by_minute.at, '2000-01-01 00:00:00+00'::timestamp with time zone));

create view health_by_minute as
 SELECT health_minutes.instance_id,
    health_minutes.at,
    health_minutes.database_bytes,
    health_minutes.checks,
    health_minutes.failures,
    health_minutes.latency_ms_sum,
    health_minutes.latency_ms_max,
    health_minutes.connections_max,
    health_minutes.reason,
    health_minutes.up_s,
    health_minutes.down_s
   FROM health_minutes
  WHERE (health_minutes.at < ( SELECT health_rollups.done_until
           FROM health_rollups
          WHERE (health_rollups.resolution = 'minute'::text)))
UNION ALL
 SELECT health_samples.instance_id,
    date_bin('00:01:00'::interval, health_samples.at, '2000-01-01 00:00:00+00'::timestamp with time zone) AS at,
    max(health_samples.database_bytes) AS database_bytes,
    (count(*))::integer AS checks,
    (count(health_samples.reason))::integer AS failures,
    sum(health_samples.latency_ms) FILTER (WHERE (health_samples.reason IS NULL)) AS latency_ms_sum,
    max(health_samples.latency_ms) FILTER (WHERE (health_samples.reason IS NULL)) AS latency_ms_max,
    max(health_samples.connections) AS connections_max,
    mode() WITHIN GROUP (ORDER BY health_samples.reason) AS reason,
    sum(health_samples.up_s) AS up_s,
    sum(health_samples.down_s) AS down_s
   FROM health_samples
  WHERE (health_samples.at >= ( SELECT health_rollups.done_until
           FROM health_rollups
          WHERE (health_rollups.resolution = 'minute'::text)))
  GROUP BY health_samples.instance_id, (date_bin('00:01:00'::interval, health_samples.at, '2000-01-01 00:00:00+00'::timestamp with time zone));

create view operation_attempts as
 SELECT operation_id,
    seq,
    step,
    undo,
    tries,
    ((count(*) FILTER (WHERE (NOT lost)) OVER (PARTITION BY operation_id, tries, undo, step ORDER BY seq))::integer + (lost)::integer) AS attempt,
    at AS ended_at,
        CASE
            WHEN lost THEN 'lost'::text
            ELSE state
        END AS state,
    code,
    message
   FROM ( SELECT e.operation_id,
            e.seq,
            e.at,
            e.operation_state,
            e.step,
            e.state,
            e.message,
            e.code,
            e.retried,
            (NOT (e.code IS DISTINCT FROM 'TAKEN_OVER'::text)) AS lost,
            ((count(*) FILTER (WHERE e.retried) OVER before + 1))::integer AS tries,
            COALESCE((bool_or(((e.step IS NULL) AND (e.operation_state = 'undoing'::operation_state))) OVER before AND (max(e.seq) FILTER (WHERE ((e.step IS NULL) AND (e.operation_state = 'undoing'::operation_state))) OVER before > COALESCE(max(e.seq) FILTER (WHERE (e.retried AND (e.operation_state <> 'undoing'::operation_state))) OVER before, 0))), false) AS undo
           FROM ( SELECT operation_events.operation_id,
                    operation_events.seq,
                    operation_events.at,
                    operation_events.operation_state,
                    operation_events.step,
                    operation_events.state,
                    operation_events.message,
                    operation_events.code,
                    ((operation_events.step IS NULL) AND ((operation_events.code = 'RETRIED'::text) OR ((operation_events.code IS NULL) AND (operation_events.message ~~ 'tried again from %'::text)))) AS retried
                   FROM operation_events) e
          WINDOW before AS (PARTITION BY e.operation_id ORDER BY e.seq)) told
  WHERE ((step IS NOT NULL) AND (state = ANY (ARRAY['succeeded'::text, 'retrying'::text, 'failed'::text, 'undone'::text])) AND (NOT ((state = 'failed'::text) AND (message IS NULL))));

create view operation_progress as
 SELECT o.id AS operation_id,
    (s."position")::integer AS "position",
    s.step,
        CASE
            WHEN here.parked THEN 'waiting'::step_state
            WHEN here.undoing THEN 'undoing'::step_state
            WHEN j.active THEN 'running'::step_state
            WHEN (here.current AND (r.state = 'running'::step_state)) THEN 'pending'::step_state
            ELSE COALESCE(r.state, 'pending'::step_state)
        END AS state,
    (COALESCE(r.attempt, 0) + (((NOT here.undoing) AND (NOT here.parked) AND (j.active OR (NOT (r.state IS DISTINCT FROM 'waiting'::step_state)))))::integer) AS attempt,
        CASE
            WHEN here.parked THEN ('a person, who lets it go on with retry: '::text || COALESCE((o.error ->> 'message'::text), 'it was parked'::text))
            WHEN (here.current AND (o.after_operation IS NOT NULL)) THEN ('the end of operation '::text || o.after_operation)
            WHEN (here.current AND (NOT o.admitted)) THEN ('room in '::text || array_to_string(o.lanes, ' and '::text))
            WHEN (here.current AND (NOT j.active) AND (COALESCE(r.until, '-infinity'::timestamp with time zone) <= now())) THEN 'a free worker'::text
            ELSE r.waiting_for
        END AS waiting_for,
        CASE
            WHEN (here.current AND (NOT here.parked) AND (NOT j.active)) THEN r.until
            ELSE NULL::timestamp with time zone
        END AS until,
    r.error,
    COALESCE(r.started_at, run.since) AS started_at,
    r.ended_at,
    run.since AS run_since,
        CASE
            WHEN j.active THEN o.owner
            ELSE NULL::uuid
        END AS worker,
    w.host,
    w.pid,
    (COALESCE(r.undo_attempt, 0) + ((here.undoing AND j.active))::integer) AS undo_attempt,
    COALESCE(r.undo_started_at,
        CASE
            WHEN (r.state = 'undone'::step_state) THEN r.ended_at
            WHEN here.undoing THEN run.since
            ELSE NULL::timestamp with time zone
        END) AS undo_started_at,
    COALESCE(r.undo_ended_at,
        CASE
            WHEN (r.state = 'undone'::step_state) THEN r.ended_at
            ELSE NULL::timestamp with time zone
        END) AS undo_ended_at,
    r.undo_error
   FROM (((((((operations o
     CROSS JOIN LATERAL unnest(o.steps) WITH ORDINALITY s(step, "position"))
     LEFT JOIN operation_steps r ON (((r.operation_id = o.id) AND (r.step = s.step))))
     CROSS JOIN LATERAL ( SELECT ((o.step = s.step) AND (o.ended_at IS NULL)) AS current,
            ((o.step = s.step) AND (o.state = 'parked'::operation_state)) AS parked,
            ((o.step = s.step) AND (o.state = 'undoing'::operation_state)) AS undoing) here)
     LEFT JOIN LATERAL step_job(
        CASE
            WHEN here.current THEN o.job_id
            ELSE NULL::uuid
        END) found(active, fetched_at) ON (true))
     CROSS JOIN LATERAL ( SELECT COALESCE(found.active, false) AS active) j)
     LEFT JOIN workers w ON ((j.active AND (w.id = o.owner))))
     LEFT JOIN LATERAL ( SELECT GREATEST(found.fetched_at, o.started_at, o.retried_at, max(GREATEST(before.ended_at, before.undo_ended_at))) AS since
           FROM operation_steps before
          WHERE (before.operation_id = o.id)) run ON (j.active));

create view operation_status as
 SELECT o.id AS operation_id,
    o.workflow,
    o.resource_id,
    o.project_id,
    o.requested_by,
    o.state,
    p.step,
    p.state AS step_state,
        CASE
            WHEN (o.state = 'undoing'::operation_state) THEN p.undo_attempt
            ELSE p.attempt
        END AS attempt,
    p.waiting_for,
    p.until,
    p.run_since,
    p.worker,
    p.host,
    p.pid,
    COALESCE(o.error, p.error) AS error,
    o.created_at,
    o.started_at,
    o.retried_at,
    o.ended_at,
    (COALESCE(o.ended_at, clock_timestamp()) - COALESCE(o.retried_at, o.started_at)) AS duration,
    p.undo_error
   FROM (operations o
     LEFT JOIN operation_progress p ON (((p.operation_id = o.id) AND (p.step = o.step) AND (o.ended_at IS NULL))));

CREATE OR REPLACE FUNCTION public.step_job(job uuid)
 RETURNS TABLE(active boolean, fetched_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE STRICT ROWS 1
AS $function$
begin
  return query select j.state = 'active', j.started_on from pgboss.job j where j.name = 'operation-steps' and j.id = job;
end $function$
;

CREATE OR REPLACE FUNCTION public.take_over(lost uuid, taken uuid[])
 RETURNS TABLE(id uuid, crashes integer)
 LANGUAGE sql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.tell_instance_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('toygres_instances', new.id::text);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.tell_instance_of_operation_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('toygres_instances', new.resource_id::text);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.tell_of_instance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.tell_of_operation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tell_webhooks(new.project_id, new.resource_id, 'operation.' || new.state, jsonb_build_object(
    'operation', jsonb_build_object(
      'id', new.id, 'workflow', new.workflow, 'resourceId', new.resource_id, 'state', new.state,
      'requestedBy', new.requested_by)));
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.tell_of_state(ids uuid[], told operation_state, code text, message text)
 RETURNS void
 LANGUAGE sql
AS $function$
  with counted as (
    update operations set last_seq = last_seq + 1, updated_at = clock_timestamp() where id = any (ids)
    returning id, last_seq, updated_at
  )
  insert into operation_events (operation_id, seq, at, operation_state, state, code, message)
  select c.id, c.last_seq, c.updated_at, told, told::text, tell_of_state.code, tell_of_state.message from counted c
$function$
;

CREATE OR REPLACE FUNCTION public.tell_webhooks(project uuid, resource uuid, event text, facts jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE TRIGGER instance_changed AFTER UPDATE ON public.instances FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION tell_instance_changed();

CREATE TRIGGER instance_made AFTER INSERT ON public.instances FOR EACH ROW EXECUTE FUNCTION tell_instance_changed();

CREATE TRIGGER operation_began AFTER INSERT ON public.operations FOR EACH ROW EXECUTE FUNCTION tell_instance_of_operation_changed();

CREATE TRIGGER operation_ended AFTER UPDATE OF ended_at ON public.operations FOR EACH ROW WHEN ((old.ended_at IS DISTINCT FROM new.ended_at)) EXECUTE FUNCTION tell_instance_of_operation_changed();

CREATE CONSTRAINT TRIGGER tell_of_changed_instance AFTER UPDATE OF state, health_status ON public.instances DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.state <> old.state) OR (new.health_status <> old.health_status))) EXECUTE FUNCTION tell_of_instance();

CREATE CONSTRAINT TRIGGER tell_of_new_instance AFTER INSERT ON public.instances DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell_of_instance();

CREATE CONSTRAINT TRIGGER tell_of_operation AFTER UPDATE OF state ON public.operations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.state <> old.state) AND (new.state = ANY (ARRAY['succeeded'::operation_state, 'failed'::operation_state, 'cancelled'::operation_state, 'parked'::operation_state])) AND (new.project_id IS NOT NULL))) EXECUTE FUNCTION tell_of_operation();
