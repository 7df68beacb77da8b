-- Projects: the tenants of one control plane. What belongs to one is not there for the others.

create table projects (
  id uuid primary key,
  name text not null check (name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'),
  -- Quotas: instances that are not deleted, and operations under way. Null is no limit.
  max_instances integer check (max_instances >= 0),
  max_operations integer check (max_operations >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- A deleted project keeps its history: its name is free again.
  deleted_at timestamptz
);
create unique index projects_name on projects (name) where deleted_at is null;

-- What there was before there were projects, and what is made without naming one. Its id is known to the code.
insert into projects (id, name) values ('00000000-0000-7000-8000-000000000000', 'default');

alter table instances
  add column project_id uuid not null default '00000000-0000-7000-8000-000000000000' references projects;
drop index instances_name;
create unique index instances_name on instances (project_id, name) where state <> 'deleted';
create index instances_of_project on instances (project_id, id);

-- No foreign key: only the engine writes it, with every operation. Null where metadata does not know the resource.
alter table operations add column project_id uuid;
update operations o set project_id = i.project_id from instances i where i.id = o.resource_id;
create index operations_of_project on operations (project_id, id);
create index operations_under_way_of_project on operations (project_id) where ended_at is null;

-- Null: a key of the system, which may act in every project. The keys that homes hold are such keys.
alter table api_keys add column project_id uuid references projects;
update api_keys set project_id = '00000000-0000-7000-8000-000000000000' where home_id is null;
create index api_keys_of_project on api_keys (project_id, created_at desc, id desc);
-- The key that has taken its place; both open until this one's `expires_at`.
alter table api_keys add column replaced_by text;

alter table audit_log
  -- Null: a deed of the system that is about no project.
  add column project_id uuid,
  -- Of the call, as the log has it.
  add column request_id text,
  add column outcome text not null default 'done' check (outcome in ('done', 'refused')),
  -- Why it was refused.
  add column code text;
update audit_log set project_id = '00000000-0000-7000-8000-000000000000';
create index audit_log_of_project on audit_log (project_id, id);
drop index audit_log_of_resource;
create index audit_log_of_resource on audit_log (project_id, resource_id, id);
