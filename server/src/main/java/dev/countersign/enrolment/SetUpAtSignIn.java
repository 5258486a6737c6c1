package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factors;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.factor.Refusal;
import dev.countersign.kernel.FactorId;
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
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
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
  private final Factors factors;
  private final ProofLedger ledger;
  private final Audit audit;

  public SetUpAtSignIn(
      Database database,
      SignIns signIns,
      Progress progress,
      SetUp setUp,
      CodeSets codeSets,
      Factors factors,
      ProofLedger ledger,
      Audit audit) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.setUp = setUp;
    this.codeSets = codeSets;
    this.factors = factors;
    this.ledger = ledger;
    this.audit = audit;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record UnderWay(SignIn signIn, SetUp.UnderWay setUp) implements Outcome {}

    record Moved(Progress.Moved moved) implements Outcome {}

    record Refused(SignIn signIn, SetUp.UnderWay setUp, Refusal why) implements Outcome {}

    /**
     * A set was made.
     *
     * @param codes the new set, to be shown now and never again
     */
    record Codes(SignIn signIn, List<Secret> codes) implements Outcome {}

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

  /** Begins to set this factor up, or shows it again when the page is loaded again. */
  public Outcome begin(
      TenantId tenant, SignInId id, Optional<Secret> browser, FactorId factor, Occasion occasion) {
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          if (!(waiting.demand() instanceof Demand.Enrol(var anyOf, var _))
              || !anyOf.contains(factor)) {
            return new Outcome.NotDemanded();
          }
          var pending = Optional.ofNullable(signIn.notes().settingUp());
          var underWay = setUp.begin(tx, whose(signIn, waiting), factor, pending, occasion);
          if (underWay.isEmpty()) {
            return new Outcome.NotDemanded();
          }
          var noted = signIn.withNotes(signIn.notes().settingUp(underWay.get().id()));
          if (!noted.notes().equals(signIn.notes())) {
            noted = progress.note(tx, noted);
          }
          return new Outcome.UnderWay(noted, underWay.get());
        });
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
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          var settingUp = signIn.notes().settingUp();
          if (settingUp == null
              || !(waiting.demand() instanceof Demand.Enrol(var anyOf, var _))
              || !anyOf.contains(factor)) {
            return new Outcome.NotDemanded();
          }
          var whose = whose(signIn, waiting);
          if (!setUp.isUnderWay(tx, whose, settingUp, factor)) {
            return new Outcome.NotDemanded();
          }
          return switch (setUp.confirm(tx, whose, settingUp, answer, name, occasion)) {
            case SetUp.Confirmation.Refused(var why) ->
                new Outcome.Refused(
                    signIn,
                    setUp.begin(tx, whose, factor, Optional.of(settingUp), occasion).orElseThrow(),
                    why);
            case SetUp.Confirmation.Gone _ -> new Outcome.NotDemanded();
            case SetUp.Confirmation.Confirmed(var enrolment, var claim) -> {
              var profile = factors.profile(factor);
              var about =
                  new ProofLedger.About(
                      waiting.soFar().who(),
                      signIn.id(),
                      factor.value(),
                      enrolment.id(),
                      profile.kind(),
                      profile.amr(),
                      profile.phishingResistant(),
                      Purpose.ENROL);
              yield switch (ledger.redeem(tx, tenant, claim, about, occasion.at())) {
                case ProofLedger.Redemption.Proven(var proof) ->
                    new Outcome.Moved(
                        progress.advance(
                            tx,
                            signIn.withNotes(signIn.notes().settingUp(null)),
                            new LoginSession.Event.FactorPassed(proof),
                            occasion));
                case ProofLedger.Redemption.UsedBefore _, ProofLedger.Redemption.Nothing _ ->
                    throw new IllegalStateException(
                        "a factor just confirmed had its first code used before");
              };
            }
          };
        });
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
          return new Outcome.Moved(
              progress.advance(
                  tx,
                  signIn.withNotes(signIn.notes().decliningInvitation()),
                  new LoginSession.Event.LookAgain(),
                  occasion));
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
          codeSets.issue(tx, whose(signIn, waiting), drawn.get(), occasion);
          return new Outcome.Codes(signIn, drawn.get().shown());
        });
  }

  /** The person says that the codes are kept safe. */
  public Outcome acknowledgeCodes(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    return inSignIn(
        tenant,
        id,
        browser,
        occasion,
        (tx, signIn, waiting) -> {
          boolean acknowledged =
              waiting.demand() instanceof Demand.SeeBackupCodes
                  && codeSets.acknowledge(tx, tenant, waiting.soFar().who(), occasion.at());
          return acknowledged
              ? new Outcome.Moved(
                  progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion))
              : new Outcome.NotDemanded();
        });
  }

  private static SetUp.Whose whose(SignIn signIn, LoginSession.AwaitingMfa waiting) {
    return new SetUp.Whose(
        signIn.tenant(), waiting.soFar().who(), signIn.id(), signIn.destination().application());
  }
}
