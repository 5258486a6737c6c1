package dev.countersign.recovery;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.Doors;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.CodeTerms;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
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
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Purpose;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way back by waiting, in a sign-in that asks for a second proof: a code to the person's confirmed address, beside the
 * password (SP 800-63B-4 section 4.2.2.2), begins the waiting, and after it opens the setting up of a new factor. Thread-safe.
 */
public final class RecoverByWaiting {
  static final Door DOOR =
      new Door(
          "recovery-mail", new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100));

  /** Names the question that is mailed; no factor. */
  private static final FactorId MAIL = new FactorId(DOOR.name());

  private static final List<Door> DOORS = List.of(DOOR, Doors.ANY_FACTOR);
  private static final CodeTerms TERMS = CodeTerms.read("{}");

  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final People people;
  private final Destinations destinations;
  private final Challenges challenges;
  private final Guesses guesses;
  private final Recoveries recoveries;
  private final Courier courier;
  private final Entropy entropy;
  private final Audit audit;

  public RecoverByWaiting(
      Database database,
      SignIns signIns,
      Progress progress,
      People people,
      Destinations destinations,
      Challenges challenges,
      Guesses guesses,
      Recoveries recoveries,
      Courier courier,
      Entropy entropy,
      Audit audit) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.people = people;
    this.destinations = destinations;
    this.challenges = challenges;
    this.guesses = guesses;
    this.recoveries = recoveries;
    this.courier = courier;
    this.entropy = entropy;
    this.audit = audit;
  }

  /** What is to be said to somebody who looks at this way. */
  public sealed interface Standing {
    /** The tenant has not switched it on. */
    record Off() implements Standing {}

    /** There is no confirmed address to mail a code to. */
    record NoMail() implements Standing {}

    /** It can be begun, or gone on with: a code was mailed to {@code sentTo}, or is still to be. */
    record Open(Duration lasts, Optional<Moment> due, Optional<String> sentTo)
        implements Standing {}

    record Waiting(Moment due) implements Standing {}
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** Look again: a code was sent, or the waiting has begun. */
    record Noted() implements Outcome {}

    record Moved(Progress.Moved moved) implements Outcome {}

    record Unsent(String reason, Optional<Moment> until) implements Outcome {}

    record Wrong() implements Outcome {}

    /** Too many wrong ones; for good, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    record NotDemanded() implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** What is kept of a question: the code, and where it went. */
  private record Memo(String answer, String to) {
    static Memo read(Secret memo) {
      return Json.read(memo.reveal(), Memo.class);
    }
  }

  /** How it stands with somebody in a sign-in of theirs. */
  public Standing standing(Tx tx, SignIn signIn, Person person, Moment now) {
    var tenant = signIn.tenant();
    var lasts = recoveries.time(tenant);
    if (lasts.isEmpty()) {
      return new Standing.Off();
    }
    var going = recoveries.standing(tx, tenant, person.id(), now);
    if (going.isPresent() && !going.get().isDue(now)) {
      return new Standing.Waiting(going.get().dueAt());
    }
    if (address(person).isEmpty()) {
      return new Standing.NoMail();
    }
    return new Standing.Open(
        lasts.get(),
        going.map(Recovery::endsAt),
        challenges
            .waiting(tx, tenant, whose(signIn, person.id()), now)
            .map(it -> masked(Memo.read(it.memo()).to())));
  }

  private static Optional<String> address(Person person) {
    return person.confirmedEmail();
  }

  private static Challenges.Whose whose(SignIn signIn, UserId who) {
    return new Challenges.Whose(who, signIn.id(), MAIL, Purpose.SECOND, null);
  }

  /** What is needed to recognise an address of one's own. */
  private static String masked(String address) {
    return address.substring(0, Math.min(1, address.indexOf('@')))
        + "•••"
        + address.substring(address.indexOf('@'));
  }

  /** A step in a sign-in that is challenged. */
  @FunctionalInterface
  private interface Step<T> {
    T take(SignIn signIn, Person person);
  }

  /** Finds and holds the sign-in; says otherwise why there is nothing to do in it. */
  private <T> T inSignIn(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Occasion occasion,
      Function<Outcome, T> otherwise,
      Step<T> step) {
    var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return otherwise.apply(new Outcome.Lost(found));
    }
    if (!(signIn.state() instanceof LoginSession.AwaitingMfa waiting)
        || !(waiting.demand() instanceof Demand.Challenge)) {
      return otherwise.apply(new Outcome.NotDemanded());
    }
    if (!progress.stillOwes(tx, signIn, waiting, occasion)) {
      return otherwise.apply(
          new Outcome.Moved(
              progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion)));
    }
    if (!progress.leadsBack(tx, signIn, waiting, occasion)) {
      return otherwise.apply(new Outcome.NotDemanded());
    }
    return people
        .find(tx, tenant, waiting.soFar().who())
        .map(person -> step.take(signIn, person))
        .orElseGet(() -> otherwise.apply(new Outcome.NotDemanded()));
  }

  // The code

  /** A question that was put and is still to be carried, or why there is none. */
  private record Put(
      Optional<Outcome> instead, Optional<Courier.Errand> errand, Optional<ChallengeId> question) {
    static Put none(Outcome instead) {
      return new Put(Optional.of(instead), Optional.empty(), Optional.empty());
    }
  }

  /** Mails a code; one that was mailed before is worthless. */
  public Outcome send(TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    var put =
        database.write(tx ->
            inSignIn(
                tx,
                tenant,
                id,
                browser,
                occasion,
                Put::none,
                (signIn, person) -> put(tx, signIn, person, occasion)));
    if (put.instead().isPresent()) {
      return put.instead().get();
    }
    var errand = put.errand().orElseThrow();
    var outcome = courier.send(errand, occasion);
    database.run(tx -> {
      var event =
          switch (outcome) {
            case Courier.Outcome.Handed(var by) ->
                AuditEvent.success(AuditType.MFA_CHALLENGE_SENT, occasion).with("by", by);
            case Courier.Outcome.Failed(var reason) -> {
              challenges.close(tx, tenant, put.question().orElseThrow(), occasion.at());
              yield AuditEvent.failure(AuditType.MFA_CHALLENGE_SENT, occasion, reason);
            }
          };
      audit.record(
          tx,
          tenant,
          event.by(errand.user()).in(errand.signIn(), null).with("factor", errand.factor()));
    });
    return outcome instanceof Courier.Outcome.Failed(var reason)
        ? new Outcome.Unsent(reason, Optional.empty())
        : new Outcome.Noted();
  }

  private Put put(Tx tx, SignIn signIn, Person person, Occasion occasion) {
    if (!(standing(tx, signIn, person, occasion.at()) instanceof Standing.Open)) {
      return Put.none(new Outcome.NotDemanded());
    }
    var to = address(person).orElseThrow();
    var code = TERMS.draw(entropy);
    var errand =
        new Courier.Errand(
            signIn.tenant(),
            person.id(),
            MAIL.value(),
            signIn.id(),
            false,
            destinations.place(signIn.tenant(), signIn.destination()).name(),
            signIn.asked().locales(),
            new Dispatch.Mail(to, code, TERMS.lasts()));
    if (courier.admit(tx, errand, occasion)
        instanceof Courier.Admission.Refused(var reason, var until)) {
      return Put.none(new Outcome.Unsent(reason, until));
    }
    var question =
        challenges.pose(
            tx,
            signIn.tenant(),
            whose(signIn, person.id()),
            Secret.of(Json.write(new Memo(code.reveal(), to))),
            occasion.at(),
            occasion.at().plus(TERMS.lasts()));
    return new Put(Optional.empty(), Optional.of(errand), Optional.of(question.id()));
  }

  /** What an answer did, and the texts that are to go for it. */
  private record Done(Outcome outcome, List<Courier.Errand> errands) {
    Done(Outcome outcome) {
      this(outcome, List.of());
    }
  }

  /** Judges the code: a right one begins the waiting, or, when that is over, opens the setting up. */
  public Outcome answer(
      TenantId tenant, SignInId id, Optional<Secret> browser, Secret typed, Occasion occasion) {
    var done =
        database.write(tx ->
            inSignIn(
                tx,
                tenant,
                id,
                browser,
                occasion,
                Done::new,
                (signIn, person) -> judged(tx, signIn, person, typed, occasion)));
    recoveries.carry(done.errands(), occasion);
    return done.outcome();
  }

  private Done judged(Tx tx, SignIn signIn, Person person, Secret typed, Occasion occasion) {
    var tenant = signIn.tenant();
    var who = person.id();
    var now = occasion.at();
    if (!(standing(tx, signIn, person, now) instanceof Standing.Open(var _, var due, var _))) {
      return new Done(new Outcome.NotDemanded());
    }
    var held = guesses.hold(tx, tenant, who.value(), DOORS, now);
    if (!held.admits()) {
      refused(tx, signIn, who, "throttled", occasion);
      return new Done(resting(tx, tenant, who, now));
    }
    var question = challenges.waiting(tx, tenant, whose(signIn, who), now);
    boolean right =
        question
                .filter(it ->
                    Secret.of(Memo.read(it.memo()).answer())
                        .equals(Secret.of(typed.reveal().replaceAll("\\D", ""))))
                .isPresent()
            && challenges.close(tx, tenant, question.get().id(), now);
    if (!right) {
      var failure = guesses.failed(tx, tenant, who.value(), DOORS, now);
      refused(tx, signIn, who, question.isPresent() ? "code_invalid" : "code_expired", occasion);
      return new Done(
          switch (failure) {
            case Guesses.Failure.Counted _ -> new Outcome.Wrong();
            case Guesses.Failure.NowResting(var until) -> new Outcome.Resting(Optional.of(until));
            case Guesses.Failure.NowClosed _ -> new Outcome.Resting(Optional.empty());
            case Guesses.Failure.NoRoom _ -> resting(tx, tenant, who, now);
          });
    }
    guesses.succeeded(tx, tenant, held, List.of(DOOR));
    if (due.isEmpty()) {
      return recoveries
          .start(
              tx,
              tenant,
              who,
              event(AuditEvent.success(AuditType.RECOVERY_STARTED, occasion), signIn, who),
              occasion)
          .map(errands -> new Done(new Outcome.Noted(), errands))
          .orElseGet(() -> new Done(new Outcome.NotDemanded()));
    }
    audit.record(
        tx, tenant, event(AuditEvent.success(AuditType.RECOVERY_OPENED, occasion), signIn, who));
    return new Done(
        new Outcome.Moved(
            progress.advance(
                tx,
                signIn.withNotes(signIn.notes().recovering(SignIn.Recovering.BY_WAITING)),
                new LoginSession.Event.LookAgain(),
                occasion)));
  }

  private Outcome resting(Tx tx, TenantId tenant, UserId who, Moment now) {
    return switch (guesses.standing(tx, tenant, who.value(), DOORS, now)) {
      case Guesses.Standing.Resting(var until) -> new Outcome.Resting(Optional.of(until));
      case Guesses.Standing.Closed _ -> new Outcome.Resting(Optional.empty());
      case Guesses.Standing.Open _ -> new Outcome.Wrong();
    };
  }

  private void refused(Tx tx, SignIn signIn, UserId who, String why, Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        event(
                AuditEvent.of(AuditType.RECOVERY_REFUSED, AuditEvent.Outcome.DENIED, occasion),
                signIn,
                who)
            .with("reason", why));
  }

  private static AuditEvent event(AuditEvent event, SignIn signIn, UserId who) {
    return event.by(who).in(signIn.id(), signIn.destination().application());
  }
}
