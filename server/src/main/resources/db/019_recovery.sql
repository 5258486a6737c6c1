-- Codes by which a help desk lets somebody set up a new factor. Of the code there is a keyed digest.
create table access_codes (
  tenant varchar(64) not null,
  id varchar(32) not null,
  user_id varchar(128) not null,
  code varchar(64) not null,
  issued_by varchar(200) not null,
  sign_in varchar(64),
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  revoked_at bigint,
  primary key (tenant, id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index access_codes_by_user on access_codes (tenant, user_id, created_at);
create index access_codes_by_expiry on access_codes (tenant, expires_at);

-- Recoveries by waiting: of each person the newest. Between due_at and ends_at it can be used.
create table recoveries (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  id varchar(32) not null,
  state varchar(12) not null,
  started_at bigint not null,
  due_at bigint not null,
  ends_at bigint not null,
  told bigint not null,
  tell_at bigint not null,
  reason varchar(32) not null,
  changed_at bigint not null,
  primary key (tenant, user_id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index recoveries_to_tell on recoveries (tenant, state, tell_at);

-- Whether a tenant is for trying things out. Written when it is made, and never again.
alter table tenants add column sandbox boolean default false not null;

-- How far ahead the clock of a sandbox is, in milliseconds.
create table sandbox_clocks (
  tenant varchar(64) not null primary key,
  ahead bigint not null
);

-- What would have been sent to somebody in a sandbox.
create table sandbox_messages (
  tenant varchar(64) not null,
  id varchar(40) not null,
  channel varchar(8) not null,
  recipient varchar(320) not null,
  message bytea not null,
  created_at bigint not null,
  primary key (tenant, id)
);
create index sandbox_messages_by_age on sandbox_messages (tenant, created_at);
