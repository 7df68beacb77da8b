-- Health checks of instances, their history, and drift between metadata and provider.

-- `toygres_monitor` on each instance: the role that health checks log in as. Null until it is first needed.
alter table instance_credentials add column sealed_monitor_password bytea;

-- A health check runs every interval, as one pg-boss job that is replaced by its successor (packages/control-plane/src/health).
-- An instance has a row here exactly while it is checked. The row is also the lock between a check that ends and whoever stops
-- the checks, so it is written before the queue is.
create table instance_health (
  instance_id uuid primary key references instances,
  -- In a row, so that one lost packet changes nobody's health.
  failures integer not null default 0,
  successes integer not null default 0,
  -- The last check.
  checked_at timestamptz,
  reason text,
  detail text,
  latency_ms real,
  tls boolean,
  in_recovery boolean,
  read_only boolean,
  connections integer,
  max_connections integer,
  oldest_transaction_s real,
  -- Costly to measure, so not at every check.
  database_bytes bigint,
  disk_free_bytes bigint,
  disk_total_bytes bigint,
  measured_at timestamptz
) with (fillfactor = 50);

alter table instances add column health_check_interval_s integer not null default 30
  check (health_check_interval_s between 5 and 3600);
create index instances_running on instances (id) where state = 'running';

-- Every change of an instance's health, and why.
create table health_events (
  id uuid primary key,
  instance_id uuid not null,
  at timestamptz not null default now(),
  status health_status not null,
  reason text,
  detail text
);
create index health_events_of_instance on health_events (instance_id, id);
create index health_events_age on health_events (at);

-- History. Partitions are made ahead and dropped whole (packages/control-plane/src/health/partitions.ts), so what is old costs no vacuum.
create table health_samples (
  instance_id uuid not null,
  at timestamptz not null,
  database_bytes bigint,
  latency_ms real,
  connections integer,
  -- Null when the check succeeded.
  reason text
) partition by range (at);
create index health_samples_of_instance on health_samples (instance_id, at);

create table health_minutes (
  instance_id uuid not null,
  at timestamptz not null,
  database_bytes bigint,
  checks integer not null,
  failures integer not null,
  latency_ms_sum real,
  latency_ms_max real,
  connections_max integer,
  -- The most frequent one.
  reason text,
  primary key (instance_id, at)
) partition by range (at);

create table health_hours (
  instance_id uuid not null,
  at timestamptz not null,
  database_bytes bigint,
  checks integer not null,
  failures integer not null,
  latency_ms_sum real,
  latency_ms_max real,
  connections_max integer,
  reason text,
  primary key (instance_id, at)
) partition by range (at);

-- Up to when samples are summed up.
create table health_rollups (
  resolution text primary key check (resolution in ('minute', 'hour')),
  done_until timestamptz not null
);
insert into health_rollups (resolution, done_until) values
  ('minute', date_bin('1 minute', now(), '2000-01-01Z')),
  ('hour', date_bin('1 hour', now(), '2000-01-01Z'));

-- What is summed up already, and what is not yet: readers see one history without a seam.
create view health_by_minute as
select instance_id, at, database_bytes, checks, failures, latency_ms_sum, latency_ms_max, connections_max, reason
from health_minutes
where at < (select done_until from health_rollups where resolution = 'minute')
union all
select
  instance_id,
  date_bin('1 minute', at, '2000-01-01Z'),
  max(database_bytes),
  count(*)::integer,
  count(reason)::integer,
  sum(latency_ms),
  max(latency_ms),
  max(connections),
  mode() within group (order by reason)
from health_samples
where at >= (select done_until from health_rollups where resolution = 'minute')
group by 1, 2;

create view health_by_hour as
select instance_id, at, database_bytes, checks, failures, latency_ms_sum, latency_ms_max, connections_max, reason
from health_hours
where at < (select done_until from health_rollups where resolution = 'hour')
union all
select
  instance_id,
  date_bin('1 hour', at, '2000-01-01Z'),
  max(database_bytes),
  sum(checks)::integer,
  sum(failures)::integer,
  sum(latency_ms_sum),
  max(latency_ms_max),
  max(connections_max),
  mode() within group (order by reason)
from health_by_minute
where at >= (select done_until from health_rollups where resolution = 'hour')
group by 1, 2;

-- Work that one control plane does for all: whoever comes first when it is due.
create table duties (
  duty text primary key,
  done_at timestamptz not null
);

create type drift_kind as enum ('server-down', 'data-missing', 'spec-changed', 'operation-gone', 'leftover', 'orphan');

-- What the reconciler found to differ between metadata and provider. Resolved ones are kept as history for a while.
create table drift (
  id uuid primary key,
  kind drift_kind not null,
  -- No foreign key: an orphan is of an instance that metadata does not know.
  instance_id uuid not null,
  instance_name text not null,
  provider text not null,
  detail text not null,
  detected_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  -- What is done about it; null while nothing is.
  operation_id uuid,
  repairs integer not null default 0,
  -- Not before then: back-off, or the grace of an orphan. Null: nobody but a person can repair it.
  repair_after timestamptz,
  resolved_at timestamptz
);
create unique index drift_open on drift (instance_id, kind) where resolved_at is null;
create index drift_of_instance on drift (instance_id, id);
create index drift_resolved on drift (resolved_at) where resolved_at is not null;
