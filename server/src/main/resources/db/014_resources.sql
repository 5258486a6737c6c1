-- Roles of a tenant: what enforcement rules match people by, and what tools keep permissions on.
create table roles (
  tenant varchar(64) not null,
  id varchar(40) not null,
  name varchar(128) not null,
  description varchar(255) not null,
  created_at bigint not null,
  primary key (tenant, id),
  unique (tenant, name)
);

create table role_permissions (
  tenant varchar(64) not null,
  role_id varchar(40) not null,
  audience varchar(600) not null,
  permission varchar(280) not null,
  primary key (tenant, role_id, audience, permission),
  foreign key (tenant, role_id) references roles (tenant, id) on delete cascade
);

-- Who has which role. A person saved before this table keeps them in the document until the next change.
create table user_roles (
  tenant varchar(64) not null,
  user_id varchar(128) not null,
  role_id varchar(40) not null,
  primary key (tenant, user_id, role_id),
  foreign key (tenant, user_id) references users (tenant, user_id) on delete cascade,
  foreign key (tenant, role_id) references roles (tenant, id) on delete cascade
);
create index user_roles_by_role on user_roles (tenant, role_id, user_id);

-- What tools set about a tenant and read back, and what nothing here follows.
create table kept_settings (
  tenant varchar(64) not null,
  name varchar(40) not null,
  document varchar not null,
  updated_at bigint not null,
  primary key (tenant, name)
);

-- A tenant's own words for mails, and its own mail host with the password to it.
create table mail_templates (
  tenant varchar(64) not null,
  name varchar(40) not null,
  document varchar not null,
  updated_at bigint not null,
  primary key (tenant, name)
);

create table mail_hosts (
  tenant varchar(64) not null,
  document bytea not null,
  updated_at bigint not null,
  primary key (tenant)
);
