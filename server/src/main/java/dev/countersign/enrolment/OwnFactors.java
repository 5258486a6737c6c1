package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Courier;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.factor.Refusal;
import dev.countersign.identity.People;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.stepup.Freshness;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What people change about their own factors once signed in. Every change wants recent proof ({@link Freshness}), so a
 * session left open, or one that rests on a password alone, changes nothing. Thread-safe.
 */
public final class OwnFactors {
  private final Database database;
  private final Sessions sessions;
  private final Freshness freshness;
  private final People people;
  private final Policies policies;
  private final Factors factors;
  private final Enrolments enrolments;
  private final ProofLedger ledger;
  private final SetUp setUp;
  private final CodeSets codeSets;
  private final Audit audit;
  private final Habits habits;

  public OwnFactors(
      Database database,
      Sessions sessions,
      Freshness freshness,
      People people,
      Policies policies,
      Factors factors,
      Enrolments enrolments,
      ProofLedger ledger,
      SetUp setUp,
      CodeSets codeSets,
      Audit audit,
      Habits habits) {
    this.database = database;
    this.sessions = sessions;
    this.freshness = freshness;
    this.people = people;
    this.policies = policies;
    this.factors = factors;
    this.enrolments = enrolments;
    this.ledger = ledger;
    this.setUp = setUp;
    this.codeSets = codeSets;
    this.audit = audit;
    this.habits = habits;
  }

  /** By what somebody shows that they are signed in. */
  public sealed interface Access {
    /** The cookie of their session, if the browser sent one. */
    record Cookie(Optional<Secret> value) implements Access {}

    /** What was given out in their session for this purpose, and when. */
    record Token(SessionId session, Moment givenOut) implements Access {}
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** Nobody is signed in in this browser. */
    record NotSignedIn() implements Outcome {}

    /** A sign-in that asks for this has to come first. */
    record Stale(SignIn.Asked asked) implements Outcome {}

    record UnderWay(SetUp.Kept.Going going) implements Outcome {}

    /** What has to be sent could not be. */
    record Unsent(FactorId factor, String reason, Optional<Moment> until) implements Outcome {}

    /**
     * What was said first will not do.
     *
     * @param field which field it is about
     */
    record Unfit(SetUp.UnderWay setUp, String field, Refusal why) implements Outcome {}

    /** The confirming answer is wrong: what is under way is to be shown again. */
    record Wrong(Refusal why) implements Outcome {}

    /** Nobody has answered yet: it is to be asked for again. */
    record NotYet(Duration askAgainIn) implements Outcome {}

    /**
     * It is done.
     *
     * @param farewell what is still to be told where a factor reached its person
     */
    record Done(Enrolment enrolment, Optional<Courier.Errand> farewell) implements Outcome {
      Done(Enrolment enrolment) {
        this(enrolment, Optional.empty());
      }
    }

    /** It may be done. */
    record Allowed(Enrolment enrolment, Consequence consequence) implements Outcome {}

    /** It may be done, and so many codes then stop working. */
    record CodesAllowed(int left) implements Outcome {}

    /** A new set of backup codes, to be shown now and never again. */
    record Codes(EnrolmentId set, List<Secret> codes) implements Outcome {}

    /** There is no such thing to change, or none more to be had. */
    record NotPossible() implements Outcome {}
  }

  /** What removing a factor means for its owner. */
  public enum Consequence {
    NONE,
    UNPROTECTED,
    MUST_SET_UP_AGAIN
  }

  @FunctionalInterface
  private interface Act {
    Outcome in(Tx tx, Session session, SetUp.Whose whose);
  }

  private Optional<Session> session(Tx tx, TenantId tenant, Access access, Occasion occasion) {
    return switch (access) {
      case Access.Cookie(var cookie) -> sessions.find(tx, tenant, cookie, occasion.at());
      case Access.Token(var session, var _) -> sessions.find(tx, tenant, session, occasion.at());
    };
  }

  private Outcome freshly(TenantId tenant, Optional<Secret> cookie, Occasion occasion, Act act) {
    return freshly(tenant, new Access.Cookie(cookie), occasion, act);
  }

