-- Where a tenant wants to be told of what happens, and what it has not been told of yet.
create table log_streams (
  tenant varchar(64) not null,
  id varchar(40) not null,
  status varchar(16) not null,
  document bytea not null,
  tries bigint not null,
  next_try_at bigint not null,
  created_at bigint not null,
  primary key (tenant, id)
);
create index log_streams_due on log_streams (status, next_try_at);

-- It refers to no stream: one that is deleted at the same moment must not fail what happened.
create table log_deliveries (
  tenant varchar(64) not null,
  stream varchar(40) not null,
  event varchar(40) not null,
  queued_at bigint not null,
  given_up_at bigint,
  primary key (tenant, stream, event)
);
