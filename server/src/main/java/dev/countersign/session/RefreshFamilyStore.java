package dev.countersign.session;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;

/** The table {@code refresh_families}, as far as it has to follow the sessions of a person. */
final class RefreshFamilyStore {
  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from refresh_families where tenant = :tenant and id in (select id from refresh_families where tenant = :tenant"
                + " and expires_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  int revokeAll(Tx tx, TenantId tenant, UserId user, Moment now) {
    return tx.sql(
            "update refresh_families set revoked_at = :now where tenant = :tenant and user_id = :user and revoked_at is null")
        .set("tenant", tenant)
        .set("user", user)
        .set("now", now)
        .update();
  }
}