  private Outcome freshly(TenantId tenant, Access access, Occasion occasion, Act act) {
    return database.write(tx -> {
      var session = session(tx, tenant, access, occasion);
      if (session.isEmpty()) {
        return new Outcome.NotSignedIn();
      }
      var asOf = access instanceof Access.Token(var _, var givenOut) ? givenOut : occasion.at();
      var missing = freshness.missingToChange(tx, tenant, session.get(), asOf, occasion.at());
      if (missing.isPresent()) {
        audit.record(
            tx,
            tenant,
            AuditEvent.success(AuditType.STEP_UP_REQUESTED, occasion)
                .by(session.get().user())
                .in(null, SignIn.Destination.ACCOUNT)
                .with("session", session.get().id().value()));
        return new Outcome.Stale(missing.get());
      }
      return act.in(tx, session.get(), whose(tenant, session.get()));
    });
  }

  /** Begins to set another factor up, or shows again the one that is under way. */
  public Outcome begin(
      TenantId tenant,
      Optional<Secret> cookie,
      FactorId factor,
      SetUpAtSignIn.Start start,
      Occasion occasion) {
    return begin(tenant, new Access.Cookie(cookie), factor, start, occasion);
  }

  /** The same by another access than a cookie. */
  public Outcome begin(
      TenantId tenant,
      Access access,
      FactorId factor,
      SetUpAtSignIn.Start start,
      Occasion occasion) {
    var look = look(tenant, access, factor, occasion);
    var opened = look.map(it -> setUp.open(it, start.given(), start.again()));
    var outcome =
        freshly(
            tenant,
            access,
            occasion,
            (tx, _, whose) ->
                opened.isEmpty() || !mayHave(tx, whose, factor, occasion.at())
                    ? new Outcome.NotPossible()
                    : switch (setUp.keep(tx, look.get(), opened.get(), occasion)) {
                      case SetUp.Kept.Impossible _ -> new Outcome.NotPossible();
                      case SetUp.Kept.Blocked(var reason, var until) ->
                          new Outcome.Unsent(factor, reason, until);
                      case SetUp.Kept.Unfit(var underWay, var field, var why) ->
                          new Outcome.Unfit(underWay, field, why);
                      case SetUp.Kept.Going going -> new Outcome.UnderWay(going);
                    });
    return outcome instanceof Outcome.UnderWay(var going)
            && setUp.carry(going, occasion) instanceof Courier.Outcome.Failed(var reason)
        ? new Outcome.Unsent(factor, reason, Optional.empty())
        : outcome;
  }

  /** Nothing when nobody is signed in; whether it may be done is seen to when it is kept. */
  private Optional<SetUp.Look> look(
      TenantId tenant, Access access, FactorId factor, Occasion occasion) {
    return database.read(tx ->
        session(tx, tenant, access, occasion)
            .flatMap(session -> {
              var whose = whose(tenant, session);
              var pending = pending(tx, whose, factor).map(Enrolment::id);
              return mayHave(tx, whose, factor, occasion.at())
                  ? setUp.look(tx, whose, factor, pending, occasion)
                  : Optional.empty();
            }));
  }

  private static SetUp.Whose whose(TenantId tenant, Session session) {
    return new SetUp.Whose(
        tenant, session.user(), session.signIns().getLast(), SignIn.Destination.ACCOUNT);
  }

  /** The set-up under way: of several, the newest. */
  private Optional<Enrolment> pending(Tx tx, SetUp.Whose whose, FactorId factor) {
    return enrolments.of(tx, whose.tenant(), whose.user()).stream()
        .filter(it -> it.state() == Enrolment.State.PENDING && it.factor().equals(factor))
        .reduce((_, later) -> later);
  }

  /** Whether policy lets this person set this factor up by themselves, and it can be used here at all. */
  private boolean mayHave(Tx tx, SetUp.Whose whose, FactorId factor, Moment now) {
    return factors
            .of(whose.tenant())
            .find(factor)
            .filter(it -> it.profile().audience() == FactorProfile.Audience.EVERYONE)
            .filter(it -> setUp.suits(tx, whose, it))
            .isPresent()
        && effective(tx, whose, now).allowed().contains(factor);
  }

  private Policy.Effective effective(Tx tx, SetUp.Whose whose, Moment now) {
    var person = people.find(tx, whose.tenant(), whose.user()).orElseThrow();
    var policy = policies.current(tx, whose.tenant());
    return policy.effective(Facts.Who.of(person, policy.traits()), now);
  }

