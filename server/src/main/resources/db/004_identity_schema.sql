-- What the tenant's people are described by. Versions are never changed; none means the usual schema.
create table identity_schemas (
  tenant varchar(64) not null,
  version bigint not null,
  document varchar not null,
  author varchar(160) not null,
  created_at bigint not null,
  primary key (tenant, version)
);
