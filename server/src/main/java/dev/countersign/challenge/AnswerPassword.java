package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Demand;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
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
import dev.countersign.proof.Claim;
import dev.countersign.proof.Door;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.ProofKind;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.risk.Finding;
import dev.countersign.risk.StolenPasswords;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes the name and then the password of a sign-in, or the password alone where a key has said who it is. Unknown names, people without a password and wrong passwords get
 * the same answer after the same work. Wrong ones are counted for the person (or the unknown name) and for the network
 * address; a browser that the person has used before has a count of its own. Thread-safe.
 */
public final class AnswerPassword {
  public static final String METHOD = "password";

  /** For one person from anywhere; and for one person in one known browser. */
  public static final Door PERSON =
      new Door(
          "password", new GuessLimits(10, Duration.ofMinutes(10), Duration.ofMinutes(10), 100));

  /** For one address (of IPv6, one /64), whoever it names. */
  public static final Door ADDRESS =
      new Door(
          "password-from",
          new GuessLimits(50, Duration.ofMinutes(10), Duration.ofMinutes(10), Integer.MAX_VALUE));

  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final People people;
  private final Passwords passwords;
  private final KnownBrowsers knownBrowsers;
  private final Digester digester;
  private final ProofLedger ledger;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;
  private final AttackWatch attackWatch;
  private final TrustedBrowsers trustedBrowsers;
  private final BrowserKeys browserKeys;
  private final StolenPasswords stolenPasswords;

  public AnswerPassword(
      Database database,
      SignIns signIns,
      Progress progress,
      People people,
      Passwords passwords,
      KnownBrowsers knownBrowsers,
      Digester digester,
      ProofLedger ledger,
      Guesses guesses,
      Audit audit,
      Notices notices,
      AttackWatch attackWatch,
      TrustedBrowsers trustedBrowsers,
      BrowserKeys browserKeys,
      StolenPasswords stolenPasswords) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.people = people;
    this.passwords = passwords;
    this.knownBrowsers = knownBrowsers;
    this.digester = digester;
    this.ledger = ledger;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
    this.attackWatch = attackWatch;
    this.trustedBrowsers = trustedBrowsers;
    this.browserKeys = browserKeys;
    this.stolenPasswords = stolenPasswords;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Moved(Progress.Moved moved) implements Outcome {}

    /** Wrong, whatever way it was wrong. */
    record Wrong(SignIn signIn) implements Outcome {}

