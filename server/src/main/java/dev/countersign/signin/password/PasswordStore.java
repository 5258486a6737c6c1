package dev.countersign.signin.password;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code passwords}. */
final class PasswordStore {
  record Stored(Sealed hash, Moment changedAt) {}

  Optional<Stored> find(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select hash, changed_at from passwords where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .one(row -> new Stored(row.sealed("hash"), row.moment("changed_at")));
  }

  Optional<Moment> lock(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select changed_at from passwords where tenant = :tenant and user_id = :user for update")
        .set("tenant", tenant)
        .set("user", user)
        .one(row -> row.moment("changed_at"));
  }

  /** Replaces the hash, or adds the first one. */
  void put(Tx tx, TenantId tenant, UserId user, Sealed hash, Moment changedAt) {
    boolean replaced =
        tx.sql(
                "update passwords set hash = :hash, changed_at = :at where tenant = :tenant and user_id = :user")
            .set("tenant", tenant)
            .set("user", user)
            .set("hash", hash)
            .set("at", changedAt)
            .changedOne();
    if (!replaced) {
      tx.sql(
              "insert into passwords (tenant, user_id, hash, changed_at) values (:tenant, :user, :hash, :at)")
          .set("tenant", tenant)
          .set("user", user)
          .set("hash", hash)
          .set("at", changedAt)
          .update();
    }
  }

  void delete(Tx tx, TenantId tenant, UserId user) {
    tx.sql("delete from passwords where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  /** The same password hashed better, unless it was changed meanwhile. */
  void upgrade(Tx tx, TenantId tenant, UserId user, Sealed hash, Moment changedAt) {
    tx.sql(
            "update passwords set hash = :hash where tenant = :tenant and user_id = :user and changed_at = :at")
        .set("tenant", tenant)
        .set("user", user)
        .set("hash", hash)
        .set("at", changedAt)
        .update();
  }
}
