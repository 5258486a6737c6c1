package dev.countersign.challenge;

import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Purpose;
import dev.countersign.session.Sessions;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Trusts a browser for as long as policy lets it, because the person who has just answered a challenge in it wants so.
 * Thread-safe.
 */
public final class TrustBrowser {
  private final Database database;
  private final People people;
  private final Policies policies;
  private final Factors factors;
  private final Enrolments enrolments;
  private final SignIns signIns;
  private final Sessions sessions;
  private final TrustedBrowsers trustedBrowsers;

  public TrustBrowser(
      Database database,
      People people,
      Policies policies,
      Factors factors,
      Enrolments enrolments,
      SignIns signIns,
      Sessions sessions,
      TrustedBrowsers trustedBrowsers) {
    this.database = database;
    this.people = people;
    this.policies = policies;
    this.factors = factors;
    this.enrolments = enrolments;
    this.signIns = signIns;
    this.sessions = sessions;
    this.trustedBrowsers = trustedBrowsers;
  }

  /**
   * What the browser is to be told.
   *
   * @param lasts how long the cookie is worth anything
   * @param replaced ids of those it was for this person before
   */
  public record Trusted(TrustedBrowsers.Made made, Duration lasts, List<String> replaced) {}

  /**
   * For how long a browser may be trusted in such a sign-in; not at all when it may not, or when it would not help: what an
   * application wants proven or fresh is asked for in any browser.
   */
  public static Duration time(Policy policy, Person person, SignIn.Asked asked, Moment now) {
    return asked.level().reaches(Level.AAL2) || asked.firstProofAfter() != null
        ? Duration.ZERO
        : policy.effective(Facts.Who.of(person, policy.traits()), now).trustFor();
  }

  /**
   * Remembers whether somebody who answers elsewhere wants this browser trusted when they come back.
   *
   * @param browser the secret of the browser in which the sign-in goes on; in any other nothing is remembered
   */
  public void remember(
      TenantId tenant, SignInId id, Optional<Secret> browser, boolean wanted, Occasion occasion) {
    database.run(tx -> {
      if (signIns.find(tx, tenant, id, browser, true, occasion.at())
              instanceof SignIns.Finding.Found(var signIn)
          && signIn.notes().trusting() != wanted
          && !signIns.save(tx, signIn.withNotes(signIn.notes().trusting(wanted)))) {
        throw StorageException.overtaken("notes of a sign-in");
      }
    });
  }

  /** Whether an answer by this factor can make a browser trusted: the way back in cannot. */
  public boolean mayBeBy(TenantId tenant, FactorId factor) {
    return factors.of(tenant).profile(factor).protects();
  }

  /**
   * Trusts the browser in which a challenge has just been answered; nothing when policy does not let it, or when what was
   * proven has been taken back meanwhile.
   *
   * @param shown the cookies of trusted browsers that it sent
   */
  public Optional<Trusted> after(
      Progress.Moved moved, List<TrustedBrowsers.Shown> shown, Occasion occasion) {
    var signIn = moved.signIn();
    var who = signIn.who();
    var proof = proven(signIn);
    if (who.isEmpty()
        || proof.isEmpty()
        || !mayBeBy(signIn.tenant(), new FactorId(proof.get().method()))) {
      return Optional.empty();
    }
    return database.write(tx -> {
      people.hold(tx, signIn.tenant(), who.get());
      var person = people.find(tx, signIn.tenant(), who.get()).filter(it -> !it.blocked());
      boolean stands =
          person.isPresent()
              && goesOn(tx, moved, occasion)
              && isEnrolled(tx, signIn, who.get(), proof.get());
      var lasts =
          stands
              ? time(
                  policies.current(tx, signIn.tenant()),
                  person.get(),
                  signIn.asked(),
                  occasion.at())
              : Duration.ZERO;
      return lasts.isZero()
          ? Optional.empty()
          : Optional.of(trust(tx, signIn, who.get(), proof.get(), lasts, shown, occasion));
    });
  }

  private Trusted trust(
      Tx tx,
      SignIn signIn,
      UserId who,
      Proof proof,
      Duration lasts,
      List<TrustedBrowsers.Shown> shown,
      Occasion occasion) {
    var tenant = signIn.tenant();
    var before = trustedBrowsers.shownBy(tx, tenant, who, shown);
    before.forEach(id ->
        trustedBrowsers.forget(
            tx, tenant, who, id, TrustedBrowsers.Why.REPLACED, who.value(), occasion));
    var factor = new FactorId(proof.method());
    var assessed = signIn.notes().assessed();
    var key = assessed == null ? "" : Objects.requireNonNullElse(assessed.key(), "");
    var made = trustedBrowsers.trust(tx, tenant, who, signIn.id(), factor, key, lasts, occasion);
    return new Trusted(made, lasts, before);
  }

  /** The second proof that was given in this very sign-in. */
  private static Optional<Proof> proven(SignIn signIn) {
    var proofs =
        switch (signIn.state()) {
          case LoginSession.Authenticated soFar -> soFar.proofs();
          case LoginSession.AwaitingMfa waiting -> waiting.soFar().proofs();
          case Completed completed -> completed.proofs();
          case LoginSession.Pending _, LoginSession.Ended _ -> List.<Proof>of();
        };
    return proofs.stream()
        .filter(it -> it.purpose() == Purpose.SECOND && it.signIn().equals(signIn.id()))
        .reduce((_, newer) -> newer);
  }

  /** Whether nobody has ended since what the answer led to. */
  private boolean goesOn(Tx tx, Progress.Moved moved, Occasion occasion) {
    var signIn = moved.signIn();
    return moved
        .arrived()
        .map(it -> sessions.holds(tx, signIn.tenant(), it.session(), occasion.at()))
        .orElseGet(() -> signIns.hold(tx, signIn.tenant(), signIn.id(), occasion.at()).isPresent());
  }

  private boolean isEnrolled(Tx tx, SignIn signIn, UserId who, Proof proof) {
    return proof
        .enrolment()
        .flatMap(id -> enrolments.find(tx, signIn.tenant(), who, id))
        .filter(Enrolment::isActive)
        .isPresent();
  }
}
