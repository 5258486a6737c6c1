package dev.countersign.tenant;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code signing_keys}. */
final class SigningKeyStore {
  /** A row as stored, its private part still sealed. */
  record Stored(
      String kid,
      SigningAlgorithm algorithm,
      SigningKey.State state,
      String publicJwk,
      Sealed privateJwk,
      Moment createdAt,
      @Nullable Moment retiredAt) {

    /** The same, dated by when it is kept: from then on it is published. */
    Stored keptAt(Moment now) {
      return new Stored(kid, algorithm, state, publicJwk, privateJwk, now, retiredAt);
    }
  }

  /** Lets one transaction at a time change a tenant's keys. */
  void lock(Tx tx, TenantId tenant) {
    tx.sql("select tenant from tenants where tenant = :tenant for update")
        .set("tenant", tenant)
        .hold();
  }

  List<Stored> all(Tx tx, TenantId tenant, Moment retiredAfter) {
    return tx.sql(
            "select kid, algorithm, state, public_jwk, private_jwk, created_at, retired_at from signing_keys where tenant = :tenant"
                + " and (retired_at is null or retired_at > :after) order by created_at desc, kid")
        .set("tenant", tenant)
        .set("after", retiredAfter)
        .list(SigningKeyStore::stored);
  }

  Optional<Stored> in(Tx tx, TenantId tenant, SigningAlgorithm algorithm, SigningKey.State state) {
    return tx.sql(
            "select kid, algorithm, state, public_jwk, private_jwk, created_at, retired_at from signing_keys where tenant = :tenant"
                + " and algorithm = :algorithm and state = :state")
        .set("tenant", tenant)
        .set("algorithm", algorithm)
        .set("state", state)
        .one(SigningKeyStore::stored);
  }

  void insert(Tx tx, TenantId tenant, Stored key) {
    tx.sql(
            "insert into signing_keys (tenant, kid, algorithm, state, public_jwk, private_jwk, created_at, retired_at)"
                + " values (:tenant, :kid, :algorithm, :state, :public, :private, :created, :retired)")
        .set("tenant", tenant)
        .set("kid", key.kid())
        .set("algorithm", key.algorithm())
        .set("state", key.state())
        .set("public", key.publicJwk())
        .set("private", key.privateJwk())
        .set("created", key.createdAt())
        .set("retired", key.retiredAt())
        .update();
  }

  /** Whether the key was in the state to be moved from. */
  boolean move(
      Tx tx,
      TenantId tenant,
      String kid,
      SigningKey.State from,
      SigningKey.State to,
      @Nullable Moment retiredAt) {
    return tx.sql(
            "update signing_keys set state = :to, retired_at = :retired where tenant = :tenant and kid = :kid and state = :from")
        .set("tenant", tenant)
        .set("kid", kid)
        .set("from", from)
        .set("to", to)
        .set("retired", retiredAt)
        .changedOne();
  }

  private static Stored stored(Query.Row row) {
    return new Stored(
        row.text("kid"),
        SigningAlgorithm.valueOf(row.text("algorithm")),
        SigningKey.State.valueOf(row.text("state")),
        row.text("public_jwk"),
        row.sealed("private_jwk"),
        row.moment("created_at"),
        row.momentOrNull("retired_at"));
  }
}
