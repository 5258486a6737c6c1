package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Because;
import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Purpose;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Hears what a person's other devices say: to questions that stand, and of themselves. Like {@link AnswerChallenge}: read
 * first, let the factor judge without holding the database, then in one transaction lock the sign-in, see that the
 * question is still as it was judged, and note, count or end. Thread-safe.
 */
public final class HearDevice {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final Challenges challenges;
  private final Guesses guesses;
  private final AnswerChallenge answerChallenge;
  private final Audit audit;
  private final Notices notices;

  public HearDevice(
      Database database,
      SignIns signIns,
      Progress progress,
      People people,
      Factors factors,
      Enrolments enrolments,
      Scenes scenes,
      Challenges challenges,
      Guesses guesses,
      AnswerChallenge answerChallenge,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
    this.challenges = challenges;
    this.guesses = guesses;
    this.answerChallenge = answerChallenge;
    this.audit = audit;
    this.notices = notices;
  }

  /** What came of an answer. */
  public sealed interface Outcome {
    /**
     * It stands where the page will find it.
     *
     * @param account whose it is, as they know themselves
     */
    record Noted(String account) implements Outcome {}

    /** Wrong; that question is over. */
    record Wrong() implements Outcome {}

    /** The sign-in was ended, and the device takes no questions until it says so. */
    record Disowned() implements Outcome {}

    /** There is nothing to answer: over, never asked, or not to be answered by this. */
    record Nothing() implements Outcome {}
  }

  /** What waits for a device. */
  public sealed interface Listing {
    /**
     * All that it can answer.
     *
     * @param paused whether it takes no questions until it says so
     */
    record Listed(List<Question> questions, String account, boolean paused) implements Listing {}

    /** There is no such device, or it is not the one that asks. */
    record Unknown() implements Listing {}
  }

  /**
   * A question as a device may show it.
   *
   * @param transaction what is to be approved; empty where somebody signs in
   */
  public record Question(
      ChallengeId id,
      AnsweredElsewhere.Shown shown,
      Optional<Because> because,
      Optional<Transaction> transaction) {}

  /** A device that is known, and what its factor sees. */
  private record Known(AnsweredElsewhere factor, Enrolment device, Scene scene, String account) {}

  /** What is seen before a message is judged. */
  private record Look(Known known, Challenges.Waiting waiting) {}

  private Optional<Known> known(Tx tx, TenantId tenant, EnrolmentId id, Occasion occasion) {
    return enrolments
        .find(tx, tenant, id)
        .filter(it -> it.state() == Enrolment.State.ACTIVE || it.state() == Enrolment.State.PENDING)
        .flatMap(device ->
            factors.of(tenant).get(device.factor()) instanceof AnsweredElsewhere factor
                ? people
                    .find(tx, tenant, device.user())
                    .map(person ->
                        new Known(
                            factor,
                            device,
                            scenes.of(tx, tenant, person, device.factor(), occasion),
                            person.label()))
                : Optional.empty());
  }

  // Answers

  /** Hears an answer to a question; of a device that is just being set up, to the question that its set-up waits for. */
  public Outcome answer(
      TenantId tenant,
      EnrolmentId device,
      Optional<ChallengeId> question,
      Answer said,
      Occasion occasion) {
    var seen = database.read(tx -> look(tx, tenant, device, question, occasion));
    if (seen.isEmpty()) {
      return new Outcome.Nothing();
    }
    var look = seen.get();
    var known = look.known();
    var heard =
        known
            .factor()
            .hear(known.scene(), known.device(), look.waiting().id(), look.waiting().memo(), said);
    return database.write(tx -> settle(tx, tenant, look, heard, occasion));
  }

  private Optional<Look> look(
      Tx tx,
      TenantId tenant,
      EnrolmentId device,
      Optional<ChallengeId> question,
      Occasion occasion) {
    return known(tx, tenant, device, occasion)
        .filter(it -> it.device().isActive() == question.isPresent())
        .flatMap(known ->
            asked(tx, tenant, known.device(), question, occasion)
                .map(waiting -> new Look(known, waiting)));
  }