  /** Which factors the person may set up by themselves now, strongest first. For the page; {@link #begin} judges anew. */
  public List<FactorId> offered(Tx tx, TenantId tenant, Session session, Moment now) {
    var whose = new SetUp.Whose(tenant, session.user(), null, null);
    return factors.of(whose.tenant()).profiles().stream()
        .map(FactorProfile::id)
        .filter(factor -> mayHave(tx, whose, factor, now))
        .toList();
  }

  public Outcome confirm(
      TenantId tenant,
      Optional<Secret> cookie,
      FactorId factor,
      Answer answer,
      String name,
      Occasion occasion) {
    return confirm(tenant, new Access.Cookie(cookie), factor, answer, name, occasion);
  }

  /** The same by another access than a cookie. */
  public Outcome confirm(
      TenantId tenant,
      Access access,
      FactorId factor,
      Answer answer,
      String name,
      Occasion occasion) {
    var look = look(tenant, access, factor, occasion);
    var judged = look.flatMap(it -> setUp.judge(it, answer));
    return freshly(
        tenant,
        access,
        occasion,
        (tx, session, whose) -> {
          if (look.isEmpty() || judged.isEmpty() || !mayHave(tx, whose, factor, occasion.at())) {
            return new Outcome.NotPossible();
          }
          return switch (setUp.confirm(tx, look.get(), judged, name, occasion)) {
            case SetUp.Confirmation.NotYet(var askAgainIn) -> new Outcome.NotYet(askAgainIn);
            case SetUp.Confirmation.Refused(var why) -> new Outcome.Wrong(why);
            case SetUp.Confirmation.Gone _ -> new Outcome.NotPossible();
            case SetUp.Confirmation.Confirmed(var enrolment, var claim, var evidence) -> {
              var about =
                  new ProofLedger.About(
                      session.user(),
                      session.signIns().getLast(),
                      factor.value(),
                      enrolment.id(),
                      evidence,
                      Purpose.ENROL);
              yield switch (ledger.redeem(tx, tenant, claim, about, occasion.at())) {
                case ProofLedger.Redemption.Proven _ ->
                    new Outcome.Done(
                        enrolments.find(tx, tenant, session.user(), enrolment.id()).orElseThrow());
                case ProofLedger.Redemption.UsedBefore _, ProofLedger.Redemption.Nothing _ ->
                    throw StorageException.overtaken("confirming a factor");
              };
            }
          };
        });
  }

  /** What removing would mean, before it is done. */
  public Outcome considerRemoval(
      TenantId tenant, Optional<Secret> cookie, EnrolmentId id, Occasion occasion) {
    return freshly(
        tenant,
        cookie,
        occasion,
        (tx, _, whose) ->
            own(tx, whose, id)
                .<Outcome>map(
                    it -> new Outcome.Allowed(it, consequence(tx, whose, it, occasion.at())))
                .orElseGet(Outcome.NotPossible::new));
  }

  /** Takes a factor off. With the last one the backup codes go, and under a policy that requires one the very next page asks for a new one. */
  public Outcome remove(
      TenantId tenant, Optional<Secret> cookie, EnrolmentId id, Occasion occasion) {
    return remove(tenant, new Access.Cookie(cookie), id, occasion);
  }

  /** The same by another access than a cookie. */
  public Outcome remove(TenantId tenant, Access access, EnrolmentId id, Occasion occasion) {
    var outcome = takeOff(tenant, access, id, occasion);
    if (outcome instanceof Outcome.Done(var _, var farewell)) {
      farewell.ifPresent(errand -> setUp.tell(errand, occasion));
    }
    return outcome;
  }

  private Outcome takeOff(TenantId tenant, Access access, EnrolmentId id, Occasion occasion) {
    return freshly(
        tenant,
        access,
        occasion,
        (tx, _, whose) -> {
          var enrolment = own(tx, whose, id);
          if (enrolment.isEmpty()) {
            return new Outcome.NotPossible();
          }
          boolean last = consequence(tx, whose, enrolment.get(), occasion.at()) != Consequence.NONE;
          if (!setUp.remove(tx, whose, enrolment.get(), occasion)) {
            return new Outcome.NotPossible();
          }
          if (last) {
            codeSets.discard(tx, tenant, whose.user(), occasion.at());
          }
          return new Outcome.Done(
              enrolment.get(), setUp.farewell(tx, whose, enrolment.get(), occasion));
        });
  }

