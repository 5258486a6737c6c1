package dev.countersign.signin;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Device;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.ProofKind;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Browsers that may spare their person the challenge for a while, where the tenant's policy lets them (SP 800-63B-4 section
 * 5.1: a cookie replaces no factor, so nothing here raises a level). What counts is the row: the cookie is a random token
 * that finds it, worth nothing to another person, in another tenant, in another make of browser, or where the browser held a
 * key when it was trusted and shows another or none. That a browser was recognised is noted in the ledger of the sign-in ({@link Purpose#TRUST}); what that is worth is enforcement's to say.
 * Thread-safe.
 */
public final class TrustedBrowsers {
  /** Begins the names of the cookies; the browser's id follows, so that several people can share one browser. */
  public static final String COOKIES = "cs_trust_";

  /** By what a sign-in's ledger calls it. */
  public static final String METHOD = "trusted-browser";

  /** Of more than so many cookies in one browser the rest is not looked at. */
  static final int MOST_SHOWN = 6;

  /** Of one person; the one that was used longest ago makes room. */
  static final int MOST_OF_ONE = 20;

  private static final String PURPOSE = "trusted-browser";
  private static final String KEY_PURPOSE = "trusted-browser-key";

  private final Entropy entropy;
  private final Digester digester;
  private final ProofLedger ledger;
  private final Audit audit;
  private final BiFunction<Tx, TenantId, Duration> idle;
  private final TrustedBrowserStore store = new TrustedBrowserStore();

  /**
   * Those of all tenants.
   *
   * @param idle for how long one may lie unused in a tenant; zero for as long as one likes
   */
  public TrustedBrowsers(
      Entropy entropy,
      Digester digester,
      ProofLedger ledger,
      Audit audit,
      BiFunction<Tx, TenantId, Duration> idle) {
    this.entropy = entropy;
    this.digester = digester;
    this.ledger = ledger;
    this.audit = audit;
    this.idle = idle;
  }

  /** The cookie of a trusted browser. */
  public static String cookie(String id) {
    return COOKIES + id;
  }

  /** What a browser sent: the id in the cookie's name, and its value. */
  public record Shown(String id, Secret token) {}

  /** A browser that is trusted from now on, with the value for its cookie. */
  public record Made(TrustedBrowser browser, Secret token) {}

  /** Why browsers are trusted no more; the words of the audit log. */
  public enum Why {
    /** The person's password was changed, their factors were reset, they were blocked, or signed out everywhere. */
    ACCESS_ENDED,
    FACTOR_CHANGED,
    FORGOTTEN_BY_PERSON,
    FORGOTTEN_BY_ADMIN,
    REPLACED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Trusts the browser in which this sign-in goes on. Whether that may be is the caller's to know.
   *
   * @param key the thumbprint of the key that it holds, which it has to show from now on; empty when it showed none
   */
  public Made trust(
      Tx tx,
      TenantId tenant,
      UserId user,
      SignInId signIn,
      FactorId factor,
      String key,
      Duration lasts,
      Occasion occasion) {
    var now = occasion.at();
    var browser =
        new TrustedBrowser(
            Ids.fresh("tb_", entropy),
            user,
            factor,
            occasion.userAgent(),
            occasion.address(),
            now,
            now,
            now.plus(lasts));
    var token = Secret.fresh(entropy, 256);
    var others = store.of(tx, tenant, user);
    for (var old : others.subList(Math.min(others.size(), MOST_OF_ONE - 1), others.size())) {
      forget(tx, tenant, user, old.browser().id(), Why.REPLACED, user.value(), occasion);
    }
    store.insert(
        tx,
        tenant,
        browser,
        digester.digest(PURPOSE, token),
        key.isEmpty() ? null : digester.digest(KEY_PURPOSE, held(user, key)));
    note(tx, tenant, browser, signIn, now);
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.BROWSER_TRUSTED, occasion)
            .by(user)
            .in(signIn, null)
            .with("browser", browser.id())
            .with("factor", factor.value())
            .with("days", String.valueOf(lasts.toDays())));
    return new Made(browser, token);
  }

  /**
   * Notes in the ledger of a sign-in that its browser is one that this person trusts, if it is. Without a cookie nothing is
   * looked for.
   *
   * @param key the thumbprint of the key that the browser has just shown
   */
  public void speak(
      Tx tx,
      TenantId tenant,
      UserId user,
      SignInId signIn,
      List<Shown> shown,
      Optional<String> key,
      Occasion occasion) {
    var now = occasion.at();
    recognise(tx, tenant, user, shown, key, occasion)
        .ifPresent(it -> {
          store.used(tx, tenant, it.id(), occasion.address(), now);
          note(tx, tenant, it, signIn, now);
        });
  }

  private Optional<TrustedBrowser> recognise(
      Tx tx,
      TenantId tenant,
      UserId user,
      List<Shown> shown,
      Optional<String> key,
      Occasion occasion) {
    return shown.stream()
        .limit(MOST_SHOWN)
        .flatMap(it -> stored(tx, tenant, it).stream())
        .filter(it -> isHeld(it, user, key))
        .map(TrustedBrowserStore.Stored::browser)
        .filter(it -> it.user().equals(user))
        .filter(it -> isAlive(tx, tenant, it, occasion.at()))
        .filter(it -> Device.of(it.userAgent()).equals(Device.of(occasion.userAgent())))
        .findFirst();
  }

  /** One that lay unused for too long is not used any more, so it stays as it is until it is forgotten. */
  private boolean isAlive(Tx tx, TenantId tenant, TrustedBrowser it, Moment now) {
    var most = idle.apply(tx, tenant);
    return now.isBefore(it.expiresAt())
        && (most.isZero() || now.since(it.usedAt()).compareTo(most) < 0);
  }

  /** The one that this cookie was made for. */
  private Optional<TrustedBrowserStore.Stored> stored(Tx tx, TenantId tenant, Shown shown) {
    return store
        .find(tx, tenant, shown.id())
        .filter(it -> digester.matches(PURPOSE, shown.token(), it.token()));
  }

  private Optional<TrustedBrowser> found(Tx tx, TenantId tenant, Shown shown) {
    return stored(tx, tenant, shown).map(TrustedBrowserStore.Stored::browser);
  }

  /** Whether the browser shows the key that it was trusted with, if it had one. */
  private boolean isHeld(TrustedBrowserStore.Stored it, UserId user, Optional<String> key) {
    var bound = it.key();
    return bound == null
        || (key.isPresent() && digester.matches(KEY_PURPOSE, held(user, key.get()), bound));
  }

  /** What is kept of two people does not tell that they share a browser. */
  private static Secret held(UserId user, String key) {
    return Secret.of(key + "\n" + user.value());
  }

  private void note(Tx tx, TenantId tenant, TrustedBrowser it, SignInId signIn, Moment now) {
    var about =
        new ProofLedger.About(
            it.user(),
            signIn,
            METHOD,
            new EnrolmentId(it.id()),
            Evidence.of(ProofKind.REACHES),
            Purpose.TRUST);
    ledger.redeem(tx, tenant, new Claim.Repeatable(), about, now);
  }

  /** One that a ledger names, while there is such a one. */
  public Optional<TrustedBrowser> find(Tx tx, TenantId tenant, UserId user, String id) {
    return store
        .find(tx, tenant, id)
        .map(TrustedBrowserStore.Stored::browser)
        .filter(it -> it.user().equals(user));
  }

  /** Those of a person whose time is not up, the one used last first. */
  public List<TrustedBrowser> of(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store.of(tx, tenant, user).stream()
        .map(TrustedBrowserStore.Stored::browser)
        .filter(it -> isAlive(tx, tenant, it, now))
        .toList();
  }

  /** Those of this person that a browser holds the cookies of. */
  public List<String> shownBy(Tx tx, TenantId tenant, UserId user, List<Shown> shown) {
    var own = new ArrayList<String>();
    for (var it : shown.subList(0, Math.min(shown.size(), MOST_SHOWN))) {
      found(tx, tenant, it).filter(one -> one.user().equals(user)).ifPresent(_ -> own.add(it.id()));
    }
    return own;
  }

  /** Trusts one no more; false when there is no such one of this person. {@code actor} is who wants it so. */
  public boolean forget(
      Tx tx, TenantId tenant, UserId user, String id, Why why, String actor, Occasion occasion) {
    if (!store.delete(tx, tenant, user, id)) {
      return false;
    }
    audit.record(tx, tenant, forgotten(user, why, actor, occasion).with("browser", id));
    return true;
  }

  /** Trusts none of a person's browsers any more; returns how many there were. */
  public int forgetAll(
      Tx tx, TenantId tenant, UserId user, Why why, String actor, Occasion occasion) {
    int count = store.deleteAll(tx, tenant, user);
    if (count > 0) {
      audit.record(
          tx,
          tenant,
          forgotten(user, why, actor, occasion).with("browsers", String.valueOf(count)));
    }
    return count;
  }

  private static AuditEvent forgotten(UserId user, Why why, String actor, Occasion occasion) {
    return AuditEvent.success(AuditType.BROWSER_FORGOTTEN, occasion)
        .by(actor, user)
        .with("reason", why.word());
  }

  /** Removes those that ran out before this time, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteExpired(tx, tenant, before, most);
  }
}
