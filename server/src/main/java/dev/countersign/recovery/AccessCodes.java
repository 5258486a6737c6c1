package dev.countersign.recovery;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.Doors;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Temporary access codes, which a help desk gives to somebody who lost every factor. One is typed in a sign-in, beside the
 * password, and lets its person set up a new factor there, nothing else (SP 800-63B-4 section 4.1.2.2: 40 bits at least
 * where the person is known already; these have 50). Kept as keyed digests, used up by one conditional UPDATE. Thread-safe.
 */
public final class AccessCodes {
  public static final Duration USUAL_LIFE = Duration.ofHours(1);
  public static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
  public static final Duration LONGEST_LIFE = Duration.ofDays(1);

  /** Where wrong codes are counted, beside those of all factors together. */
  static final Door DOOR =
      new Door(
          "access-code", new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100));

  /** Where wrong numbers are counted that a help desk types. */
  static final Door NUMBERS =
      new Door(
          "help-number", new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 1_000));

  private static final String PURPOSE = "access-code";
  private static final int HALF = 5;
  private static final int MOST_LISTED = 50;

  /** Crockford's base 32: no i, l, o, u; those typed by mistake are read as what they look like. */
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final Entropy entropy;
  private final Digester digester;
  private final SignIns signIns;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;
  private final AccessCodeStore store = new AccessCodeStore();

  public AccessCodes(
      Entropy entropy,
      Digester digester,
      SignIns signIns,
      Factors factors,
      Enrolments enrolments,
      Guesses guesses,
      Audit audit,
      Notices notices) {
    this.entropy = entropy;
    this.digester = digester;
    this.signIns = signIns;
    this.factors = factors;
    this.enrolments = enrolments;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** Who does it, for whom. */
  public record By(TenantId tenant, UserId user, String actor, Occasion occasion) {}

  /** What came of issuing one. */
  public sealed interface Issuing {
    /**
     * Here it is; it exists nowhere else.
     *
     * @param shown the code, as it is read out
     * @param words what stands on the person's page, to be said to them
     */
    record Issued(AccessCode code, Secret shown, String words) implements Issuing {}

    /** The number is on no page that this person has open. */
    record WrongNumber() implements Issuing {}

    /** Too many wrong numbers. */
    record TooMany(Moment until) implements Issuing {}

    /** The person has no factor to have lost: their password alone leads to setting one up. */
    record NotNeeded() implements Issuing {}
  }

  /**
   * Issues one, for somebody whose page shows this number; those before it are worthless.
   *
   * @param life between {@link #SHORTEST_LIFE} and {@link #LONGEST_LIFE}
   */
  public Issuing issue(Tx tx, By by, String number, Duration life) {
    if (life.compareTo(SHORTEST_LIFE) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException("an access code cannot live for " + life);
    }
    var tenant = by.tenant();
    var user = by.user();
    var now = by.occasion().at();
    if (!isProtected(tx, tenant, user)) {
      return new Issuing.NotNeeded();
    }
    var held = guesses.hold(tx, tenant, user.value(), List.of(NUMBERS), now);
    if (!held.admits()) {
      refused(tx, by, "throttled");
      return new Issuing.TooMany(
          held.standing() instanceof Guesses.Standing.Resting(var until)
              ? until
              : now.plus(LONGEST_LIFE));
    }
    var call =
        signIns.challenged(tx, tenant, user, now).stream()
            .filter(it -> HelpCall.of(digester, tenant, it).isNamedBy(number))
            .findFirst();
    if (call.isEmpty()) {
      guesses.failed(tx, tenant, user.value(), List.of(NUMBERS), now);
      refused(tx, by, "wrong_number");
      return new Issuing.WrongNumber();
    }
    guesses.succeeded(tx, tenant, held, List.of(NUMBERS));
    return issued(tx, by, call.get(), life);
  }

  private Issuing issued(Tx tx, By by, SignInId signIn, Duration life) {
    var tenant = by.tenant();
    var now = by.occasion().at();
    store.revokeAll(tx, tenant, by.user(), now);
    var it =
        new AccessCode(
            Ids.ordered("ac_", now, entropy),
            by.user(),
            by.actor(),
            Optional.empty(),
            now,
            now.plus(life),
            Optional.empty(),
            Optional.empty());
    var drawn = entropy.text(2 * HALF, ALPHABET);
    store.insert(tx, tenant, it, digester.digest(PURPOSE, keyed(by.user(), drawn)));
    guesses.reset(tx, tenant, by.user().value(), DOOR.name());
    guesses.reset(tx, tenant, by.user().value(), Doors.ANY_FACTOR.name());
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.ACCESS_CODE_ISSUED, by.occasion())
            .by(by.actor(), by.user())
            .in(signIn, null)
            .with("access_code", it.id())
            .with("expires_at", it.expiresAt().toString()));
    notices.tell(tx, tenant, by.user(), new Notice.AccessCodeIssued(it.expiresAt()), by.occasion());
    var shown = drawn.toUpperCase(Locale.ROOT);
    return new Issuing.Issued(
        it,
        Secret.of(shown.substring(0, HALF) + "-" + shown.substring(HALF)),
        HelpCall.of(digester, tenant, signIn).words());
  }

  /** Opens the doors that wrong codes of ways back had closed, because somebody who may has looked into it. */
  void reopen(Tx tx, TenantId tenant, UserId user) {
    for (var door : List.of(DOOR, RecoverByWaiting.DOOR, Doors.ANY_FACTOR)) {
      guesses.reset(tx, tenant, user.value(), door.name());
    }
  }

  private void refused(Tx tx, By by, String why) {
    audit.record(
        tx,
        by.tenant(),
        AuditEvent.of(AuditType.ACCESS_CODE_REFUSED, AuditEvent.Outcome.DENIED, by.occasion())
            .by(by.actor(), by.user())
            .with("reason", why));
  }

  /** Whether there is a factor that this person can have lost. */
  boolean isProtected(Tx tx, TenantId tenant, UserId user) {
    return enrolments.of(tx, tenant, user).stream()
        .filter(it -> it.state() != Enrolment.State.PENDING)
        .anyMatch(it -> factors.of(tenant).profile(it.factor()).protects());
  }

  /** What the page of a sign-in shows, for whoever calls the help desk. */
  public HelpCall call(TenantId tenant, SignInId signIn) {
    return HelpCall.of(digester, tenant, signIn);
  }

  /** Those of a person, the newest first. */
  public List<AccessCode> of(Tx tx, TenantId tenant, UserId user) {
    return store.of(tx, tenant, user, MOST_LISTED);
  }

  /**
   * Makes one worthless, and ends what was begun with it; false when there is no such one, or it was revoked before.
   */
  public boolean revoke(Tx tx, By by, String id) {
    var found = store.find(tx, by.tenant(), by.user(), id);
    if (found.isEmpty() || !store.revoke(tx, by.tenant(), by.user(), id, by.occasion().at())) {
      return false;
    }
    if (found.get().usedAt().isPresent()) {
      signIns.endUnfinished(tx, by.tenant(), by.user());
    }
    audit.record(
        tx,
        by.tenant(),
        AuditEvent.success(AuditType.ACCESS_CODE_REVOKED, by.occasion())
            .by(by.actor(), by.user())
            .with("access_code", id));
    return true;
  }

  /** Makes all of a person's worthless that nobody has used, because something else happened; returns how many there were. */
  public int revokeAll(Tx tx, By by, String why) {
    int revoked = store.revokeAll(tx, by.tenant(), by.user(), by.occasion().at());
    if (revoked > 0) {
      audit.record(
          tx,
          by.tenant(),
          AuditEvent.success(AuditType.ACCESS_CODE_REVOKED, by.occasion())
              .by(by.actor(), by.user())
              .with("reason", why));
    }
    return revoked;
  }

  /** What came of using one up. */
  sealed interface Spending {
    record Spent(AccessCode code) implements Spending {}

    /** {@code why} is a word of the audit log. */
    record Worthless(String why) implements Spending {}
  }

  /** Uses up what was typed, if it is one of this person's. */
  Spending spend(Tx tx, TenantId tenant, UserId user, Secret typed, SignInId signIn, Moment now) {
    for (var digest : candidates(user, typed)) {
      boolean won = store.spend(tx, tenant, user, digest, signIn, now);
      var found = store.find(tx, tenant, user, digest);
      if (found.isPresent()) {
        return won
            ? new Spending.Spent(found.get())
            : new Spending.Worthless(found.get().state(now).word());
      }
    }
    return new Spending.Worthless("unknown");
  }

  private List<Digest> candidates(UserId user, Secret typed) {
    var plain = plain(typed.reveal());
    return plain.length() == 2 * HALF
        ? digester.candidates(PURPOSE, keyed(user, plain))
        : List.of();
  }

  private static Secret keyed(UserId user, String plain) {
    return Secret.of(user.value() + " " + plain);
  }

  /** Without what people put between letters, in the letters that we use. */
  private static String plain(String typed) {
    return typed.length() > 100
        ? ""
        : typed
            .replaceAll("[\\s\\-–—]", "")
            .toLowerCase(Locale.ROOT)
            .replace('o', '0')
            .replace('i', '1')
            .replace('l', '1')
            .replace('u', 'v');
  }

  /** Removes those that ran out before this time, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteExpired(tx, tenant, before, most);
  }
}
