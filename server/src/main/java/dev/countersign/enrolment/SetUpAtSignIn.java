package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Courier;
import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.factor.Refusal;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Setting a factor up as a step of a sign-in, seeing backup codes, and saying 'not now'. Each is possible only while the
 * sign-in demands it: a person with a factor cannot come here without having answered it. Thread-safe.
 */
public final class SetUpAtSignIn {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final SetUp setUp;
  private final CodeSets codeSets;
  private final ProofLedger ledger;
  private final Spendables spendables;
  private final Audit audit;
  private final RecoveredFactors recovered;

  public SetUpAtSignIn(
      Database database,
      SignIns signIns,
      Progress progress,
      SetUp setUp,
      CodeSets codeSets,
      ProofLedger ledger,
      Spendables spendables,
      Audit audit,
      RecoveredFactors recovered) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.setUp = setUp;
    this.codeSets = codeSets;
    this.ledger = ledger;
    this.spendables = spendables;
    this.audit = audit;
    this.recovered = recovered;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record UnderWay(SignIn signIn, SetUp.Kept.Going going) implements Outcome {
      public SetUp.UnderWay setUp() {
        return going.underWay();
      }
    }

    /** What has to be sent could not be. */
    record Unsent(SignIn signIn, FactorId factor, String reason, Optional<Moment> until)
        implements Outcome {}

    record Moved(Progress.Moved moved) implements Outcome {}

    /**
     * What was said will not do.
     *
     * @param field which field it is about
     */
    record Unfit(SignIn signIn, SetUp.UnderWay setUp, String field, Refusal why)
        implements Outcome {}

    /** The confirming answer is wrong: what is under way is to be shown again. */
    record Wrong(Refusal why) implements Outcome {}

    /** Nobody has answered yet: it is to be asked for again. */
    record NotYet(Duration askAgainIn) implements Outcome {}

    /**
     * A set was made.
     *
     * @param codes the new set, to be shown now and never again
     */
    record Codes(SignIn signIn, EnrolmentId set, List<Secret> codes) implements Outcome {}

    /**
     * The set is worthless.
     *
     * @param over the sign-in, where it has been completed with another set
     */
    record CodesOutdated(Optional<SignIns.Finding> over) implements Outcome {}

    /** This is not what the sign-in demands now: show where it stands. */
    record NotDemanded() implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** A step for a sign-in that is found and demands what the step is for. */
  @FunctionalInterface
  private interface Step {
    Outcome take(Tx tx, SignIn signIn, LoginSession.AwaitingMfa waiting);
  }

