-- Changes of projects and webhooks can be conditional, as those of instances are.

-- Each counts the changes that callers made; with the id, what an etag is made of.
alter table projects add column generation integer not null default 1;
alter table webhooks add column generation integer not null default 1;
