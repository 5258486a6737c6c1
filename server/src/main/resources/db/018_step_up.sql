-- Of a proof that approved a transaction and is worth nothing else: the hash of that transaction.
alter table proofs add column approves varchar(43);
