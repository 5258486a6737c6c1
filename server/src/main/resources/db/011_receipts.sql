-- What became of a text, as its provider said; nothing until it does.
alter table texts add column receipt varchar(16);
alter table texts add column receipt_at bigint;
