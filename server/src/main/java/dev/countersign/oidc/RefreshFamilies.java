package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.Optional;

/**
 * Refresh tokens. All that come of one sign-in are a family: each is good once and replaced at use, and when a used one
 * comes back the whole family ends (RFC 9700 section 4.14.2). There is no grace for a client that asks twice at a time.
 * A family also stands for the sign-in's {@link Grant} where that is revoked. Thread-safe.
 */
final class RefreshFamilies {
  private final Spendables spendables;
  private final Entropy entropy;
  private final RefreshFamilyStore store = new RefreshFamilyStore();

  RefreshFamilies(Spendables spendables, Entropy entropy) {
    this.spendables = spendables;
    this.entropy = entropy;
  }

  /**
   * One family.
   *
   * @param expiresAt when it ends, however often it is used
   */
  record Family(Grant grant, Moment createdAt, Moment expiresAt, Optional<Moment> revokedAt) {
    boolean isAlive(Moment now) {
      return revokedAt.isEmpty() && !now.reached(expiresAt);
    }
  }

  /** Begins a family and gives its first token. */
  Secret open(Tx tx, TenantId tenant, Grant grant, Application.Refresh limits, Moment now) {
    var family =
        new Family(
            grant, now, now.plus(Duration.ofSeconds(limits.lifetimeSeconds())), Optional.empty());
    store.insert(tx, tenant, family);
    return issue(tx, tenant, family, limits, now);
  }

  /** The next token of a family. */
  Secret issue(Tx tx, TenantId tenant, Family family, Application.Refresh limits, Moment now) {
    var value = Secret.fresh(entropy, 256);
    var idle = now.plus(Duration.ofSeconds(limits.idleSeconds()));
    spendables.put(
        tx,
        tenant,
        Spendables.Kind.REFRESH_TOKEN,
        value,
        family.grant().id(),
        "{}",
        now,
        idle.isBefore(family.expiresAt()) ? idle : family.expiresAt());
    return value;
  }

  Optional<Spendables.Spendable> peek(Tx tx, TenantId tenant, Secret value) {
    return spendables.peek(tx, tenant, Spendables.Kind.REFRESH_TOKEN, value);
  }

  Spendables.Spending spend(Tx tx, TenantId tenant, Secret value, Moment now) {
    return spendables.spend(tx, tenant, Spendables.Kind.REFRESH_TOKEN, value, now);
  }

  /** The family that a token belongs to, kept from others until the transaction ends. */
  Optional<Family> locked(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id, true);
  }

  /** Ends a family; false when it had ended or there was none. */
  boolean revoke(Tx tx, TenantId tenant, String id, Moment now) {
    return store.revoke(tx, tenant, id, now);
  }

  /** Ends a grant whether or not refresh tokens came of it, so that its access tokens are known to be worthless. */
  void revoke(Tx tx, TenantId tenant, Grant grant, Moment now) {
    if (!store.revoke(tx, tenant, grant.id(), now) && !store.exists(tx, tenant, grant.id())) {
      store.insert(tx, tenant, new Family(grant, now, now, Optional.of(now)));
    }
  }

  boolean isRevoked(Tx tx, TenantId tenant, String id) {
    return store.isRevoked(tx, tenant, id);
  }
}
