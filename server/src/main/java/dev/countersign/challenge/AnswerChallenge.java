package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Refusal;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges an answer to the challenge of a sign-in. Read first, judge without holding the database, then in one
 * transaction: lock the sign-in, see that the factor is still among those demanded, count the answer, redeem it, move
 * on, record. Thread-safe.
 */
public final class AnswerChallenge {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final Factors factors;
  private final Enrolments enrolments;
  private final ProofLedger ledger;
  private final Spendables spendables;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;

  public AnswerChallenge(
      Database database,
      SignIns signIns,
      Progress progress,
      Factors factors,
      Enrolments enrolments,
      ProofLedger ledger,
      Spendables spendables,
      Guesses guesses,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.factors = factors;
    this.enrolments = enrolments;
    this.ledger = ledger;
    this.spendables = spendables;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Passed(Progress.Moved moved) implements Outcome {}

    /** Wrong, whatever way it was wrong; {@code left} answers are left before a rest. */
    record Wrong(int left) implements Outcome {}

    /** Too many wrong ones: not judged, or judged and of no account. Or closed for good, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    /** This factor is not demanded (any more): show where the sign-in stands. */
    record NotDemanded() implements Outcome {}

    /** The sign-in cannot be gone on with. */
    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** An accepted answer, waiting to be redeemed; or why there is none. */
  private sealed interface Judged {
    record Right(Enrolment enrolment, Claim claim) implements Judged {}

    record Wrong(Refusal why) implements Judged {}
  }

  public Outcome answer(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factorId,
      Answer answer,
      Occasion occasion) {
    var now = occasion.at();
    var factor = factors.find(factorId);
    if (factor.isEmpty()) {
      return new Outcome.NotDemanded();
    }
    var doors = Doors.of(factor.get().profile());
    var before =
        database.read(tx -> {
          if (!(signIns.find(tx, tenant, id, browser, false, now)
              instanceof SignIns.Finding.Found(var signIn))) {
            return Optional.<List<Enrolment>>empty();
          }
          var who = signIn.who();
          if (who.isEmpty()
              || !(guesses.standing(tx, tenant, who.get().value(), doors, now)
                  instanceof Guesses.Standing.Open)) {
            return Optional.<List<Enrolment>>empty();
          }
          return Optional.of(
              enrolments.of(tx, tenant, who.get()).stream()
                  .filter(it -> it.isActive() && it.factor().equals(factorId))
                  .toList());
        });
    var judged = before.map(mine -> judge(factor.get(), mine, answer, occasion));
    return database.write(tx -> settle(tx, tenant, id, browser, factor.get(), judged, occasion));
  }

  private static Judged judge(
      Factor factor, List<Enrolment> mine, Answer answer, Occasion occasion) {
    Refusal why = Refusal.of(Refusal.Reason.CODE_INVALID);
    for (var enrolment : mine) {
      switch (factor.check(enrolment, answer, occasion.at())) {
        case Factor.Verdict.Accepted(var claim) -> {
          return new Judged.Right(enrolment, claim);
        }
        case Factor.Verdict.Refused(var refusal) -> why = refusal;
      }
    }
    return new Judged.Wrong(why);
  }

  private Outcome settle(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Factor factor,
      Optional<Judged> judged,
      Occasion occasion) {
    var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Outcome.Lost(found);
    }
    var factorId = factor.profile().id();
    if (!(signIn.state()
            instanceof LoginSession.AwaitingMfa(var soFar, Demand.Challenge(var anyOf), var _))
        || !anyOf.contains(factorId)) {
      return new Outcome.NotDemanded();
    }
    var who = soFar.who();
    if (judged.isEmpty()) {
      return resting(tx, signIn, who, factor, occasion);
    }
    return switch (judged.get()) {
      case Judged.Wrong(var why) -> wrong(tx, signIn, who, factor, why, occasion);
      case Judged.Right(var enrolment, var claim) -> {
        var doors = Doors.of(factor.profile());
        if (!guesses.admits(tx, tenant, who.value(), doors, occasion.at())) {
          yield resting(tx, signIn, who, factor, occasion);
        }
        yield switch (ledger.redeem(
            tx, tenant, claim, about(who, signIn, factor, enrolment), occasion.at())) {
          case ProofLedger.Redemption.UsedBefore _ -> {
            notices.tell(tx, tenant, who, new Notice.CodeReplayed(factor.profile().id()), occasion);
            yield wrong(tx, signIn, who, factor, Refusal.of(Refusal.Reason.CODE_REUSED), occasion);
          }
          case ProofLedger.Redemption.Nothing _ ->
              wrong(tx, signIn, who, factor, Refusal.of(Refusal.Reason.CODE_INVALID), occasion);
          case ProofLedger.Redemption.Proven(var proof) -> {
            guesses.succeeded(tx, tenant, who.value(), doors);
            yield passed(tx, signIn, who, factor, enrolment, proof, occasion);
          }
        };
      }
    };
  }

