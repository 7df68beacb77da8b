-- What the API promises of every mutation: it can be sent again, and made conditional.

alter table instances
  -- Counts the changes that callers made; with the id, what an etag is made of.
  add column generation integer not null default 1,
  add column labels jsonb not null default '{}' check (jsonb_typeof(labels) = 'object');

-- Whole answers take the place of the ids of what calls led to. Keys that are in use at this moment are forgotten: what is sent
-- again across the upgrade is refused for what the first call did (a name is taken), not done twice.
drop table idempotency_keys;
create table idempotency_keys (
  subject text not null,
  key text not null,
  -- Of a call that takes many transactions, its items are 1, 2 and so on until it has ended; each call is 0.
  item smallint not null default 0,
  request_hash bytea not null,
  -- Sealed, since that of a new API key has its secret. Null while a call that takes many transactions is under way.
  answer bytea,
  created_at timestamptz not null default now(),
  primary key (subject, key, item)
);
create index idempotency_keys_age on idempotency_keys (created_at);
