-- The instances that the control plane keeps.

create type instance_state as enum ('creating', 'running', 'deleting', 'deleted', 'failed');
create type health_status as enum ('healthy', 'unhealthy', 'unknown');

create table instances (
  id uuid primary key,
  name text not null check (name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'),
  state instance_state not null default 'creating',
  state_reason text,
  health_status health_status not null default 'unknown',
  health_check_job_id uuid,
  version text not null,
  provider text not null,
  host text,
  port integer check (port between 1 and 65535),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  check ((state = 'deleted') = (deleted_at is not null))
);

-- A deleted instance is history: its name is free again.
create unique index instances_name on instances (name) where state <> 'deleted';

-- Passwords, sealed with AES-256-GCM bound to the instance's id. Erased when the instance is deleted.
create table instance_credentials (
  instance_id uuid primary key references instances,
  sealed_password bytea not null,
  created_at timestamptz not null default now()
);

-- What the first sealing key sealed: another key is found out before it seals a password beside those.
create table sealing_key_check (
  only_row boolean primary key default true check (only_row),
  sealed bytea not null
);

-- Whose disk has the instances of a provider that keeps them on its own machine: one home's, and no other's.
create table provider_homes (
  provider text primary key,
  home_id uuid not null,
  path text not null,
  host text not null
);
