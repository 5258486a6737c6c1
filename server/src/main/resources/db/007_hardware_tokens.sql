-- Tokens that a tenant owns. A token belongs to a person while the enrolment that it became stands.
create table hardware_tokens (
  tenant varchar(64) not null,
  serial varchar(64) not null,
  kind varchar(8) not null,
  algorithm varchar(8) not null,
  digits integer not null,
  period integer not null,
  seed bytea not null,
  first_counter bigint not null,
  imported_at bigint not null,
  user_id varchar(128),
  enrolment varchar(32),
  assigned_at bigint,
  primary key (tenant, serial)
);