    /** Too many wrong ones; for good, until the password is reset, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    /** A password is not what the sign-in waits for: show where it stands. */
    record NotDemanded() implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** Notes the name that was typed. Whether it names anybody is not looked at. */
  public Outcome identify(
      TenantId tenant, SignInId id, Optional<Secret> browser, String typed, Occasion occasion) {
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      if (!(found instanceof SignIns.Finding.Found(var signIn))) {
        return new Outcome.Lost(found);
      }
      if (!(signIn.state() instanceof LoginSession.Pending)) {
        ledger.forget(
            tx, tenant, id); // Somebody else begins here: what was proven so far was another's.
      }
      var anew = signIn.withNotes(signIn.notes().startingOver());
      return new Outcome.Moved(
          progress.advance(tx, anew, new LoginSession.Event.Identified(typed.strip()), occasion));
    });
  }

  /**
   * Whose password is being tried, and where that is counted.
   *
   * @param claimed the name that was typed; empty where a key has said before who it is
   */
  private record Attempt(
      Optional<String> claimed,
      Optional<UserId> user,
      Optional<Passwords.Kept> kept,
      String subject,
      Guesses.Standing standing) {}

  /**
   * Judges a password.
   *
   * @param device the cookie of {@link KnownBrowsers}, if the browser sent one
   */
  public Outcome answer(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Optional<Secret> device,
      Secret password,
      Occasion occasion) {
    return answer(tenant, id, browser, device, List.of(), password, occasion);
  }

  /**
   * Judges a password.
   *
   * @param device the cookie of {@link KnownBrowsers}, if the browser sent one
   * @param trusted the cookies of {@link TrustedBrowsers} that the browser sent
   */
  public Outcome answer(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Optional<Secret> device,
      List<TrustedBrowsers.Shown> trusted,
      Secret password,
      Occasion occasion) {
    var looked = database.read(tx -> look(tx, tenant, id, browser, device, occasion));
    return switch (looked) {
      case Look.Nothing(var instead) -> instead;
      case Look.Closed(var signIn, var attempt) -> {
        database.run(tx -> throttled(tx, signIn, attempt, occasion));
        yield new Outcome.Resting(
            attempt.standing() instanceof Guesses.Standing.Resting(var until)
                ? Optional.of(until)
                : Optional.empty());
      }
      case Look.Open(var attempt) -> {
        var check = passwords.check(password, attempt.kept());
        List<Finding> noticed =
            check instanceof Passwords.Check.Right ? stolenPasswords.judge(password) : List.of();
        yield database.write(
            tx -> settle(tx, tenant, id, browser, trusted, attempt, check, noticed, occasion));
      }
    };
  }

  /** What there is to judge. */
  private sealed interface Look {
    record Open(Attempt attempt) implements Look {}

    /** Too many wrong answers: this one is not judged, and costs as little as can be. */
    record Closed(SignIn signIn, Attempt attempt) implements Look {}

    record Nothing(Outcome instead) implements Look {}
  }

  private Look look(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Optional<Secret> device,
      Occasion occasion) {
    var found = signIns.find(tx, tenant, id, browser, false, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Look.Nothing(new Outcome.Lost(found));
    }
    var attempt =
        switch (signIn.state()) {
          case LoginSession.Pending(var claimed) ->
              claimed.map(typed -> attempt(tx, tenant, typed, device, occasion));
          case LoginSession.AwaitingMfa(var soFar, Demand.Password _, var _) ->
              Optional.of(
                  attempt(
                      tx,
                      tenant,
                      Optional.empty(),
                      Optional.of(soFar.who()),
                      soFar.who().value(),
                      device,
                      occasion));
          case LoginSession.AwaitingMfa _,
              LoginSession.Authenticated _,
              LoginSession.Ended _,
              Completed _ ->
              Optional.<Attempt>empty();
        };
    if (attempt.isEmpty()) {
      return new Look.Nothing(new Outcome.NotDemanded());
    }
    return attempt.get().standing() instanceof Guesses.Standing.Open
        ? new Look.Open(attempt.get())
        : new Look.Closed(signIn, attempt.get());
  }

  private Attempt attempt(
      Tx tx, TenantId tenant, String claimed, Optional<Secret> device, Occasion occasion) {
    var identifier = Identifier.of(claimed);
    var user = people.named(tx, tenant, identifier);
    return attempt(
        tx,
        tenant,
        Optional.of(claimed),
        user,
        user.map(UserId::value)
            .orElseGet(
                () -> "name " + digester.digest("unknown-name", Secret.of(identifier.normal()))),
        device,
        occasion);
  }

  private Attempt attempt(
      Tx tx,
      TenantId tenant,
      Optional<String> claimed,
      Optional<UserId> user,
      String unknownBrowser,
      Optional<Secret> device,
      Occasion occasion) {
    // Where there is no browser to be known, the password is looked up once the doors are known to
    // be open.
    var early = device.isEmpty() ? Optional.<Passwords.Kept>empty() : kept(tx, tenant, user);
    var known =
        user.flatMap(who ->
            early.flatMap(it -> knownBrowsers.recognise(tenant, who, it.changedAt(), device)));
    var subject = known.map(browser -> "browser " + browser).orElse(unknownBrowser);
    var standing = standing(tx, tenant, subject, known.isPresent(), occasion);
    var kept =
        device.isEmpty() && standing instanceof Guesses.Standing.Open
            ? kept(tx, tenant, user)
            : early;
    return new Attempt(claimed, user, kept, subject, standing);
  }

  private Optional<Passwords.Kept> kept(Tx tx, TenantId tenant, Optional<UserId> user) {
    return user.flatMap(who -> passwords.find(tx, tenant, who));
  }

  private Guesses.Standing standing(
      Tx tx, TenantId tenant, String subject, boolean known, Occasion occasion) {
    var mine = guesses.standing(tx, tenant, subject, List.of(PERSON), occasion.at());
    if (known || !(mine instanceof Guesses.Standing.Open)) {
      return mine;
    }
    return guesses.standing(tx, tenant, occasion.network(), List.of(ADDRESS), occasion.at());
  }

  private void throttled(Tx tx, SignIn signIn, Attempt attempt, Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        about(
                AuditEvent.of(AuditType.SIGN_IN_FAILED, AuditEvent.Outcome.DENIED, occasion),
                attempt,
                signIn)
            .with("reason", "throttled"));
  }

  private Outcome settle(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      List<TrustedBrowsers.Shown> trusted,
      Attempt attempt,
      Passwords.Check check,
      List<Finding> noticed,
      Occasion occasion) {
    var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Outcome.Lost(found);
    }
    boolean first =
        signIn.state() instanceof LoginSession.Pending(var claimed)
            && claimed.isPresent()
            && claimed.equals(attempt.claimed());
    boolean besideKey =
        signIn.state() instanceof LoginSession.AwaitingMfa(var soFar, Demand.Password _, var _)
            && Optional.of(soFar.who()).equals(attempt.user())
            && attempt.claimed().isEmpty();
    if (!first && !besideKey) {
      return new Outcome.NotDemanded();
    }
    return switch (check) {
      case Passwords.Check.Wrong _ -> wrong(tx, signIn, attempt, occasion);
      case Passwords.Check.Right(var better) -> {
        var who = attempt.user().orElseThrow();
        if (!passwords.isStill(tx, tenant, who, attempt.kept().orElseThrow())) {
          yield wrong(
              tx, signIn, attempt,
              occasion); // Changed while this answer was on its way: right no more.
        }
        var held = guesses.hold(tx, tenant, attempt.subject(), List.of(PERSON), occasion.at());
        if (!held.admits()) {
          yield resting(tx, signIn, attempt, occasion);
        }
        guesses.succeeded(tx, tenant, held, List.of(PERSON));
        better.ifPresent(
            hash -> passwords.upgrade(tx, tenant, who, hash, attempt.kept().orElseThrow()));
        var about =
            new ProofLedger.About(
                who, id, METHOD, null, Evidence.of(ProofKind.KNOWS, "pwd"), Purpose.FIRST);
        if (!(ledger.redeem(tx, tenant, new Claim.Repeatable(), about, occasion.at())
            instanceof ProofLedger.Redemption.Proven(var proof))) {
          throw new IllegalStateException("a password is used up by nothing");
        }
        var key = browserKeys.proven(tenant, id, signIn.version(), occasion);
        trustedBrowsers.speak(tx, tenant, who, id, trusted, key, occasion);
        yield new Outcome.Moved(
            progress.advance(
                tx,
                signIn,
                first
                    ? new LoginSession.Event.PrimaryPassed(who, signIns.counted(tx, signIn, who))
                    : new LoginSession.Event.FactorPassed(proof),
                noticed,
                occasion));
      }
    };
  }

  private Outcome wrong(Tx tx, SignIn signIn, Attempt attempt, Occasion occasion) {
    var tenant = signIn.tenant();
    var failure = guesses.failed(tx, tenant, attempt.subject(), List.of(PERSON), occasion.at());
    if (failure instanceof Guesses.Failure.NoRoom) {
      return resting(tx, signIn, attempt, occasion);
    }
    guesses.failed(tx, tenant, occasion.network(), List.of(ADDRESS), occasion.at());
    audit.record(
        tx,
        tenant,
        about(
            AuditEvent.failure(AuditType.SIGN_IN_FAILED, occasion, "password_invalid"),
            attempt,
            signIn));
    Outcome outcome =
        switch (failure) {
          case Guesses.Failure.Counted _ -> new Outcome.Wrong(signIn);
          case Guesses.Failure.NowResting(var until) -> {
            locked(tx, signIn, attempt, Optional.of(until), occasion);
            yield new Outcome.Resting(Optional.of(until));
          }
          case Guesses.Failure.NowClosed _ -> {
            locked(tx, signIn, attempt, Optional.empty(), occasion);
            yield new Outcome.Resting(Optional.empty());
          }
          case Guesses.Failure.NoRoom _ -> throw new IllegalStateException();
        };
    attackWatch.sawFailure(tx, tenant, occasion);
    return outcome;
  }

  private void locked(
      Tx tx, SignIn signIn, Attempt attempt, Optional<Moment> until, Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        about(
            AuditEvent.failure(AuditType.USER_LOCKED, occasion, "too_many_failures"),
            attempt,
            signIn));
    attempt
        .user()
        .ifPresent(who ->
            notices.tell(tx, signIn.tenant(), who, new Notice.PasswordLocked(until), occasion));
  }

  private Outcome resting(Tx tx, SignIn signIn, Attempt attempt, Occasion occasion) {
    throttled(tx, signIn, attempt, occasion);
    return switch (guesses.standing(
        tx, signIn.tenant(), attempt.subject(), List.of(PERSON), occasion.at())) {
      case Guesses.Standing.Resting(var until) -> new Outcome.Resting(Optional.of(until));
      case Guesses.Standing.Closed _ -> new Outcome.Resting(Optional.empty());
      case Guesses.Standing.Open _ ->
          new Outcome.Wrong(signIn); // It opened while this answer was on its way.
    };
  }

  /** The typed name is not recorded where it names nobody: people type passwords into the wrong field. */
  private static AuditEvent about(AuditEvent event, Attempt attempt, SignIn signIn) {
    var whose =
        attempt
            .user()
            .map(event::by)
            .orElseGet(() -> event.by("anonymous", null).with("unknown_name", "true"));
    return whose.in(signIn.id(), signIn.destination().application()).with("method", METHOD);
  }
}
