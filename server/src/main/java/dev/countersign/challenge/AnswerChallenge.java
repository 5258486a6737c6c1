package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges an answer to the challenge of a sign-in. Read first, judge without holding the database, then in one
 * transaction: lock the sign-in, see that the factor is still among those demanded, count the answer, redeem it, move
 * on, record. What a factor judges at once is read and judged within that transaction. Thread-safe.
 */
public final class AnswerChallenge {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final Destinations destinations;
  private final Challenges challenges;
  private final ProofLedger ledger;
  private final Spendables spendables;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;
  private final NewPlaces places;

  public AnswerChallenge(
      Database database,
      SignIns signIns,
      Progress progress,
      People people,
      Factors factors,
      Enrolments enrolments,
      Scenes scenes,
      Destinations destinations,
      Challenges challenges,
      ProofLedger ledger,
      Spendables spendables,
      Guesses guesses,
      Audit audit,
      Notices notices,
      NewPlaces places) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
    this.destinations = destinations;
    this.challenges = challenges;
    this.ledger = ledger;
    this.spendables = spendables;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
    this.places = places;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Passed(Progress.Moved moved) implements Outcome {}

    /** Wrong, whatever way it was wrong; {@code left} answers are left before a rest. */
    record Wrong(int left) implements Outcome {}

    /** Too many wrong ones: not judged, or judged and of no account. Or closed for good, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    /** Nobody has answered yet: it is to be asked for again. */
    record NotYet(Duration askAgainIn) implements Outcome {}

    /** The question is over without an answer; nothing was counted. */
    record Over(Refusal why) implements Outcome {}

    /** This factor is not demanded (any more): show where the sign-in stands. */
    record NotDemanded() implements Outcome {}

    /** The sign-in cannot be gone on with. */
    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /**
   * An answer judged; what was accepted waits to be redeemed.
   *
   * @param held its doors, where it was judged in the transaction that settles it
   */
  private record Judged(
      Factor.Verdict verdict, Optional<Challenges.Waiting> waiting, Optional<Guesses.Held> held) {}

  /** Judges the answer to a sign-in that is held; nothing when its doors do not take answers. */
  @FunctionalInterface
  private interface Judging {
    Optional<Judged> judge(Tx tx, SignIn signIn);
  }

  /** What is seen before an answer is judged; nothing when there is nothing to judge. */
  private record Look(
      SignIn signIn, Scene scene, List<Enrolment> mine, Optional<Challenges.Waiting> waiting) {}

  /**
   * Judges an answer.
   */
  public Outcome answer(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factorId,
      Answer answer,
      Occasion occasion) {
    var found = factors.of(tenant).find(factorId);
    if (found.isEmpty()) {
      return new Outcome.NotDemanded();
    }
    var factor = found.get();
    var judging =
        factor.judgesAtOnce()
            ? judgingAtOnce(factor, answer, occasion)
            : judgedBefore(tenant, id, browser, factor, answer, occasion);
    return database.write(tx -> settle(tx, tenant, id, browser, factor, judging, occasion));
  }

  private Judging judgingAtOnce(Factor factor, Answer answer, Occasion occasion) {
    return (tx, signIn) -> {
      var held =
          guesses.hold(
              tx, signIn.tenant(), subject(signIn), Doors.of(factor.profile()), occasion.at());
      return held.admits()
          ? look(tx, signIn, factor, occasion)
              .map(it -> judged(factor, it, answer, Optional.of(held)))
          : Optional.empty();
    };
  }

  /** Judges now, while nothing is held. */
  private Judging judgedBefore(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Factor factor,
      Answer answer,
      Occasion occasion) {
    var before = database.read(tx -> look(tx, tenant, id, browser, factor, occasion));
    var judged = before.map(it -> judged(factor, it, answer, Optional.empty()));
    return (_, _) -> judged;
  }

  private Judged judged(Factor factor, Look look, Answer answer, Optional<Guesses.Held> held) {
    var memo = look.waiting().map(Challenges.Waiting::memo);
    return new Judged(
        factor.check(asked(factor, look), look.mine(), memo, answer), look.waiting(), held);
  }

  /** Names the application where the factor may show it: reading its name asks the database. */
  private Scene asked(Factor factor, Look look) {
    return factor.profile().asks()
        ? look.scene()
            .forApplication(
                destinations.place(look.signIn().tenant(), look.signIn().destination()).name())
        : look.scene();
  }

  private Optional<Look> look(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Factor factor,
      Occasion occasion) {
    return signIns.find(tx, tenant, id, browser, false, occasion.at())
                instanceof SignIns.Finding.Found(var signIn)
            && signIn.who().isPresent()
            && guesses.standing(
                    tx, tenant, subject(signIn), Doors.of(factor.profile()), occasion.at())
                instanceof Guesses.Standing.Open
        ? look(tx, signIn, factor, occasion)
        : Optional.empty();
  }

  private Optional<Look> look(Tx tx, SignIn signIn, Factor factor, Occasion occasion) {
    var tenant = signIn.tenant();
    var who = signIn.who().orElseThrow();
    var profile = factor.profile();
    return people
        .find(tx, tenant, who)
        .map(person ->
            new Look(
                signIn,
                scenes
                    .of(tx, tenant, person, profile.id(), occasion)
                    .approving(signIn.asked().transaction()),
                enrolments.active(tx, tenant, who, profile.id()),
                profile.asks()
                    ? challenges.waiting(
                        tx, tenant, PoseChallenge.whose(signIn, who, profile), occasion.at())
                    : Optional.empty()));
  }

