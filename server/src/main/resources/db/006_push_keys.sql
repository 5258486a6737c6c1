-- Under which key a tenant's devices can be woken (RFC 8292). Subscriptions are bound to it, so it stays.
create table push_keys (
  tenant varchar(64) not null,
  public_key varchar(128) not null,
  document bytea not null,
  created_at bigint not null,
  primary key (tenant)
);
