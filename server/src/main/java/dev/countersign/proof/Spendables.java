package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Everything that may be used once: backup codes, authorization codes, refresh tokens, reset links. Kept only as keyed
 * digests; spent by one conditional UPDATE, so that of any number of simultaneous tries exactly one succeeds on any
 * number of servers. Thread-safe.
 */
public final class Spendables {
  private final Digester digester;
  private final SpendableStore store = new SpendableStore();

  public Spendables(Digester digester) {
    this.digester = digester;
  }

  /** What it is; the digest of one kind never fits another. */
  public enum Kind {
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    BACKUP_CODE,
    PASSWORD_RESET,
    /** The link by which somebody says that what a notice tells was not them. */
    NOT_ME,
    /** By which an admin asks somebody to set a factor up. */
    ENROLMENT_TICKET,
    /** To the file of an export. */
    EXPORT_LINK,
    /** The name that an application gave an assertion of its own ({@code jti}). */
    CLIENT_ASSERTION,
    /** What an application pushed before it sent a browser (RFC 9126). */
    PUSHED_REQUEST
  }

  /**
   * One of them as stored.
   *
   * @param owner whom it belongs to: an enrolment, a token family, a user
   * @param payload what it stands for, as a JSON document without secrets
   */
  public record Spendable(
      String owner, String payload, Moment createdAt, Moment expiresAt, Optional<Moment> spentAt) {}

  /** What came of spending one. */
  public sealed interface Spending {
    record Spent(Spendable it) implements Spending {}

    /** It had been spent before: somebody is trying a copy. */
    record Again(Spendable it) implements Spending {}

    record Expired(Spendable it) implements Spending {}

    record Unknown() implements Spending {}
  }

  public void put(
      Tx tx,
      TenantId tenant,
      Kind kind,
      Secret value,
      String owner,
      String payload,
      Moment now,
      Moment expiresAt) {
    store.insert(
        tx,
        tenant,
        kind,
        digester.digest(purpose(kind), keyed(kind, owner, value)),
        new Spendable(owner, payload, now, expiresAt, Optional.empty()));
  }

  /**
   * Uses up a value that others made, which nobody here has seen before: false when it was used already. One INSERT decides
   * between simultaneous tries, of which the later ones may see a {@link dev.countersign.storage.StorageException.Duplicate}
   * instead, which means the same.
   *
   * @param until how long a second use is known as one
   */
  public boolean useUp(
      Tx tx, TenantId tenant, Kind kind, String owner, Secret value, Moment now, Moment until) {
    // Written under an older root key it would not be in the way of the INSERT.
    if (candidates(kind, owner, value).stream()
        .anyMatch(digest -> store.find(tx, tenant, kind, digest).isPresent())) {
      return false;
    }
    put(tx, tenant, kind, value, owner, "{}", now, until);
    return true;
  }

  /** Spends a value that is found by itself, whoever owns it. */
  public Spending spend(Tx tx, TenantId tenant, Kind kind, Secret value, Moment now) {
    return spend(tx, tenant, kind, candidates(kind, "", value), now);
  }

  /** Spends a value of one owner, such as one of an enrolment's backup codes. */
  public Spending spend(Tx tx, TenantId tenant, Kind kind, String owner, Secret value, Moment now) {
    return spend(tx, tenant, kind, candidates(kind, owner, value), now);
  }

  /** Tries one digest after the other: there is more than one only while the root key changes. */
  private Spending spend(Tx tx, TenantId tenant, Kind kind, List<Digest> digests, Moment now) {
    for (var digest : digests) {
      boolean won = store.spend(tx, tenant, kind, digest, now);
      var found = store.find(tx, tenant, kind, digest);
      if (found.isPresent()) {
        var it = found.get();
        return won
            ? new Spending.Spent(it)
            : it.spentAt().isPresent() ? new Spending.Again(it) : new Spending.Expired(it);
      }
    }
    return new Spending.Unknown();
  }

  /** Looks without spending, for a page that asks before it acts. */
  public Optional<Spendable> peek(Tx tx, TenantId tenant, Kind kind, Secret value) {
    return candidates(kind, "", value).stream()
        .flatMap(digest -> store.find(tx, tenant, kind, digest).stream())
        .findFirst();
  }

  /**
   * One that was found and may be named without being known.
   *
   * @param digest by which it is found again; worthless to whoever has only that
   */
  public record Found(Digest digest, Spendable it) {}

  /** Looks without spending, for what is spent later by whoever does not have it then. */
  public Optional<Found> find(Tx tx, TenantId tenant, Kind kind, Secret value) {
    return candidates(kind, "", value).stream()
        .flatMap(digest ->
            store.find(tx, tenant, kind, digest).map(it -> new Found(digest, it)).stream())
        .findFirst();
  }

  /** Whether one that was found before can still be spent. */
  public boolean isGood(Tx tx, TenantId tenant, Kind kind, Digest found, Moment now) {
    return store
        .find(tx, tenant, kind, found)
        .filter(it -> it.spentAt().isEmpty() && !now.reached(it.expiresAt()))
        .isPresent();
  }

  /** Spends one that was found before; false when another was quicker, or it took too long. */
  public boolean spendFound(Tx tx, TenantId tenant, Kind kind, Digest found, Moment now) {
    return store.spend(tx, tenant, kind, found, now);
  }

  /** How many of an owner's are left at this moment. */
  public int left(Tx tx, TenantId tenant, Kind kind, String owner, Moment now) {
    return store.left(tx, tenant, kind, owner, now);
  }

  /** Makes all of an owner's worthless. */
  public int discard(Tx tx, TenantId tenant, Kind kind, String owner) {
    return store.deleteOf(tx, tenant, kind, owner);
  }

  /** Removes what ended before {@code before}, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteExpired(tx, tenant, before, most);
  }

  /** The same of one kind, of what ended not before {@code after}: so it looks at no more than it has to. */
  public int tidy(Tx tx, TenantId tenant, Kind kind, Moment after, Moment before, int most) {
    return store.deleteExpired(tx, tenant, kind, after, before, most);
  }

  /** What may stand in the row: one digest for each root key that may have been the newest when it was written. */
  private List<Digest> candidates(Kind kind, String owner, Secret value) {
    return digester.candidates(purpose(kind), keyed(kind, owner, value));
  }

  private static String purpose(Kind kind) {
    return "spendable/" + kind.name();
  }

  /** What belongs to an owner by its meaning is found only together with its owner. */
  private static Secret keyed(Kind kind, String owner, Secret value) {
    return switch (kind) {
      case BACKUP_CODE, CLIENT_ASSERTION -> Secret.of(owner + " " + value.reveal());
      case AUTHORIZATION_CODE,
          REFRESH_TOKEN,
          PASSWORD_RESET,
          NOT_ME,
          ENROLMENT_TICKET,
          EXPORT_LINK,
          PUSHED_REQUEST ->
          value;
    };
  }
}
