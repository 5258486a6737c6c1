-- What a tenant has set about texts: providers with their keys, templates, countries.
create table text_settings (
  tenant varchar(64) not null,
  document bytea not null,
  updated_at bigint not null,
  primary key (tenant)
);

-- Texts that were admitted of late, to see which ranges of numbers are answered. Of the number only a digest.
create table texts (
  tenant varchar(64) not null,
  id varchar(40) not null,
  user_id varchar(128) not null,
  method varchar(64) not null,
  number varchar(64) not null,
  number_range varchar(16) not null,
  sent_at bigint not null,
  primary key (tenant, id)
);
create index texts_by_range on texts (tenant, number_range, sent_at);
create index texts_by_time on texts (tenant, sent_at);
