-- Whose instances these are: written on what is made of them, so that no control plane takes another one's for what nobody owns.
create table control_plane (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into control_plane default values;
