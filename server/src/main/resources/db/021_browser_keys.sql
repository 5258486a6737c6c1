-- A keyed digest of the key that a browser held when it was trusted; null where it held none.
alter table trusted_browsers add column browser_key varchar(64);
