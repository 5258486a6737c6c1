package dev.countersign.signin;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code trusted_browsers}. */
final class TrustedBrowserStore {
  private static final String COLUMNS =
      "id, user_id, token, browser_key, factor, user_agent, address, created_at, used_at, expires_at";

  /**
   * A row as stored.
   *
   * @param key of the browser; null where it held none when it was trusted
   */
  record Stored(TrustedBrowser browser, Digest token, @Nullable Digest key) {}

  void insert(Tx tx, TenantId tenant, TrustedBrowser it, Digest token, @Nullable Digest key) {
    tx.sql(
            "insert into trusted_browsers (tenant, "
                + COLUMNS
                + ") values (:tenant, :id, :user, :token, :key, :factor, :agent, :address, :created, :used, :expires)")
        .set("tenant", tenant)
        .set("id", it.id())
        .set("user", it.user())
        .set("token", token)
        .set("key", key)
        .set("factor", it.factor())
        .set("agent", it.userAgent())
        .set("address", it.address())
        .set("created", it.createdAt())
        .set("used", it.usedAt())
        .set("expires", it.expiresAt())
        .update();
  }

  Optional<Stored> find(Tx tx, TenantId tenant, String id) {
    return tx.sql(
            "select " + COLUMNS + " from trusted_browsers where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(TrustedBrowserStore::stored);
  }

  List<Stored> of(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from trusted_browsers where tenant = :tenant and user_id = :user order by used_at desc, id")
        .set("tenant", tenant)
        .set("user", user)
        .list(TrustedBrowserStore::stored);
  }

  void used(Tx tx, TenantId tenant, String id, String address, Moment now) {
    tx.sql(
            "update trusted_browsers set used_at = :now, address = :address where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .set("address", address)
        .set("now", now)
        .update();
  }

  boolean delete(Tx tx, TenantId tenant, UserId user, String id) {
    return tx.sql(
            "delete from trusted_browsers where tenant = :tenant and id = :id and user_id = :user")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .changedOne();
  }

  int deleteAll(Tx tx, TenantId tenant, UserId user) {
    return tx.sql("delete from trusted_browsers where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from trusted_browsers where tenant = :tenant and id in (select id from trusted_browsers"
                + " where tenant = :tenant and expires_at < :before order by expires_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static Stored stored(Query.Row row) {
    var key = row.textOrNull("browser_key");
    return new Stored(
        new TrustedBrowser(
            row.text("id"),
            new UserId(row.text("user_id")),
            new FactorId(row.text("factor")),
            row.text("user_agent"),
            row.text("address"),
            row.moment("created_at"),
            row.moment("used_at"),
            row.moment("expires_at")),
        new Digest(row.text("token")),
        key == null ? null : new Digest(key));
  }
}
