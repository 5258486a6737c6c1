-- Every table leads its key with the tenant, so that no row of one tenant can answer another
-- and tables can be spread by tenant. Times are milliseconds since 1970 UTC (kernel.Moment).
-- No table refers to tenants, or every row that is written would have the tenant looked up.

create table tenants (
  tenant varchar(64) primary key,
  slug varchar(63) not null unique,
  display_name varchar(200) not null,
  settings varchar not null,
  version bigint not null,
  created_at bigint not null
);

-- The directory that finds a tenant by host: the one key that cannot lead with the tenant.
create table tenant_hosts (
  host varchar(255) primary key,
  tenant varchar(64) not null references tenants (tenant) on delete cascade
);

create table signing_keys (
  tenant varchar(64) not null,
  kid varchar(64) not null,
  algorithm varchar(8) not null,
  state varchar(8) not null,
  public_jwk varchar not null,
  private_jwk bytea not null,
  created_at bigint not null,
  retired_at bigint,
  primary key (tenant, kid)
);

create table applications (
  tenant varchar(64) not null,
  client_id varchar(64) not null,
  name varchar(200) not null,
  settings varchar not null,
  secret_digest varchar(64),
  created_at bigint not null,
  primary key (tenant, client_id)
);

create table apis (
  tenant varchar(64) not null,
  identifier varchar(600) not null,
  name varchar(200) not null,
  settings varchar not null,
  created_at bigint not null,
  primary key (tenant, identifier)
);

create table client_grants (
  tenant varchar(64) not null,
  id varchar(40) not null,
  client_id varchar(64) not null,
  audience varchar(600) not null,
  scopes varchar not null,
  primary key (tenant, client_id, audience),
  unique (tenant, id),
  foreign key (tenant, client_id) references applications (tenant, client_id) on delete cascade
);

create table users (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  document varchar not null,
  blocked boolean not null,
  version bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (tenant, user_id)
);

create index users_by_age on users (tenant, created_at, user_id);

create table user_identifiers (
  tenant varchar(64) not null,
  kind varchar(16) not null,
  identifier varchar(320) not null,
  user_id varchar(128) not null,
  primary key (tenant, kind, identifier),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index user_identifiers_by_user on user_identifiers (tenant, user_id);

create table passwords (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  hash bytea not null,
  changed_at bigint not null,
  primary key (tenant, user_id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);

create table audit_events (
  tenant varchar(64) not null,
  id varchar(40) not null,
  type varchar(60) not null,
  outcome varchar(10) not null,
  occurred_at bigint not null,
  user_id varchar(128),
  sign_in varchar(64),
  entry varchar not null,
  auth0 varchar(60) not null,
  client_id varchar(128),
  primary key (tenant, id)
);
create index audit_events_by_user on audit_events (tenant, user_id, id);

-- A removed factor stays, without its document: which factors were ever bound is part of the record (SP 800-63B-4 4.1).
create table enrolments (
  tenant varchar(64) not null,
  id varchar(32) not null,
  user_id varchar(128) not null,
  factor varchar(64) not null,
  name varchar(100) not null,
  state varchar(10) not null,
  document bytea,
  high_water bigint not null,
  created_at bigint not null,
  confirmed_at bigint,
  last_used_at bigint,
  removed_at bigint,
  primary key (tenant, id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index enrolments_by_user on enrolments (tenant, user_id);

-- Everything that may be used once: codes, tokens, tickets. Found by a keyed digest, spent by one conditional update.
create table spendables (
  tenant varchar(64) not null,
  kind varchar(24) not null,
  digest varchar(64) not null,
  owner varchar(128) not null,
  payload varchar not null,
  created_at bigint not null,
  expires_at bigint not null,
  spent_at bigint,
  primary key (tenant, kind, digest)
);
create index spendables_by_owner on spendables (tenant, kind, owner);
create index spendables_by_expiry on spendables (tenant, expires_at);

create table proofs (
  tenant varchar(64) not null,
  sign_in varchar(64) not null,
  seq bigint not null,
  user_id varchar(128) not null,
  method varchar(64) not null,
  enrolment varchar(32),
  kind varchar(16) not null,
  amr varchar(60) not null,
  phishing_resistant boolean not null,
  purpose varchar(16) not null,
  proven_at bigint not null,
  primary key (tenant, sign_in, seq)
);

create table attempts (
  tenant varchar(64) not null,
  subject varchar(128) not null,
  door varchar(64) not null,
  in_window bigint not null,
  window_started bigint not null,
  consecutive bigint not null,
  rounds bigint not null,
  locked_until bigint not null,
  primary key (tenant, subject, door)
);

-- How often something was done in a stretch of time, for what is counted without being an answer that can be wrong.
create table rate_limits (
  tenant varchar(64) not null,
  name varchar(64) not null,
  subject varchar(160) not null,
  taken bigint not null,
  window_started bigint not null,
  primary key (tenant, name, subject)
);

create table policies (
  tenant varchar(64) not null,
  version bigint not null,
  document varchar not null,
  author varchar(160) not null,
  created_at bigint not null,
  primary key (tenant, version)
);

create table sign_ins (
  tenant varchar(64) not null,
  id varchar(64) not null,
  version bigint not null,
  state varchar(16) not null,
  user_id varchar(128),
  browser varchar(64) not null,
  document varchar not null,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (tenant, id)
);
create index sign_ins_by_user on sign_ins (tenant, user_id);
create index sign_ins_by_expiry on sign_ins (tenant, expires_at);

create table decisions (
  tenant varchar(64) not null,
  sign_in varchar(64) not null,
  seq bigint not null,
  user_id varchar(128) not null,
  decided_at bigint not null,
  policy_version bigint not null,
  facts varchar not null,
  decision varchar not null,
  primary key (tenant, sign_in, seq)
);

create table sessions (
  tenant varchar(64) not null,
  id varchar(64) not null,
  cookie varchar(64) not null,
  user_id varchar(128) not null,
  document varchar not null,
  level varchar(8) not null,
  created_at bigint not null,
  authenticated_at bigint not null,
  seen_at bigint not null,
  second_proofs_after bigint,
  ended_at bigint,
  primary key (tenant, id),
  unique (tenant, cookie)
);
create index sessions_by_user on sessions (tenant, user_id);
create index sessions_by_age on sessions (tenant, created_at);

create table refresh_families (
  tenant varchar(64) not null,
  id varchar(64) not null,
  client_id varchar(64) not null,
  user_id varchar(128) not null,
  document varchar not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  primary key (tenant, id)
);
create index refresh_families_by_user on refresh_families (tenant, user_id);

-- Mail waits here from the transaction that caused it until a server has handed it to the mail host.
create table outbox (
  tenant varchar(64) not null,
  id varchar(40) not null,
  channel varchar(10) not null,
  message bytea not null,
  tries bigint not null,
  next_try_at bigint not null,
  created_at bigint not null,
  given_up_at bigint,
  primary key (tenant, id)
);
create index outbox_due on outbox (next_try_at);

-- Fingerprints of the root keys that ever wrote here (storage.KeyCheck).
create table root_keys (
  key_id varchar(32) primary key,
  fingerprint varchar(64) not null
);
