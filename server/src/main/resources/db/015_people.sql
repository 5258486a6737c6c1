-- For how many days a device is known to be a person's.
create table risk_settings (
  tenant varchar(64) not null primary key,
  remember_days bigint not null,
  changed_at bigint not null
);

-- Work that takes longer than an answer may: people brought in or taken along. Whoever holds the lease does it, part by part.
create table jobs (
  tenant varchar(64) not null,
  id varchar(40) not null,
  type varchar(16) not null,
  state varchar(12) not null,
  document varchar not null,
  total bigint not null,
  next_part bigint not null,
  reached varchar(200) not null,
  inserted bigint not null,
  updated bigint not null,
  failed bigint not null,
  holder varchar(40) not null,
  lease_until bigint not null,
  created_at bigint not null,
  changed_at bigint not null,
  primary key (tenant, id)
);
create index jobs_waiting on jobs (state, lease_until);
create index jobs_by_age on jobs (tenant, created_at);

create table job_parts (
  tenant varchar(64) not null,
  job varchar(40) not null,
  part bigint not null,
  content bytea not null,
  primary key (tenant, job, part),
  foreign key (tenant, job) references jobs (tenant, id) on delete cascade
);

create table job_faults (
  tenant varchar(64) not null,
  job varchar(40) not null,
  item bigint not null,
  fault varchar not null,
  primary key (tenant, job, item),
  foreign key (tenant, job) references jobs (tenant, id) on delete cascade
);
