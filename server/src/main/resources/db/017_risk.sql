-- What is known of how people sign in: browsers, countries, hours of the day, where they were last.
create table risk_habits (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  document varchar not null,
  seen_at bigint not null,
  version bigint not null,
  primary key (tenant, user_id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
create index risk_habits_by_age on risk_habits (tenant, seen_at);

-- Lists of addresses: a tenant's own, and those fetched from elsewhere, with what the last good fetch brought.
create table risk_lists (
  tenant varchar(64) not null,
  id varchar(40) not null,
  document bytea not null,
  content bytea,
  content_digest varchar(64) not null,
  entries bigint not null,
  state varchar(16) not null,
  failures bigint not null,
  error varchar(40) not null,
  fetched_at bigint,
  next_fetch_at bigint not null,
  created_at bigint not null,
  primary key (tenant, id)
);
create index risk_lists_due on risk_lists (state, next_fetch_at);

-- Goes up with every change of the lists, so that each sign-in notices it by the read that it makes anyway.
alter table risk_settings add column lists_version bigint default 0 not null;