  /** One that the person may take off: set up by themselves, and standing. */
  private Optional<Enrolment> own(Tx tx, SetUp.Whose whose, EnrolmentId id) {
    return enrolments
        .find(tx, whose.tenant(), whose.user(), id)
        .filter(Enrolment::isActive)
        .filter(it ->
            factors.of(whose.tenant()).profile(it.factor()).audience()
                == FactorProfile.Audience.EVERYONE);
  }

  private Consequence consequence(Tx tx, SetUp.Whose whose, Enrolment leaving, Moment now) {
    boolean others =
        enrolments.of(tx, whose.tenant(), whose.user()).stream()
            .anyMatch(it ->
                it.isActive()
                    && !it.id().equals(leaving.id())
                    && factors.of(whose.tenant()).profile(it.factor()).protects());
    if (others) {
      return Consequence.NONE;
    }
    return effective(tx, whose, now).mode() == Mode.REQUIRED
        ? Consequence.MUST_SET_UP_AGAIN
        : Consequence.UNPROTECTED;
  }

  /** Gives a factor another name; no proof is asked for, since nothing is opened by it. */
  public boolean rename(
      TenantId tenant, Optional<Secret> cookie, EnrolmentId id, String name, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .filter(
                session -> freshness.missingToLook(tx, tenant, session, occasion.at()).isEmpty())
            .map(session -> enrolments.rename(tx, tenant, session.user(), id, SetUp.named(name)))
            .orElse(false));
  }

  /** Keeps what is to be asked for first; no proof is asked for, since nothing is opened by it. */
  public boolean prefer(
      TenantId tenant, Optional<Secret> cookie, Optional<FactorId> first, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .filter(
                session -> freshness.missingToLook(tx, tenant, session, occasion.at()).isEmpty())
            .filter(session -> first.isEmpty() || has(tx, tenant, session, first.get()))
            .map(session -> {
              people.hold(tx, tenant, session.user());
              habits.choose(tx, tenant, session.user(), first, occasion.at());
              audit.record(
                  tx,
                  tenant,
                  AuditEvent.success(AuditType.FIRST_FACTOR_CHOSEN, occasion)
                      .by(session.user())
                      .in(null, SignIn.Destination.ACCOUNT)
                      .with("factor", first.map(FactorId::value).orElse("last_used")));
              return true;
            })
            .orElse(false));
  }

  private boolean has(Tx tx, TenantId tenant, Session session, FactorId factor) {
    return factors.of(tenant).profile(factor).protects()
        && enrolments.of(tx, tenant, session.user()).stream()
            .anyMatch(it -> it.isActive() && it.factor().equals(factor));
  }

  /** Whether new backup codes may be made. */
  public Outcome considerCodes(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return freshly(
        tenant,
        cookie,
        occasion,
        (tx, _, whose) ->
            mayHaveCodes(tx, whose)
                ? new Outcome.CodesAllowed(
                    codeSets.left(tx, tenant, whose.user(), occasion.at()).orElse(0))
                : new Outcome.NotPossible());
  }

  /** Makes a new set, to be shown in reply to this and never again; the one before stops working at once. */
  public Outcome issueCodes(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    RecoveryCodes.Issue drawn = codeSets.draw();
    return freshly(
        tenant,
        cookie,
        occasion,
        (tx, _, whose) -> {
          if (!mayHaveCodes(tx, whose)) {
            return new Outcome.NotPossible();
          }
          var set = codeSets.issue(tx, whose, drawn, occasion);
          return new Outcome.Codes(set, drawn.shown());
        });
  }

  /** Backup codes stand beside a factor, where the tenant has them on. */
  private boolean mayHaveCodes(Tx tx, SetUp.Whose whose) {
    boolean on =
        policies.current(tx, whose.tenant()).allowed().contains(factors.recovery().profile().id());
    return on
        && enrolments.of(tx, whose.tenant(), whose.user()).stream()
            .anyMatch(
                it -> it.isActive() && factors.of(whose.tenant()).profile(it.factor()).protects());
  }

  /** The person says that this set is kept safe. */
  public CodeSets.Keeping acknowledgeCodes(
      TenantId tenant, Optional<Secret> cookie, EnrolmentId set, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .map(session -> codeSets.acknowledge(tx, tenant, session.user(), set, occasion.at()))
            .orElse(CodeSets.Keeping.NOTHING));
  }
}
