-- What makes an enrolled thing this one thing, as digests: nobody may register it twice, in whatever tenant.
create table enrolment_handles (
  tenant varchar(64) not null,
  handle varchar(64) not null,
  enrolment varchar(32) not null,
  primary key (tenant, handle),
  foreign key (tenant, enrolment) references enrolments (tenant, id) on delete cascade
);
create unique index enrolment_handles_once on enrolment_handles (handle);
create index enrolment_handles_by_enrolment on enrolment_handles (tenant, enrolment);
