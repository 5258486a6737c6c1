package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code spendables}. */
final class SpendableStore {
  void insert(
      Tx tx, TenantId tenant, Spendables.Kind kind, Digest digest, Spendables.Spendable it) {
    tx.sql(
            "insert into spendables (tenant, kind, digest, owner, payload, created_at, expires_at)"
                + " values (:tenant, :kind, :digest, :owner, :payload, :created, :expires)")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("digest", digest)
        .set("owner", it.owner())
        .set("payload", it.payload())
        .set("created", it.createdAt())
        .set("expires", it.expiresAt())
        .update();
  }

  boolean spend(Tx tx, TenantId tenant, Spendables.Kind kind, Digest digest, Moment now) {
    return tx.sql(
            "update spendables set spent_at = :now where tenant = :tenant and kind = :kind and digest = :digest"
                + " and spent_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("digest", digest)
        .set("now", now)
        .changedOne();
  }

  Optional<Spendables.Spendable> find(Tx tx, TenantId tenant, Spendables.Kind kind, Digest digest) {
    return tx.sql(
            "select owner, payload, created_at, expires_at, spent_at from spendables where tenant = :tenant and kind = :kind and digest = :digest")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("digest", digest)
        .one(row ->
            new Spendables.Spendable(
                row.text("owner"),
                row.text("payload"),
                row.moment("created_at"),
                row.moment("expires_at"),
                Optional.ofNullable(row.momentOrNull("spent_at"))));
  }

  int left(Tx tx, TenantId tenant, Spendables.Kind kind, String owner, Moment now) {
    return tx.sql(
            "select count(*) as n from spendables where tenant = :tenant and kind = :kind and owner = :owner and spent_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("owner", owner)
        .set("now", now)
        .one(row -> row.count("n"))
        .orElse(0);
  }

  int deleteOf(Tx tx, TenantId tenant, Spendables.Kind kind, String owner) {
    return tx.sql(
            "delete from spendables where tenant = :tenant and kind = :kind and owner = :owner")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("owner", owner)
        .update();
  }

  int deleteExpired(
      Tx tx, TenantId tenant, Spendables.Kind kind, Moment after, Moment before, int most) {
    return tx.sql(
            "delete from spendables where tenant = :tenant and kind = :kind and digest in (select digest from spendables"
                + " where tenant = :tenant and kind = :kind and expires_at >= :after and expires_at < :before"
                + " fetch first :most rows only)")
        .set("tenant", tenant)
        .set("kind", kind)
        .set("after", after)
        .set("before", before)
        .set("most", most)
        .update();
  }

  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from spendables where tenant = :tenant and expires_at < :before and digest in ("
                + "select digest from spendables where tenant = :tenant and expires_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }
}