  private Optional<Challenges.Waiting> asked(
      Tx tx, TenantId tenant, Enrolment device, Optional<ChallengeId> question, Occasion occasion) {
    return waiting(tx, tenant, device, occasion)
        .filter(it ->
            device.isActive()
                ? question.filter(it.id()::equals).isPresent()
                : device.id().equals(it.whose().enrolment()))
        .findFirst();
  }

  /** All that a device may be asked: when somebody signs in or approves something, or when it is being set up. */
  private Stream<Challenges.Waiting> waiting(
      Tx tx, TenantId tenant, Enrolment device, Occasion occasion) {
    var purposes =
        device.isActive() ? List.of(Purpose.SECOND, Purpose.TRANSACTION) : List.of(Purpose.ENROL);
    return purposes.stream()
        .flatMap(purpose ->
            challenges
                .waiting(tx, tenant, device.user(), device.factor(), purpose, occasion.at())
                .stream());
  }

  private Outcome settle(
      Tx tx, TenantId tenant, Look look, AnsweredElsewhere.Heard heard, Occasion occasion) {
    var known = look.known();
    var waiting = look.waiting();
    var user = known.device().user();
    var signIn = signIns.hold(tx, tenant, waiting.whose().signIn(), occasion.at());
    people.hold(tx, tenant, user);
    boolean asJudged =
        challenges
            .find(tx, tenant, waiting.id(), occasion.at())
            .filter(it -> it.memo().equals(waiting.memo()))
            .isPresent();
    var judged =
        asJudged
            ? heard
            : new AnsweredElsewhere.Heard.Unheard(Refusal.of(Refusal.Reason.CODE_REUSED));
    if (!known.device().isActive()) {
      return judged instanceof AnsweredElsewhere.Heard.Noted(var memo)
              && challenges.note(tx, tenant, waiting, memo, occasion.at())
          ? new Outcome.Noted(known.account())
          : new Outcome.Nothing();
    }
    if (signIn.isEmpty()
        || !PoseChallenge.demands(signIn.get(), known.device().factor())
        || !signIn.get().who().filter(user::equals).isPresent()) {
      return new Outcome.Nothing();
    }
    return switch (judged) {
      case AnsweredElsewhere.Heard.Noted(var memo) -> {
        boolean open =
            guesses.standing(
                    tx, tenant, user.value(), Doors.of(known.factor().profile()), occasion.at())
                instanceof Guesses.Standing.Open;
        yield open && challenges.note(tx, tenant, waiting, memo, occasion.at())
            ? new Outcome.Noted(known.account())
            : new Outcome.Nothing();
      }
      case AnsweredElsewhere.Heard.Wrong(var why, var memo) -> {
        challenges.note(tx, tenant, waiting, memo, occasion.at());
        answerChallenge.wrong(tx, signIn.get(), user, known.factor(), why, occasion);
        yield new Outcome.Wrong();
      }
      case AnsweredElsewhere.Heard.Disowned(var document) -> {
        enrolments.keep(tx, tenant, known.device().id(), document);
        disowned(tx, signIn.get(), look, occasion);
        yield new Outcome.Disowned();
      }
      case AnsweredElsewhere.Heard.Unheard(var why) -> {
        answerChallenge.unheard(tx, signIn.get(), user, known.factor(), why, occasion);
        yield new Outcome.Nothing();
      }
    };
  }

