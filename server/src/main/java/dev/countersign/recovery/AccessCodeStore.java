package dev.countersign.recovery;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The table {@code access_codes}. */
final class AccessCodeStore {
  private static final String COLUMNS =
      "id, user_id, issued_by, sign_in, created_at, expires_at, used_at, revoked_at";

  void insert(Tx tx, TenantId tenant, AccessCode it, Digest code) {
    tx.sql(
            "insert into access_codes (tenant, id, user_id, code, issued_by, created_at, expires_at)"
                + " values (:tenant, :id, :user, :code, :by, :created, :expires)")
        .set("tenant", tenant)
        .set("id", it.id())
        .set("user", it.user())
        .set("code", code)
        .set("by", it.issuedBy())
        .set("created", it.createdAt())
        .set("expires", it.expiresAt())
        .update();
  }

  /** The newest first. */
  List<AccessCode> of(Tx tx, TenantId tenant, UserId user, int most) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from access_codes where tenant = :tenant and user_id = :user"
                + " order by created_at desc, id desc fetch first :most rows only")
        .set("tenant", tenant)
        .set("user", user)
        .set("most", most)
        .list(AccessCodeStore::code);
  }

  Optional<AccessCode> find(Tx tx, TenantId tenant, UserId user, String id) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from access_codes where tenant = :tenant and id = :id and user_id = :user")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .one(AccessCodeStore::code);
  }

  Optional<AccessCode> find(Tx tx, TenantId tenant, UserId user, Digest code) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from access_codes where tenant = :tenant and user_id = :user and code = :code")
        .set("tenant", tenant)
        .set("user", user)
        .set("code", code)
        .one(AccessCodeStore::code);
  }

  /** One row changed: it was good until now, and is used up. */
  boolean spend(Tx tx, TenantId tenant, UserId user, Digest code, SignInId signIn, Moment now) {
    return tx.sql(
            "update access_codes set used_at = :now, sign_in = :signIn where tenant = :tenant and user_id = :user and code = :code"
                + " and used_at is null and revoked_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("user", user)
        .set("code", code)
        .set("signIn", signIn)
        .set("now", now)
        .changedOne();
  }

  boolean revoke(Tx tx, TenantId tenant, UserId user, String id, Moment now) {
    return tx.sql(
            "update access_codes set revoked_at = :now where tenant = :tenant and id = :id and user_id = :user"
                + " and revoked_at is null")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .set("now", now)
        .changedOne();
  }

  /** Those that nobody has used; returns how many. */
  int revokeAll(Tx tx, TenantId tenant, UserId user, Moment now) {
    return tx.sql(
            "update access_codes set revoked_at = :now where tenant = :tenant and user_id = :user"
                + " and used_at is null and revoked_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("user", user)
        .set("now", now)
        .update();
  }

  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from access_codes where tenant = :tenant and id in (select id from access_codes where tenant = :tenant"
                + " and expires_at < :before order by expires_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static AccessCode code(Query.Row row) {
    return new AccessCode(
        row.text("id"),
        new UserId(row.text("user_id")),
        row.text("issued_by"),
        Optional.ofNullable(row.textOrNull("sign_in")).map(SignInId::new),
        row.moment("created_at"),
        row.moment("expires_at"),
        Optional.ofNullable(row.momentOrNull("used_at")),
        Optional.ofNullable(row.momentOrNull("revoked_at")));
  }
}
