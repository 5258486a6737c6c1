package dev.countersign.signin.password;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** People's passwords: hashed, and the hash sealed, so that a copy of the database alone gives nothing to guess at. Thread-safe. */
public final class Passwords {
  private final Sealer sealer;
  private final PasswordHasher hasher;
  private final PasswordStore store = new PasswordStore();

  public Passwords(Sealer sealer, PasswordHasher hasher) {
    this.sealer = sealer;
    this.hasher = hasher;
  }

  /** The stored hash and when the password was chosen. */
  public record Kept(Secret hash, Moment changedAt) {}

  public Optional<Kept> find(Tx tx, TenantId tenant, UserId user) {
    return store
        .find(tx, tenant, user)
        .map(it -> new Kept(sealer.openSecret(place(tenant, user), it.hash()), it.changedAt()));
  }

  /** What a check found. */
  public sealed interface Check {
    /**
     * Right.
     *
     * @param better the same password hashed by today's rules, where the stored hash is weaker
     */
    record Right(Optional<Secret> better) implements Check {}

    record Wrong() implements Check {}
  }

  /** Checks a password; takes the time of one hash whether or not there is anything to check it against. Not for use in a transaction. */
  public Check check(Secret password, Optional<Kept> kept) {
    if (kept.isEmpty()) {
      hasher.refuseUnknown(password);
      return new Check.Wrong();
    }
    return switch (hasher.verify(password, kept.get().hash().reveal())) {
      case PasswordCheck.Verified(var needsUpgrade) ->
          new Check.Right(needsUpgrade ? Optional.of(hash(password)) : Optional.empty());
      case PasswordCheck.Wrong _ -> new Check.Wrong();
    };
  }

  /** Hashes a password that the rules accepted. Slow by intent; not for use in a transaction. */
  public Secret hash(Secret password) {
    return Secret.of(hasher.hash(password));
  }

  public void set(Tx tx, TenantId tenant, UserId user, Secret hash, Moment now) {
    store.put(tx, tenant, user, sealer.seal(place(tenant, user), hash), now);
  }

  /** Makes the password worthless; the person has none until another is set. */
  public void forget(Tx tx, TenantId tenant, UserId user) {
    store.delete(tx, tenant, user);
  }

  /** Whether this is the person's password still; a change waits until this transaction ends, and is waited for. */
  public boolean isStill(Tx tx, TenantId tenant, UserId user, Kept kept) {
    return store.lock(tx, tenant, user).filter(kept.changedAt()::equals).isPresent();
  }

  public void upgrade(Tx tx, TenantId tenant, UserId user, Secret hash, Kept before) {
    store.upgrade(tx, tenant, user, sealer.seal(place(tenant, user), hash), before.changedAt());
  }

  private static Place place(TenantId tenant, UserId user) {
    return new Place(tenant, "passwords", "hash", user.value());
  }
}
