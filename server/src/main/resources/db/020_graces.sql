-- How often somebody has put off what a rule requires: since the first invitation, for the person and the rule.
create table graces (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  rule varchar(64) not null,
  since bigint not null,
  skips bigint not null,
  last_skip bigint,
  primary key (tenant, user_id, rule),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade
);