  private static ProofLedger.About about(
      UserId who, SignIn signIn, Factor factor, Enrolment enrolment) {
    var profile = factor.profile();
    return new ProofLedger.About(
        who,
        signIn.id(),
        profile.id().value(),
        enrolment.id(),
        profile.kind(),
        profile.amr(),
        profile.phishingResistant(),
        Purpose.SECOND);
  }

  private Outcome passed(
      Tx tx,
      SignIn signIn,
      UserId who,
      Factor factor,
      Enrolment enrolment,
      Proof proof,
      Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        event(AuditEvent.success(AuditType.MFA_SUCCEEDED, occasion), signIn, who, factor)
            .with("enrolment", enrolment.id().value()));
    if (factor.profile().recovers()) {
      audit.record(
          tx,
          signIn.tenant(),
          event(AuditEvent.success(AuditType.BACKUP_CODE_USED, occasion), signIn, who, factor));
      int left =
          spendables.left(
              tx,
              signIn.tenant(),
              Spendables.Kind.BACKUP_CODE,
              enrolment.id().value(),
              occasion.at());
      notices.tell(tx, signIn.tenant(), who, new Notice.BackupCodeUsed(left), occasion);
    }
    return new Outcome.Passed(
        progress.advance(tx, signIn, new LoginSession.Event.FactorPassed(proof), occasion));
  }

  private Outcome wrong(
      Tx tx, SignIn signIn, UserId who, Factor factor, Refusal why, Occasion occasion) {
    var tenant = signIn.tenant();
    var failure =
        guesses.failed(tx, tenant, who.value(), Doors.of(factor.profile()), occasion.at());
    if (failure instanceof Guesses.Failure.NoRoom) {
      return resting(tx, signIn, who, factor, occasion);
    }
    var event =
        event(
            AuditEvent.failure(AuditType.MFA_FAILED, occasion, why.reason().word()),
            signIn,
            who,
            factor);
    for (var hint : why.hints().entrySet()) {
      event = event.with(hint.getKey(), hint.getValue());
    }
    audit.record(tx, tenant, event);
    return switch (failure) {
      case Guesses.Failure.Counted(var left) -> new Outcome.Wrong(left);
      case Guesses.Failure.NowResting(var until) -> {
        locked(tx, signIn, who, factor, "too_many_failures", Optional.of(until), occasion);
        yield new Outcome.Resting(Optional.of(until));
      }
      case Guesses.Failure.NowClosed _ -> {
        disable(tx, signIn, who, factor, occasion);
        yield new Outcome.Resting(Optional.empty());
      }
      case Guesses.Failure.NoRoom _ -> throw new IllegalStateException();
    };
  }

  private void locked(
      Tx tx,
      SignIn signIn,
      UserId who,
      Factor factor,
      String reason,
      Optional<Moment> until,
      Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        event(AuditEvent.failure(AuditType.USER_LOCKED, occasion, reason), signIn, who, factor));
    notices.tell(
        tx, signIn.tenant(), who, new Notice.Locked(factor.profile().id(), until), occasion);
  }

  /** SP 800-63B-4 section 3.2.2: after so many wrong answers in a row the authenticator has to be bound anew. */
  private void disable(Tx tx, SignIn signIn, UserId who, Factor factor, Occasion occasion) {
    var tenant = signIn.tenant();
    List<Enrolment> mine = new ArrayList<>(enrolments.of(tx, tenant, who));
    mine.removeIf(it -> !it.isActive() || !it.factor().equals(factor.profile().id()));
    for (var enrolment : mine) {
      enrolments.disable(tx, tenant, enrolment.id());
      audit.record(
          tx,
          tenant,
          event(
                  AuditEvent.failure(AuditType.FACTOR_DISABLED, occasion, "too_many_failures"),
                  signIn,
                  who,
                  factor)
              .with("enrolment", enrolment.id().value()));
    }
    locked(tx, signIn, who, factor, "factor_disabled", Optional.empty(), occasion);
  }

  private Outcome resting(Tx tx, SignIn signIn, UserId who, Factor factor, Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        event(
                AuditEvent.of(AuditType.MFA_FAILED, AuditEvent.Outcome.DENIED, occasion),
                signIn,
                who,
                factor)
            .with("reason", "throttled"));
    return switch (guesses.standing(
        tx, signIn.tenant(), who.value(), Doors.of(factor.profile()), occasion.at())) {
      case Guesses.Standing.Resting(var until) -> new Outcome.Resting(Optional.of(until));
      case Guesses.Standing.Closed _ -> new Outcome.Resting(Optional.empty());
      case Guesses.Standing.Open(var left) ->
          new Outcome.Wrong(left); // It opened while this answer was on its way.
    };
  }

  private static AuditEvent event(AuditEvent event, SignIn signIn, UserId who, Factor factor) {
    var named =
        event
            .by(who)
            .in(signIn.id(), signIn.destination().application())
            .with("factor", factor.profile().id().value());
    return factor.profile().recovers() ? named.with("recovery", "yes") : named;
  }
}
