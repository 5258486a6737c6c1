package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.Doors;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Purpose;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets a factor up for a person whose right to do so has been seen to, and takes one off. Records and tells. Each step has
 * three parts: {@link #look} in a transaction that only reads; then what the factor computes or asks for, without one
 * ({@link #open}, {@link #judge}); then {@link #keep} or {@link #confirm} in the caller's transaction, which sees again
 * that all is as it was. What has to be sent is sent after that ({@link #carry}). Thread-safe.
 */
public final class SetUp {
  private final Database database;
  private final People people;
  private final Scenes scenes;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Challenges challenges;
  private final Guesses guesses;
  private final Courier courier;
  private final Audit audit;
  private final Notices notices;
  private final Habits habits;
  private final TrustedBrowsers trustedBrowsers;

  public SetUp(
      Database database,
      People people,
      Scenes scenes,
      Factors factors,
      Enrolments enrolments,
      Challenges challenges,
      Guesses guesses,
      Courier courier,
      Audit audit,
      Notices notices,
      Habits habits,
      TrustedBrowsers trustedBrowsers) {
    this.database = database;
    this.people = people;
    this.scenes = scenes;
    this.factors = factors;
    this.enrolments = enrolments;
    this.challenges = challenges;
    this.guesses = guesses;
    this.courier = courier;
    this.audit = audit;
    this.notices = notices;
    this.habits = habits;
    this.trustedBrowsers = trustedBrowsers;
  }

  /** Whose, and in which sign-in and for which application, for the record. */
  public record Whose(
      TenantId tenant, UserId user, @Nullable SignInId signIn, @Nullable ClientId application) {}

  /**
   * What is known before anything is begun or judged.
   *
   * @param pending the set-up under way, while it lives
   * @param waiting the question that stands for it
   * @param renewed whether an older one of the same page had run out, so that what was scanned from it is worthless
   * @param possible whether the person could have (one more of) it
   */
  public record Look(
      Whose whose,
      Factor factor,
      Scene scene,
      Optional<Enrolment> pending,
      Optional<Challenges.Waiting> waiting,
      boolean renewed,
      boolean possible) {}

  /**
   * A set-up under way.
   *
   * @param id empty while something has to be said first
   * @param prompt what the person is to do
   * @param expires until when it has to be confirmed
   * @param renewed whether an older one of the same page had run out
   */
  public record UnderWay(
      Optional<EnrolmentId> id,
      FactorId factor,
      Prompt prompt,
      Optional<Moment> expires,
      boolean renewed) {}

  /** What a factor made of a beginning. */
  public sealed interface Opened {
    /** It stands already. */
    record Standing(Prompt prompt) implements Opened {}

    record Fresh(Factor.Opening.Begun begun) implements Opened {}

    /** The same set-up, asked anew. */
    record Anew(Factor.Posed posed) implements Opened {}

    /** Something has to be said first. */
    record Asks(Prompt.Details details) implements Opened {}

    /** What was said will not do. */
    record Unfit(Prompt.Details details, String field, Refusal why) implements Opened {}

    record Impossible() implements Opened {}
  }

  /** What came of keeping a beginning. */
  public sealed interface Kept {
    /** Under way; if something is to be sent, {@link #carry} it after the commit. */
    record Going(
        UnderWay underWay, Optional<Courier.Errand> errand, Optional<ChallengeId> challenge)
        implements Kept {}

    /** What was said will not do. */
    record Unfit(UnderWay underWay, String field, Refusal why) implements Kept {}

    /** Nothing may be sent now. */
    record Blocked(String reason, Optional<Moment> until) implements Kept {}

    /** The person cannot have (more of) it. */
    record Impossible() implements Kept {}
  }

  /** What came of confirming. */
  public sealed interface Confirmation {
    /**
     * Active when the transaction commits, and to be redeemed in it.
     *
     * @param claim what confirming it uses up
     * @param evidence what the confirming answer is worth
     */
    record Confirmed(Enrolment enrolment, Claim claim, Evidence evidence) implements Confirmation {}

    record Refused(Refusal why) implements Confirmation {}

    /** Nobody has answered yet: it is to be asked for again. */
    record NotYet(Duration askAgainIn) implements Confirmation {}

    /** It took too long, or was confirmed elsewhere already. */
    record Gone() implements Confirmation {}
  }

  // Looking

  /** Looks, without changing anything. Nothing when there is no such person. */
  public Optional<Look> look(
      Tx tx, Whose whose, FactorId factorId, Optional<EnrolmentId> pending, Occasion occasion) {
    var factor = factors.of(whose.tenant()).get(factorId);
    return people
        .find(tx, whose.tenant(), whose.user())
        .map(person -> {
          var scene =
              scenes
                  .of(tx, whose.tenant(), person, factorId, occasion)
                  .having(enrolments.active(tx, whose.tenant(), whose.user(), factorId));
          var found = pending.flatMap(id -> pending(tx, whose, id, factor));
          var living = found.filter(it -> !isOver(it, factor, occasion.at()));
          return new Look(
              whose,
              factor,
              scene,
              living,
              living.flatMap(it -> waiting(tx, whose, it, factor, occasion.at())),
              pending.isPresent() && living.isEmpty(),
              !hasAll(tx, whose, factor) && factor.suits(scene.holder()));
        });
  }

  private Optional<Enrolment> pending(Tx tx, Whose whose, EnrolmentId id, Factor factor) {
    return enrolments
        .find(tx, whose.tenant(), whose.user(), id)
        .filter(it ->
            it.state() == Enrolment.State.PENDING && it.factor().equals(factor.profile().id()));
  }

  private Optional<Challenges.Waiting> waiting(
      Tx tx, Whose whose, Enrolment pending, Factor factor, Moment now) {
    return factor.profile().asks()
        ? challenges
            .waiting(tx, whose.tenant(), question(whose, pending.id(), factor), now)
            .filter(it -> pending.id().equals(it.whose().enrolment()))
        : Optional.empty();
  }

  private static Challenges.Whose question(Whose whose, EnrolmentId pending, Factor factor) {
    return new Challenges.Whose(
        whose.user(),
        Objects.requireNonNull(whose.signIn(), "a question is put within a sign-in"),
        factor.profile().id(),
        Purpose.ENROL,
        pending);
  }

  /** Whether this person could use it at all, whatever the policy. */
  boolean suits(Tx tx, Whose whose, Factor factor) {
    return people
        .find(tx, whose.tenant(), whose.user())
        .map(person -> scenes.holder(tx, whose.tenant(), person))
        .filter(factor::suits)
        .isPresent();
  }

  private boolean hasAll(Tx tx, Whose whose, Factor factor) {
    var profile = factor.profile();
    return enrolments.active(tx, whose.tenant(), whose.user(), profile.id()).size()
        >= profile.perPerson();
  }

  // Beginning

  /**
   * Lets the factor begin; to be called outside any transaction.
   *
   * @param given what the person says first, such as a phone number; a set-up that stands is left for it
   * @param again whether to ask anew although a question stands
   */
  public Opened open(Look look, Answer given, boolean again) {
    if (look.pending().isPresent() && given.isEmpty()) {
      return stand(look, look.pending().get(), again);
    }
    if (!look.possible()) {
      return new Opened.Impossible();
    }
    return switch (look.factor().beginEnrolment(look.scene(), given)) {
      case Factor.Opening.Begun begun -> new Opened.Fresh(begun);
      case Factor.Opening.Asks(var details) -> new Opened.Asks(details);
      case Factor.Opening.Unfit(var details, var field, var why) ->
          new Opened.Unfit(details, field, why);
    };
  }

  /** A question that has run out is shown as it was: what it asks for can be had again by asking anew. */
  private static Opened stand(Look look, Enrolment pending, boolean again) {
    var factor = look.factor();
    var profile = factor.profile();
    boolean spent = look.waiting().isEmpty() && profile.memory() == FactorProfile.Memory.ONE_ANSWER;
    if (profile.asks() && (again || spent)) {
      return new Opened.Anew(factor.poseEnrolment(look.scene(), pending));
    }
    var memo = look.waiting().map(Challenges.Waiting::memo).orElse(Secret.of(""));
    return new Opened.Standing(factor.enrolling(look.scene(), pending, memo));
  }

  /** Keeps what was opened. */
  public Kept keep(Tx tx, Look look, Opened opened, Occasion occasion) {
    var whose = look.whose();
    people.hold(tx, whose.tenant(), whose.user());
    return switch (opened) {
      case Opened.Impossible _ -> new Kept.Impossible();
      case Opened.Asks(var details) ->
          new Kept.Going(first(look, details), Optional.empty(), Optional.empty());
      case Opened.Unfit(var details, var field, var why) ->
          new Kept.Unfit(first(look, details), field, why);
      case Opened.Standing(var prompt) ->
          new Kept.Going(
              underWay(look, look.pending().orElseThrow(), prompt),
              Optional.empty(),
              Optional.empty());
      case Opened.Anew(var posed) ->
          pending(tx, whose, look.pending().orElseThrow().id(), look.factor())
              .map(it ->
                  posed(tx, look, it.id(), posed, underWay(look, it, posed.prompt()), occasion))
              .orElseGet(Kept.Impossible::new);
      case Opened.Fresh(var begun) -> fresh(tx, look, begun, occasion);
    };
  }

  private static UnderWay first(Look look, Prompt.Details details) {
    return new UnderWay(
        Optional.empty(), look.factor().profile().id(), details, Optional.empty(), look.renewed());
  }

  private static UnderWay underWay(Look look, Enrolment pending, Prompt prompt) {
    return new UnderWay(
        Optional.of(pending.id()),
        pending.factor(),
        prompt,
        Optional.of(pending.createdAt().plus(look.factor().profile().pendingFor())),
        false);
  }

  private Kept fresh(Tx tx, Look look, Factor.Opening.Begun begun, Occasion occasion) {
    var whose = look.whose();
    var profile = look.factor().profile();
    var now = occasion.at();
    if (hasAll(tx, whose, look.factor())) {
      return new Kept.Impossible();
    }
    look.pending().ifPresent(it -> enrolments.drop(tx, whose.tenant(), it.id()));
    enrolments.dropPending(
        tx, whose.tenant(), whose.user(), profile.id(), now.minus(profile.pendingFor()));
    var id =
        enrolments.begin(tx, whose.tenant(), whose.user(), profile.id(), "", begun.document(), now);
    var kept =
        posed(
            tx,
            look,
            id,
            begun.posed(),
            new UnderWay(
                Optional.of(id),
                profile.id(),
                begun.posed().prompt(),
                Optional.of(now.plus(profile.pendingFor())),
                look.renewed()),
            occasion);
    if (kept instanceof Kept.Blocked) {
      enrolments.drop(tx, whose.tenant(), id);
    } else {
      audit.record(
          tx,
          whose.tenant(),
          event(
              AuditEvent.success(AuditType.FACTOR_ENROLMENT_BEGUN, occasion),
              whose,
              profile.id(),
              id));
    }
    return kept;
  }

  private Kept posed(
      Tx tx, Look look, EnrolmentId id, Factor.Posed posed, UnderWay underWay, Occasion occasion) {
    var whose = look.whose();
    if (!look.factor().profile().asks()) {
      return new Kept.Going(underWay, Optional.empty(), Optional.empty());
    }
    var errand =
        posed
            .dispatch()
            .map(dispatch ->
                new Courier.Errand(
                    whose.tenant(),
                    whose.user(),
                    look.factor().profile().id().value(),
                    whose.signIn(),
                    true,
                    look.scene().asking().application(),
                    null,
                    dispatch));
    if (errand.isPresent()
        && courier.admit(tx, errand.get(), occasion)
            instanceof Courier.Admission.Refused(var reason, var until)) {
      return new Kept.Blocked(reason, until);
    }
    var waiting =
        challenges.pose(
            tx,
            whose.tenant(),
            question(whose, id, look.factor()),
            posed.memo(),
            occasion.at(),
            occasion.at().plus(posed.lasts()));
    return new Kept.Going(underWay, errand, Optional.of(waiting.id()));
  }

  /** Sends what has to be sent, after the commit and without holding the database; what nobody took is worthless. */
  public Courier.Outcome carry(Kept.Going going, Occasion occasion) {
    if (going.errand().isEmpty()) {
      return new Courier.Outcome.Handed("");
    }
    var errand = going.errand().get();
    var outcome = courier.send(errand, occasion);
    database.run(tx -> {
      var type = AuditType.MFA_CHALLENGE_SENT;
      var event =
          switch (outcome) {
            case Courier.Outcome.Handed(var by) ->
                AuditEvent.success(type, occasion).with("by", by);
            case Courier.Outcome.Failed(var reason) -> {
              going
                  .challenge()
                  .ifPresent(id -> challenges.close(tx, errand.tenant(), id, occasion.at()));
              yield AuditEvent.failure(type, occasion, reason);
            }
          };
      audit.record(
          tx,
          errand.tenant(),
          event
              .by(errand.user())
              .in(errand.signIn(), null)
              .with("factor", errand.factor())
              .with("purpose", "enrolment"));
    });
    return outcome;
  }

  /**
   * What a factor that is being taken off tells where it reached its person, if it may be sent; {@link #tell} it after the
   * commit. What is held back is recorded, and the mail about it goes anyway.
   */
  Optional<Courier.Errand> farewell(Tx tx, Whose whose, Enrolment leaving, Occasion occasion) {
    return factors
        .of(whose.tenant())
        .get(leaving.factor())
        .farewell(leaving)
        .map(dispatch ->
            new Courier.Errand(
                whose.tenant(),
                whose.user(),
                leaving.factor().value(),
                whose.signIn(),
                false,
                "",
                null,
                dispatch))
        .filter(
            errand -> courier.admit(tx, errand, occasion) instanceof Courier.Admission.Admitted);
  }

  /** Sends a farewell, without holding the database. */
  void tell(Courier.Errand farewell, Occasion occasion) {
    var type = AuditType.FAREWELL_SENT;
    var event =
        switch (courier.send(farewell, occasion)) {
          case Courier.Outcome.Handed(var by) -> AuditEvent.success(type, occasion).with("by", by);
          case Courier.Outcome.Failed(var reason) -> AuditEvent.failure(type, occasion, reason);
        };
    database.run(tx ->
        audit.record(
            tx, farewell.tenant(), event.by(farewell.user()).with("factor", farewell.factor())));
  }

  // Confirming

  /** Lets the factor judge the confirming answer, outside any transaction; nothing when there is nothing to confirm. */
  public Optional<Factor.Finish> judge(Look look, Answer answer) {
    return look.pending()
        .map(pending ->
            look.factor()
                .finishEnrolment(
                    look.scene(), pending, look.waiting().map(Challenges.Waiting::memo), answer));
  }

  /** Settles what was judged; a confirmed factor is active when the transaction commits. */
  public Confirmation confirm(
      Tx tx, Look look, Optional<Factor.Finish> judged, String name, Occasion occasion) {
    var whose = look.whose();
    var now = occasion.at();
    people.hold(tx, whose.tenant(), whose.user());
    var found = look.pending().flatMap(it -> pending(tx, whose, it.id(), look.factor()));
    if (found.isEmpty()
        || judged.isEmpty()
        || isOver(found.get(), look.factor(), now)
        || hasAll(tx, whose, look.factor())) {
      return new Confirmation.Gone();
    }
    var pending = found.get();
    return switch (judged.get()) {
      case Factor.Finish.NotYet(var askAgainIn) -> new Confirmation.NotYet(askAgainIn);
      case Factor.Finish.Refused(var why) -> refused(tx, look, pending, why, occasion);
      case Factor.Finish.Confirmed confirmed ->
          confirmed(tx, look, pending, confirmed, named(name), occasion);
    };
  }

  private Confirmation refused(
      Tx tx, Look look, Enrolment pending, Refusal why, Occasion occasion) {
    var whose = look.whose();
    if (look.factor().profile().memory() == FactorProfile.Memory.ONE_ANSWER
        || !why.reason().isGuess()) {
      look.waiting().ifPresent(it -> challenges.close(tx, whose.tenant(), it.id(), occasion.at()));
    }
    audit.record(
        tx,
        whose.tenant(),
        hinted(
            event(
                AuditEvent.failure(
                    AuditType.FACTOR_ENROLMENT_FAILED, occasion, why.reason().word()),
                whose,
                pending.factor(),
                pending.id()),
            why));
    return new Confirmation.Refused(why);
  }

  private static AuditEvent hinted(AuditEvent event, Refusal why) {
    var hinted = event;
    for (var hint : why.hints().entrySet()) {
      hinted = hinted.with(hint.getKey(), hint.getValue());
    }
    return hinted;
  }

  private Confirmation confirmed(
      Tx tx,
      Look look,
      Enrolment pending,
      Factor.Finish.Confirmed confirmed,
      String typed,
      Occasion occasion) {
    var whose = look.whose();
    var profile = look.factor().profile();
    if (profile.asks() && look.waiting().isEmpty()) {
      throw new IllegalStateException(
          profile.id() + " accepted an answer to a question that does not stand");
    }
    if (enrolments.isTaken(tx, confirmed.handles())) {
      return refused(
          tx, look, pending, Refusal.of(Refusal.Reason.CREDENTIAL_ALREADY_REGISTERED), occasion);
    }
    var name = typed.isEmpty() ? named(confirmed.name()) : typed;
    if (!enrolments.confirm(
        tx, whose.tenant(), pending.id(), confirmed.document(), name, occasion.at())) {
      return new Confirmation.Gone();
    }
    enrolments.take(tx, whose.tenant(), pending.id(), confirmed.handles());
    Doors.of(profile)
        .forEach(door -> guesses.reset(tx, whose.tenant(), whose.user().value(), door.name()));
    audit.record(
        tx,
        whose.tenant(),
        event(
            AuditEvent.success(AuditType.FACTOR_ENROLLED, occasion),
            whose,
            pending.factor(),
            pending.id()));
    notices.tell(
        tx,
        whose.tenant(),
        whose.user(),
        new Notice.FactorEnrolled(pending.factor(), name, pending.id()),
        occasion);
    habits.used(tx, whose.tenant(), pending, occasion);
    forgetBrowsers(tx, whose, occasion);
    dropDisabled(tx, whose, pending.factor(), occasion);
    var claim =
        look.waiting()
            .<Claim>map(it -> new Claim.Both(new Claim.Answers(it.id()), confirmed.claim()))
            .orElse(confirmed.claim());
    return new Confirmation.Confirmed(pending, claim, confirmed.evidence());
  }

  /** What was promised to a browser was promised with the factors that stood then. */
  private void forgetBrowsers(Tx tx, Whose whose, Occasion occasion) {
    trustedBrowsers.forgetAll(
        tx,
        whose.tenant(),
        whose.user(),
        TrustedBrowsers.Why.FACTOR_CHANGED,
        whose.user().value(),
        occasion);
  }

  /** Binding anew is what ends the disabled state; the disabled one itself goes. */
  private void dropDisabled(Tx tx, Whose whose, FactorId factor, Occasion occasion) {
    for (var old : enrolments.of(tx, whose.tenant(), whose.user())) {
      if (old.state() == Enrolment.State.DISABLED && old.factor().equals(factor)) {
        remove(tx, whose, old, occasion);
      }
    }
  }

  /** Takes a factor off; with the last one that people set up, their backup codes go too. False when another was quicker. */
  public boolean remove(Tx tx, Whose whose, Enrolment enrolment, Occasion occasion) {
    if (!enrolments.remove(tx, whose.tenant(), enrolment.id(), occasion.at())) {
      return false;
    }
    audit.record(
        tx,
        whose.tenant(),
        event(
            AuditEvent.success(AuditType.FACTOR_REMOVED, occasion),
            whose,
            enrolment.factor(),
            enrolment.id()));
    notices.tell(
        tx,
        whose.tenant(),
        whose.user(),
        new Notice.FactorRemoved(enrolment.factor(), enrolment.name()),
        occasion);
    forgetBrowsers(tx, whose, occasion);
    return true;
  }

  /** All living enrolments of a person that stand for something: not those only begun. */
  public List<Enrolment> standing(Tx tx, TenantId tenant, UserId user) {
    return enrolments.of(tx, tenant, user).stream()
        .filter(it -> it.state() != Enrolment.State.PENDING)
        .toList();
  }

  private static boolean isOver(Enrolment pending, Factor factor, Moment now) {
    return now.reached(pending.createdAt().plus(factor.profile().pendingFor()));
  }

  /** A name as it is kept: without blanks around it, at most 40 characters. */
  static String named(String name) {
    var plain = name.strip();
    return plain.length() > 40 ? plain.substring(0, 40) : plain;
  }

  private static AuditEvent event(AuditEvent event, Whose whose, FactorId factor, EnrolmentId id) {
    return event
        .by(whose.user())
        .in(whose.signIn(), whose.application())
        .with("factor", factor.value())
        .with("enrolment", id.value());
  }
}