  /** Whoever signs in there knows the password: the sign-in ends, whatever else waits is void, and the owner is told. */
  private void disowned(Tx tx, SignIn signIn, Look look, Occasion occasion) {
    var known = look.known();
    var tenant = signIn.tenant();
    var user = known.device().user();
    var factor = known.device().factor();
    challenges.closeAll(tx, tenant, user, factor, occasion.at());
    audit.record(
        tx,
        tenant,
        AuditEvent.of(AuditType.CHALLENGE_DISOWNED, AuditEvent.Outcome.DENIED, occasion)
            .by(user)
            .in(signIn.id(), signIn.destination().application())
            .with("factor", factor.value())
            .with("enrolment", known.device().id().value()));
    audit.record(
        tx,
        tenant,
        Progress.about(
                AuditEvent.of(Progress.failure(signIn), AuditEvent.Outcome.DENIED, occasion)
                    .by(user),
                signIn)
            .with("reason", "disowned"));
    // What the mail tells of is the browser that asked, not the phone that refused.
    var asking = known.factor().shown(look.waiting().memo()).asking();
    notices.tell(
        tx,
        tenant,
        user,
        new Notice.SignInDisowned(),
        new Occasion(occasion.at(), asking.address(), asking.userAgent(), occasion.requestId()));
    progress.advance(
        tx, signIn, new LoginSession.Event.Abandoned(LoginSession.Why.DISOWNED), occasion);
  }

  // Questions

  /** What waits for this device. */
  public Listing questions(TenantId tenant, EnrolmentId id, Answer said, Occasion occasion) {
    var known =
        database
            .read(tx -> known(tx, tenant, id, occasion))
            .filter(it -> it.device().isActive())
            .filter(it -> it.factor().isFrom(it.scene(), it.device(), said));
    return known.<Listing>map(it -> listed(tenant, it, occasion)).orElseGet(Listing.Unknown::new);
  }

  private Listing listed(TenantId tenant, Known known, Occasion occasion) {
    var device = known.device();
    boolean paused = known.factor().isPaused(device);
    List<Question> questions =
        paused
            ? List.of()
            : database
                .read(tx ->
                    waiting(tx, tenant, device, occasion)
                        .map(it -> question(tx, tenant, known, it, occasion))
                        .toList())
                .stream()
                .filter(it -> it.shown().open() && occasion.at().isBefore(it.shown().until()))
                .toList();
    return new Listing.Listed(questions, known.account(), paused);
  }

  private Question question(
      Tx tx, TenantId tenant, Known known, Challenges.Waiting waiting, Occasion occasion) {
    var signIn = signIns.look(tx, tenant, waiting.whose().signIn(), occasion.at());
    return new Question(
        waiting.id(),
        known.factor().shown(waiting.memo()),
        signIn.flatMap(HearDevice::because),
        signIn.flatMap(it -> Optional.ofNullable(it.asked().transaction())));
  }

  private static Optional<Because> because(SignIn signIn) {
    return signIn.state() instanceof LoginSession.AwaitingMfa(var _, var _, var because)
        ? Optional.of(because)
        : Optional.empty();
  }

  // Of itself

  /** Drops where a device could be woken, once that address reaches nobody. */
  public void unreachable(Tx tx, TenantId tenant, EnrolmentId id, String address) {
    enrolments
        .find(tx, tenant, id)
        .ifPresent(device -> {
          people.hold(tx, tenant, device.user());
          enrolments
              .find(tx, tenant, id)
              .filter(Enrolment::isActive)
              .flatMap(it ->
                  factors.of(tenant).find(it.factor()).orElse(null)
                          instanceof AnsweredElsewhere factor
                      ? factor.unreachable(it, address)
                      : Optional.empty())
              .ifPresent(document -> enrolments.keep(tx, tenant, id, document));
        });
  }

  /** Takes in what a device says of itself; false when it is not from that device. */
  public boolean renew(TenantId tenant, EnrolmentId id, Answer said, Occasion occasion) {
    return database.write(tx -> {
      var device = enrolments.find(tx, tenant, id);
      device.ifPresent(it -> people.hold(tx, tenant, it.user()));
      var known = known(tx, tenant, id, occasion).filter(it -> it.device().isActive());
      var renewed = known.flatMap(it -> it.factor().renew(it.scene(), it.device(), said));
      renewed.ifPresent(it -> {
        enrolments.keep(tx, tenant, id, it.document());
        if (it.resumed()) {
          audit.record(
              tx,
              tenant,
              AuditEvent.success(AuditType.CHALLENGES_RESUMED, occasion)
                  .by(known.orElseThrow().device().user())
                  .with("enrolment", id.value()));
        }
      });
      return renewed.isPresent();
    });
  }
}
