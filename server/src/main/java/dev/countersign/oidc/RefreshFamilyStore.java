package dev.countersign.oidc;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code refresh_families}. */
final class RefreshFamilyStore {
  private final Mirror<Key, Boolean> revoked = Mirror.of("refresh_families");

  private record Key(TenantId tenant, String id) {}

  void insert(Tx tx, TenantId tenant, RefreshFamilies.Family it) {
    var key = new Key(tenant, it.grant().id());
    tx.sql(
            "insert into refresh_families (tenant, id, client_id, user_id, document, created_at, expires_at, revoked_at)"
                + " values (:tenant, :id, :client, :user, :document, :created, :expires, :revoked)")
        .set("tenant", tenant)
        .set("id", it.grant().id())
        .set("client", it.grant().client())
        .set("user", it.grant().user())
        .set("document", it.grant().document())
        .set("created", it.createdAt())
        .set("expires", it.expiresAt())
        .set("revoked", it.revokedAt().orElse(null))
        .changing(key)
        .update();
    revoked.written(tx, key, it.revokedAt().isPresent());
  }

  Optional<RefreshFamilies.Family> find(Tx tx, TenantId tenant, String id, boolean lock) {
    return tx.sql(
            "select document, created_at, expires_at, revoked_at from refresh_families where tenant = :tenant and id = :id"
                + (lock ? " for update" : ""))
        .set("tenant", tenant)
        .set("id", id)
        .one(row ->
            new RefreshFamilies.Family(
                Grant.read(row.text("document")),
                row.moment("created_at"),
                row.moment("expires_at"),
                Optional.ofNullable(row.momentOrNull("revoked_at"))));
  }

  boolean revoke(Tx tx, TenantId tenant, String id, Moment now) {
    return tx.sql(
            "update refresh_families set revoked_at = :now where tenant = :tenant and id = :id and revoked_at is null")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .changing(new Key(tenant, id))
        .changedOne();
  }

  boolean exists(Tx tx, TenantId tenant, String id) {
    return tx.sql("select id from refresh_families where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(row -> row.text("id"))
        .isPresent();
  }

  boolean isRevoked(Tx tx, TenantId tenant, String id) {
    return revoked.get(tx, new Key(tenant, id), () -> asked(tx, tenant, id));
  }

  private static boolean asked(Tx tx, TenantId tenant, String id) {
    return tx.sql(
            "select id from refresh_families where tenant = :tenant and id = :id and revoked_at is not null")
        .set("tenant", tenant)
        .set("id", id)
        .one(row -> row.text("id"))
        .isPresent();
  }
}
