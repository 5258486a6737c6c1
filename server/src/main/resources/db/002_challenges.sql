-- Questions that were put to people: a code that was sent, a random value to be signed. Each is answered once or never.
create table challenges (
  tenant varchar(64) not null,
  id varchar(40) not null,
  user_id varchar(128) not null,
  sign_in varchar(64) not null,
  factor varchar(64) not null,
  purpose varchar(16) not null,
  enrolment varchar(32),
  memo bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  closed_at bigint,
  primary key (tenant, id)
);
create index challenges_by_sign_in on challenges (tenant, sign_in, factor);
create index challenges_by_user on challenges (tenant, user_id, factor);
create index challenges_by_expiry on challenges (tenant, expires_at);

-- What a tenant has set for a factor, in the factor's own form; no row means all as usual.
create table factor_settings (
  tenant varchar(64) not null,
  factor varchar(64) not null,
  document bytea not null,
  updated_at bigint not null,
  primary key (tenant, factor)
);

-- Whether the key that answered cannot leave its device: the third level asks for it (SP 800-63B-4 2.3.1).
alter table proofs add column hardware_bound boolean default false not null;