  private Outcome inSignIn(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion, Step step) {
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      if (!(found instanceof SignIns.Finding.Found(var signIn))) {
        return new Outcome.Lost(found);
      }
      if (!(signIn.state() instanceof LoginSession.AwaitingMfa waiting)) {
        return new Outcome.NotDemanded();
      }
      return progress.stillOwes(tx, signIn, waiting, occasion)
          ? step.take(tx, signIn, waiting)
          : new Outcome.Moved(
              progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion));
    });
  }

  /**
   * Begins to set this factor up, or shows it again when the page is loaded again.
   *
   * @param start how it begins
   */
  public Outcome begin(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factor,
      Start start,
      Occasion occasion) {
    var look = look(tenant, id, browser, factor, occasion);
    var opened = look.map(it -> setUp.open(it, start.given(), start.again()));
    if (opened.isPresent() && opened.get() instanceof SetUp.Opened.Fresh && !start.mayBegin()) {
      return new Outcome.NotDemanded();
    }
    var outcome =
        inSignIn(
            tenant,
            id,
            browser,
            occasion,
            (tx, signIn, waiting) -> {
              if (opened.isEmpty() || !demands(waiting, factor)) {
                return new Outcome.NotDemanded();
              }
              return switch (setUp.keep(tx, look.get(), opened.get(), occasion)) {
                case SetUp.Kept.Impossible _ -> new Outcome.NotDemanded();
                case SetUp.Kept.Blocked(var reason, var until) ->
                    new Outcome.Unsent(signIn, factor, reason, until);
                case SetUp.Kept.Unfit(var underWay, var field, var why) ->
                    new Outcome.Unfit(signIn, underWay, field, why);
                case SetUp.Kept.Going going -> {
                  var noted =
                      signIn.withNotes(
                          signIn.notes().settingUp(going.underWay().id().orElse(null)));
                  if (!noted.notes().equals(signIn.notes())) {
                    noted = progress.note(tx, noted);
                  }
                  yield new Outcome.UnderWay(noted, going);
                }
              };
            });
    return outcome instanceof Outcome.UnderWay(var signIn, var going)
            && setUp.carry(going, occasion) instanceof Courier.Outcome.Failed(var reason)
        ? new Outcome.Unsent(signIn, factor, reason, Optional.empty())
        : outcome;
  }

  /**
   * How a set-up begins.
   *
   * @param given what the person says first, such as a phone number
   * @param again whether to ask anew although a question stands
   * @param mayBegin whether there may be a new one; otherwise only what stands is shown
   */
  public record Start(Answer given, boolean again, boolean mayBegin) {
    /** As it stands. */
    public static final Start SHOWING = new Start(Answer.NONE, false, false);

    public static final Start CHOSEN = new Start(Answer.NONE, false, true);
    public static final Start AGAIN = new Start(Answer.NONE, true, true);

    public static Start saying(Answer given) {
      return new Start(given, false, true);
    }
  }

  private static boolean demands(LoginSession.AwaitingMfa waiting, FactorId factor) {
    return waiting.demand() instanceof Demand.Enrol(var anyOf, var _) && anyOf.contains(factor);
  }

  private Optional<SetUp.Look> look(
      TenantId tenant, SignInId id, Optional<Secret> browser, FactorId factor, Occasion occasion) {
    return database.read(tx ->
        signIns.find(tx, tenant, id, browser, false, occasion.at())
                    instanceof SignIns.Finding.Found(var signIn)
                && signIn.state() instanceof LoginSession.AwaitingMfa waiting
                && demands(waiting, factor)
            ? setUp.look(
                tx,
                whose(signIn, waiting),
                factor,
                Optional.ofNullable(signIn.notes().settingUp()),
                occasion)
            : Optional.empty());
  }

  /** Judges the answer that confirms the factor being set up; a right one counts as the second proof as well. */
  public Outcome confirm(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factor,
      Answer answer,
      String name,
      Occasion occasion) {
    var look = look(tenant, id, browser, factor, occasion);
    var judged = look.flatMap(it -> setUp.judge(it, answer));
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          var settingUp = Optional.ofNullable(signIn.notes().settingUp());
          if (look.isEmpty()
              || judged.isEmpty()
              || !demands(waiting, factor)
              || !settingUp.equals(look.get().pending().map(Enrolment::id))) {
            return new Outcome.NotDemanded();
          }
          if (!recovered.isOpen(tx, signIn, waiting.soFar().who(), occasion)) {
            return new Outcome.Moved(
                progress.advance(
                    tx,
                    signIn.withNotes(signIn.notes().recovering(null)),
                    new LoginSession.Event.LookAgain(),
                    occasion));
          }
          return switch (setUp.confirm(tx, look.get(), judged, name, occasion)) {
            case SetUp.Confirmation.NotYet(var askAgainIn) -> new Outcome.NotYet(askAgainIn);
            case SetUp.Confirmation.Refused(var why) -> new Outcome.Wrong(why);
            case SetUp.Confirmation.Gone _ -> new Outcome.NotDemanded();
            case SetUp.Confirmation.Confirmed(var enrolment, var claim, var evidence) -> {
              recovered.settle(tx, signIn, waiting.soFar().who(), enrolment.id(), occasion);
              var settled = settled(tx, signIn, occasion);
              var about =
                  new ProofLedger.About(
                      waiting.soFar().who(),
                      signIn.id(),
                      factor.value(),
                      enrolment.id(),
                      evidence,
                      Purpose.ENROL);
              yield switch (ledger.redeem(tx, tenant, claim, about, occasion.at())) {
                case ProofLedger.Redemption.Proven(var proof) -> {
                  if (signIn.destination().isDirect()) {
                    codeSets.acknowledgeSince(
                        tx, tenant, waiting.soFar().who(), signIn.createdAt(), occasion.at());
                  }
                  yield new Outcome.Moved(
                      progress.advance(
                          tx,
                          settled.withNotes(settled.notes().settingUp(null)),
                          new LoginSession.Event.FactorPassed(proof),
                          occasion));
                }
                case ProofLedger.Redemption.UsedBefore _, ProofLedger.Redemption.Nothing _ ->
                    throw StorageException.overtaken("confirming a factor");
              };
            }
          };
        });
  }

  /**
   * Without the way back or the ticket that led here. A ticket is used now; {@link #inSignIn} has just seen that it is good, so whoever finds
   * it used was overtaken, and all that this transaction did is undone and done anew.
   */
  private SignIn settled(Tx tx, SignIn coming, Occasion occasion) {
    var signIn = coming.withNotes(coming.notes().recovering(null));
    var ticket = signIn.notes().invitation();
    if (ticket == null
        || !(signIn.state() instanceof LoginSession.AwaitingMfa waiting)
        || waiting.because().reason() != Because.Reason.TICKET) {
      return signIn;
    }
    if (!spendables.spendFound(
        tx, signIn.tenant(), Spendables.Kind.ENROLMENT_TICKET, ticket.ticket(), occasion.at())) {
      throw StorageException.overtaken("an enrolment ticket");
    }
    return signIn.withNotes(signIn.notes().invited(null));
  }

  /** 'Not now', where the invitation may be declined. */
  public Outcome decline(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          if (!(waiting.demand() instanceof Demand.Enrol(var _, var optional)) || !optional) {
            return new Outcome.NotDemanded();
          }
          audit.record(
              tx,
              tenant,
              AuditEvent.success(AuditType.MFA_DECLINED, occasion)
                  .by(waiting.soFar().who())
                  .in(signIn.id(), signIn.destination().application()));
          return new Outcome.Moved(progress.putOff(tx, signIn, waiting.soFar(), occasion));
        });
  }

  /** Makes a set of backup codes, to be shown in reply to this and never again. */
  public Outcome issueCodes(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    boolean owed =
        database.read(tx ->
            signIns.find(tx, tenant, id, browser, false, occasion.at())
                    instanceof SignIns.Finding.Found(var signIn)
                && signIn.state()
                    instanceof LoginSession.AwaitingMfa(var _, Demand.SeeBackupCodes _, var _));
    var drawn = owed ? Optional.of(codeSets.draw()) : Optional.<RecoveryCodes.Issue>empty();
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          if (!(waiting.demand() instanceof Demand.SeeBackupCodes) || drawn.isEmpty()) {
            return new Outcome.NotDemanded();
          }
          var set = codeSets.issue(tx, whose(signIn, waiting), drawn.get(), occasion);
          return new Outcome.Codes(signIn, set, drawn.get().shown());
        });
  }

  /**
   * Makes a set of backup codes beside a factor that an application is setting up without pages. It counts from when that
   * factor is confirmed: whoever goes on has been given it. Not for somebody whose codes count already.
   */
  public Outcome codesBeside(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    var drawn = codeSets.draw();
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          if (!(waiting.demand() instanceof Demand.Enrol)
              || !signIn.destination().isDirect()
              || codeSets.counted(tx, tenant, waiting.soFar().who()).isPresent()) {
            return new Outcome.NotDemanded();
          }
          var set = codeSets.issue(tx, whose(signIn, waiting), drawn, occasion);
          return new Outcome.Codes(signIn, set, drawn.shown());
        });
  }

  /** The person says that the codes of this set are kept safe. */
  public Outcome acknowledgeCodes(
      TenantId tenant, SignInId id, Optional<Secret> browser, EnrolmentId set, Occasion occasion) {
    var outcome =
        inSignIn(
            tenant,
            id,
            browser,
            occasion,
            (tx, signIn, waiting) -> {
              if (!(waiting.demand() instanceof Demand.SeeBackupCodes)) {
                return new Outcome.NotDemanded();
              }
              var who = waiting.soFar().who();
              return switch (codeSets.acknowledge(tx, tenant, who, set, occasion.at())) {
                case KEPT ->
                    new Outcome.Moved(
                        progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion));
                case OUTDATED -> new Outcome.CodesOutdated(Optional.empty());
                case NOTHING -> new Outcome.NotDemanded();
              };
            });
    return outcome instanceof Outcome.Lost(SignIns.Finding.Over(var _, var who, var _))
            && who.isPresent()
            && database.read(tx -> codeSets.isOutdated(tx, tenant, who.get(), set))
        ? new Outcome.CodesOutdated(Optional.of(((Outcome.Lost) outcome).why()))
        : outcome;
  }

  private static SetUp.Whose whose(SignIn signIn, LoginSession.AwaitingMfa waiting) {
    return new SetUp.Whose(
        signIn.tenant(), waiting.soFar().who(), signIn.id(), signIn.destination().application());
  }
}
