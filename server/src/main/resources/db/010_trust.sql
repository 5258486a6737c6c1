-- Browsers in which their person asked not to be challenged again for a while. Of the cookie's secret there is a keyed digest.
create table trusted_browsers (
  tenant varchar(64) not null,
  id varchar(32) not null,
  user_id varchar(128) not null,
  token varchar(64) not null,
  factor varchar(64) not null,
  user_agent varchar(300) not null,
  address varchar(64) not null,
  created_at bigint not null,
  used_at bigint not null,
  expires_at bigint not null,
  primary key (tenant, id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index trusted_browsers_by_user on trusted_browsers (tenant, user_id);
create index trusted_browsers_by_expiry on trusted_browsers (tenant, expires_at);

-- Where a person has used a factor: on which kind of device, from which network.
create table factor_uses (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  factor varchar(64) not null,
  device varchar(8) not null,
  network varchar(64) not null,
  first_at bigint not null,
  last_at bigint not null,
  primary key (tenant, user_id, factor, device, network),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index factor_uses_by_age on factor_uses (tenant, last_at);

-- Which factor a person wants to be asked for first.
create table first_choices (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  factor varchar(64) not null,
  chosen_at bigint not null,
  primary key (tenant, user_id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
