-- Uptime is a share of time: an instance that fails is checked more often, so that a share of its checks says too little.

-- Seconds since the check before, under how that one ended. Both are null where it is not known how the instance was: at its first
-- check, after a time in which nobody looked, and in what was recorded before these columns were.
alter table health_samples add column up_s real, add column down_s real;
alter table health_minutes add column up_s real, add column down_s real;
alter table health_hours add column up_s real, add column down_s real;

create or replace view health_by_minute as
select instance_id, at, database_bytes, checks, failures, latency_ms_sum, latency_ms_max, connections_max, reason, up_s, down_s
from health_minutes
where at < (select done_until from health_rollups where resolution = 'minute')
union all
select
  instance_id,
  date_bin('1 minute', at, '2000-01-01Z'),
  max(database_bytes),
  count(*)::integer,
  count(reason)::integer,
  -- A check that failed may have been answered all the same, by a server whose disk is full.
  sum(latency_ms) filter (where reason is null),
  max(latency_ms) filter (where reason is null),
  max(connections),
  mode() within group (order by reason),
  sum(up_s),
  sum(down_s)
from health_samples
where at >= (select done_until from health_rollups where resolution = 'minute')
group by 1, 2;

create or replace view health_by_hour as
select instance_id, at, database_bytes, checks, failures, latency_ms_sum, latency_ms_max, connections_max, reason, up_s, down_s
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
  mode() within group (order by reason),
  sum(up_s),
  sum(down_s)
from health_by_minute
where at >= (select done_until from health_rollups where resolution = 'hour')
group by 1, 2;