  /** Whose wrong answers are counted. */
  private static String subject(SignIn signIn) {
    return signIn.who().orElseThrow().value();
  }

  private Outcome settle(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Factor factor,
      Judging judging,
      Occasion occasion) {
    var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Outcome.Lost(found);
    }
    if (!PoseChallenge.demands(signIn, factor.profile().id())) {
      return signIn.state() instanceof LoginSession.AwaitingMfa(var soFar, var _, var _)
          ? notAskedFor(tx, signIn, soFar.who(), factor, occasion)
          : new Outcome.NotDemanded();
    }
    var who = signIn.who().orElseThrow();
    var judged = judging.judge(tx, signIn);
    if (judged.isEmpty()) {
      return resting(tx, signIn, who, factor, occasion);
    }
    var waiting = judged.get().waiting();
    return switch (judged.get().verdict()) {
      case Factor.Verdict.NotYet(var askAgainIn) -> new Outcome.NotYet(askAgainIn);
      case Factor.Verdict.Refused(var why) -> {
        boolean guess = why.reason().isGuess();
        // Of a question for one answer nothing is left, whatever the answer was.
        if (factor.profile().memory() == FactorProfile.Memory.ONE_ANSWER || !guess) {
          waiting.ifPresent(it -> challenges.close(tx, tenant, it.id(), occasion.at()));
        }
        if (!guess) {
          unheard(tx, signIn, who, factor, why, occasion);
          yield new Outcome.Over(why);
        }
        yield wrong(tx, signIn, who, factor, why, occasion);
      }
      case Factor.Verdict.Accepted accepted -> {
        var doors = Doors.of(factor.profile());
        var held =
            judged
                .get()
                .held()
                .orElseGet(() -> guesses.hold(tx, tenant, who.value(), doors, occasion.at()));
        if (!held.admits()) {
          yield resting(tx, signIn, who, factor, occasion);
        }
        if (factor.profile().asks() && waiting.isEmpty()) {
          throw new IllegalStateException(
              factor.profile().id() + " accepted an answer to a question that does not stand");
        }
        if (accepted.claim() instanceof Claim.Spends
            && signIn.state() instanceof LoginSession.AwaitingMfa owed
            && !progress.stillOwes(tx, signIn, owed, occasion)) {
          // What it would buy has changed: the sign-in is thought about again, and the code is left
          // whole.
          yield new Outcome.NotDemanded();
        }
        var claim =
            waiting
                .<Claim>map(it -> new Claim.Both(new Claim.Answers(it.id()), accepted.claim()))
                .orElse(accepted.claim());
        yield switch (ledger.redeem(
            tx, tenant, claim, about(who, signIn, factor, accepted), occasion.at())) {
          case ProofLedger.Redemption.UsedBefore _ -> {
            notices.tell(tx, tenant, who, new Notice.CodeReplayed(factor.profile().id()), occasion);
            yield wrong(tx, signIn, who, factor, Refusal.of(Refusal.Reason.CODE_REUSED), occasion);
          }
          case ProofLedger.Redemption.Nothing _ ->
              wrong(tx, signIn, who, factor, Refusal.of(Refusal.Reason.CODE_INVALID), occasion);
          case ProofLedger.Redemption.Proven(var proof) -> {
            guesses.succeeded(tx, tenant, held, doors);
            accepted
                .document()
                .ifPresent(kept -> enrolments.keep(tx, tenant, accepted.enrolment().id(), kept));
            yield passed(tx, signIn, who, factor, accepted.enrolment(), proof, occasion);
          }
        };
      }
    };
  }

  /** Sent by hand, or from a page that is older than the policy: not judged, so it tells nothing and counts for nothing. */
  private Outcome notAskedFor(Tx tx, SignIn signIn, UserId who, Factor factor, Occasion occasion) {
    var event = AuditEvent.of(AuditType.MFA_FAILED, AuditEvent.Outcome.DENIED, occasion);
    audit.record(
        tx,
        signIn.tenant(),
        event(event, signIn, who, factor).with("reason", "factor_not_asked_for"));
    return new Outcome.NotDemanded();
  }

  private static ProofLedger.About about(
      UserId who, SignIn signIn, Factor factor, Factor.Verdict.Accepted accepted) {
    var purpose = PoseChallenge.purpose(signIn, factor.profile());
    return new ProofLedger.About(
        who,
        signIn.id(),
        factor.profile().id().value(),
        accepted.enrolment().id(),
        accepted.evidence(),
        purpose,
        purpose == Purpose.TRANSACTION ? signIn.asked().transaction() : null);
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
    if (!factor.profile().recovers()) {
      places.used(tx, signIn, enrolment, occasion);
    }
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

  /**
   * Records an answer that was not the person's to give, or that nobody could judge: nothing is counted, or strangers could
   * close the door.
   */
  void unheard(Tx tx, SignIn signIn, UserId who, Factor factor, Refusal why, Occasion occasion) {
    var event =
        event(
            AuditEvent.failure(AuditType.MFA_FAILED, occasion, why.reason().word()),
            signIn,
            who,
            factor);
    for (var hint : why.hints().entrySet()) {
      event = event.with(hint.getKey(), hint.getValue());
    }
    audit.record(tx, signIn.tenant(), event);
  }

  /** Counts a wrong answer and records it. */
  Outcome wrong(Tx tx, SignIn signIn, UserId who, Factor factor, Refusal why, Occasion occasion) {
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
