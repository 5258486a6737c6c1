package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Discoverable;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scenes;
import dev.countersign.factor.Signal;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyException;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Takes a key as the first proof: whoever is there is asked, and the answer says who it is. The question writes nothing and
 * is kept nowhere: it goes with the page, sealed for this sign-in, and comes back with the answer. One answer, good or bad,
 * ends every question put until then, by the conditional update that saves the sign-in. Refused answers are counted for the
 * network address, together with wrong passwords, and for no person: or strangers could close the door of somebody
 * whose key they name. Thread-safe.
 */
public final class SignInByKey {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final Policies policies;
  private final ProofLedger ledger;
  private final Guesses guesses;
  private final Sealer sealer;
  private final Audit audit;
  private final NewPlaces places;

  public SignInByKey(
      Database database,
      SignIns signIns,
      Progress progress,
      People people,
      Factors factors,
      Enrolments enrolments,
      Scenes scenes,
      Policies policies,
      ProofLedger ledger,
      Guesses guesses,
      Sealer sealer,
      Audit audit,
      NewPlaces places) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
    this.policies = policies;
    this.ledger = ledger;
    this.guesses = guesses;
    this.sealer = sealer;
    this.audit = audit;
    this.places = places;
  }

  /**
   * A question put to whoever is there.
   *
   * @param options what the browser is asked, in JSON
   * @param question the same as we remember it, sealed, to be sent back with the answer
   */
  public record Asked(String options, String question) {}

  /** What came of an answer. */
  public sealed interface Outcome {
    record Moved(Progress.Moved moved) implements Outcome {}

    /** Nobody here has that key (any more). The browser may be told. */
    record Unknown(Signal signal) implements Outcome {}

    /** Refused, whatever was wrong with it. */
    record Wrong() implements Outcome {}

    /** The question does not stand any more: it is put anew. */
    record Late() implements Outcome {}

    /** Too many refused answers from there, or by this person elsewhere; for good when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** A question on its way, as it is sealed. */
  private record Travelling(String factor, String memo, long until, int keysTried) {}

  private static Place place(TenantId tenant, SignInId id) {
    return new Place(tenant, "sign_ins", "question", id.value());
  }

  // Asking

  /** What this tenant lets come first; nothing where it lets no key. */
  private Optional<Discoverable> inviting(Tx tx, TenantId tenant) {
    var allowed = policies.current(tx, tenant).allowed();
    return factors.of(tenant).inOrder().stream()
        .filter(factor -> allowed.contains(factor.profile().id()))
        .filter(Discoverable.class::isInstance)
        .map(Discoverable.class::cast)
        .findFirst();
  }

  /** Puts a question; nothing where the tenant lets no key come first. The same for everybody: nobody was named. */
  public Optional<Asked> ask(Tx tx, SignIn signIn, Occasion occasion) {
    var tenant = signIn.tenant();
    return inviting(tx, tenant)
        .map(factor -> {
          var id = factor.profile().id();
          var posed =
              factor.invite(scenes.site(tx, tenant, occasion), scenes.settings(tx, tenant, id));
          if (!(posed.prompt() instanceof Prompt.Credential(var _, var options))) {
            throw new IllegalStateException(id + " invites otherwise than by asking the browser");
          }
          var travelling =
              new Travelling(
                  id.value(),
                  posed.memo().reveal(),
                  occasion.at().plus(posed.lasts()).millis(),
                  signIn.notes().keysTried());
          var sealed =
              sealer.seal(place(tenant, signIn.id()), Secret.of(Json.write(travelling))).bytes();
          return new Asked(options, Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
        });
  }

  /** Opens a question that has come back; nothing when it is none of ours, not for this sign-in, or over. */
  private Optional<Travelling> opened(SignIn signIn, String question, Moment now) {
    try {
      var sealed = new Sealed(Base64.getUrlDecoder().decode(question));
      var opened = sealer.openSecret(place(signIn.tenant(), signIn.id()), sealed);
      return Optional.of(Json.read(opened.reveal(), Travelling.class))
          .filter(it -> now.isBefore(new Moment(it.until())))
          .filter(it -> it.keysTried() == signIn.notes().keysTried());
    } catch (IllegalArgumentException | KeyException _) {
      return Optional.empty();
    }
  }

  // Judging

  /** What is seen before an answer is judged. */
  private sealed interface Look {
    /** Somebody's key is claimed to have answered. */
    record Claimed(
        int keysTried,
        Discoverable factor,
        Scene scene,
        Person person,
        Enrolment enrolment,
        Secret memo)
        implements Look {}

    /** The question stands, and nobody has such a key. */
    record Nobody(int keysTried, FactorId factor, Optional<Signal> signal) implements Look {}

    /** The question does not stand. */
    record Late() implements Look {}

    /** The door is closed to this network or to this person. */
    record Closed(Guesses.Standing standing) implements Look {}

    /** There is no such sign-in to go on with. */
    record Nowhere() implements Look {}
  }

  /** The same with what the factor said. */
  private record Judged(Look look, Optional<Factor.Verdict> verdict) {}

  /**
   * Judges an answer. Whatever the sign-in stood for before, it now belongs to whoever the key is.
   *
   * @param question as it was sent along with what the browser was asked
   */
  public Outcome answer(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      String question,
      Answer answer,
      Occasion occasion) {
    var look =
        database.<Look>read(tx ->
            signIns.find(tx, tenant, id, browser, false, occasion.at())
                    instanceof SignIns.Finding.Found(var signIn)
                ? look(tx, signIn, question, answer, occasion)
                : new Look.Nowhere());
    var judged =
        new Judged(
            look,
            look instanceof Look.Claimed it
                ? Optional.of(
                    it.factor()
                        .check(it.scene(), List.of(it.enrolment()), Optional.of(it.memo()), answer))
                : Optional.empty());
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      return found instanceof SignIns.Finding.Found(var signIn)
          ? settle(tx, signIn, judged, occasion)
          : new Outcome.Lost(found);
    });
  }

  private Look look(Tx tx, SignIn signIn, String question, Answer answer, Occasion occasion) {
    var tenant = signIn.tenant();
    var here =
        guesses.standing(
            tx, tenant, occasion.network(), List.of(AnswerPassword.ADDRESS), occasion.at());
    if (!(here instanceof Guesses.Standing.Open)) {
      return new Look.Closed(here);
    }
    var travelling = opened(signIn, question, occasion.at());
    if (travelling.isEmpty()) {
      return new Look.Late();
    }
    var asked = new FactorId(travelling.get().factor());
    var memo = Secret.of(travelling.get().memo());
    int tried = travelling.get().keysTried();
    var named =
        factors.of(tenant).get(asked) instanceof Discoverable it
            ? it.named(memo, answer)
            : Optional.<Discoverable.Named>empty();
    var enrolment = named.flatMap(it -> enrolments.registeredAs(tx, tenant, it.handle()));
    var person = enrolment.flatMap(it -> people.find(tx, tenant, it.user()));
    if (enrolment.isEmpty()
        || person.isEmpty()
        || !(factors.of(tenant).get(enrolment.get().factor()) instanceof Discoverable factor)) {
      return new Look.Nobody(tried, asked, named.map(Discoverable.Named::signal));
    }
    var profile = factor.profile();
    var theirs =
        guesses.standing(tx, tenant, person.get().id().value(), Doors.of(profile), occasion.at());
    if (!(theirs instanceof Guesses.Standing.Open)) {
      return new Look.Closed(theirs);
    }
    return new Look.Claimed(
        tried,
        factor,
        scenes.of(tx, tenant, person.get(), profile.id(), occasion),
        person.get(),
        enrolment.get(),
        memo);
  }

  // Settling

  private Outcome settle(Tx tx, SignIn signIn, Judged judged, Occasion occasion) {
    return switch (judged.look()) {
      case Look.Nowhere _, Look.Late _ -> late(tx, signIn, occasion);
      case Look.Closed(var standing) -> resting(tx, signIn, standing, occasion);
      case Look.Nobody(var tried, var asked, var signal) -> {
        if (tried != signIn.notes().keysTried()) {
          yield late(tx, signIn, occasion);
        }
        var why =
            signal.isPresent()
                ? Refusal.Reason.CREDENTIAL_UNKNOWN
                : Refusal.Reason.RESPONSE_MALFORMED;
        refuse(
            tx,
            signIn,
            failed(signIn, why.word(), occasion)
                .by("anonymous", null)
                .with("method", asked.value()),
            occasion);
        yield signal.<Outcome>map(Outcome.Unknown::new).orElseGet(Outcome.Wrong::new);
      }
      case Look.Claimed claimed -> {
        if (claimed.keysTried() != signIn.notes().keysTried()) {
          yield late(tx, signIn, occasion);
        }
        yield switch (judged.verdict().orElseThrow()) {
          case Factor.Verdict.Accepted accepted ->
              accepted(tx, signIn, claimed, accepted, occasion);
          case Factor.Verdict.Refused(var why) ->
              wrong(tx, signIn, claimed, why.reason().word(), occasion);
          case Factor.Verdict.NotYet _ ->
              throw new IllegalStateException(
                  claimed.factor().profile().id() + " waits for an answer that is here");
        };
      }
    };
  }

  private Outcome accepted(
      Tx tx,
      SignIn signIn,
      Look.Claimed claimed,
      Factor.Verdict.Accepted accepted,
      Occasion occasion) {
    var tenant = signIn.tenant();
    var profile = claimed.factor().profile();
    var who = claimed.person().id();
    var doors = Doors.of(profile);
    var held = guesses.hold(tx, tenant, who.value(), doors, occasion.at());
    if (!held.admits()) {
      return resting(tx, signIn, held.standing(), occasion);
    }
    if (!policies.current(tx, tenant).allowed().contains(profile.id())) {
      return wrong(tx, signIn, claimed, "factor_not_allowed", occasion);
    }
    // Removed or locked while this answer was on its way, it opens nothing.
    var standing = enrolments.find(tx, tenant, who, claimed.enrolment().id());
    if (standing.filter(Enrolment::isActive).isEmpty()) {
      return wrong(tx, signIn, claimed, "factor_gone", occasion);
    }
    if (!(signIn.state() instanceof LoginSession.Pending)) {
      // Somebody else begins here: what was proven so far was another's.
      ledger.forget(tx, tenant, signIn.id());
    }
    var anew =
        signIn
            .withNotes(signIn.notes().startingOver().keyTried())
            .withState(new LoginSession.Pending(Optional.empty()));
    var about =
        new ProofLedger.About(
            who,
            signIn.id(),
            profile.id().value(),
            claimed.enrolment().id(),
            accepted.evidence(),
            Purpose.FIRST);
    if (!(ledger.redeem(tx, tenant, accepted.claim(), about, occasion.at())
        instanceof ProofLedger.Redemption.Proven)) {
      return wrong(tx, anew, claimed, Refusal.Reason.CODE_REUSED.word(), occasion);
    }
    guesses.succeeded(tx, tenant, held, doors);
    accepted
        .document()
        .ifPresent(kept -> enrolments.keep(tx, tenant, claimed.enrolment().id(), kept));
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.PASSKEY_ACCEPTED, occasion)
            .by(who)
            .in(signIn.id(), signIn.destination().application())
            .with("method", profile.id().value())
            .with("enrolment", claimed.enrolment().id().value()));
    places.used(tx, signIn, standing.get(), occasion);
    return new Outcome.Moved(
        progress.advance(
            tx,
            anew,
            new LoginSession.Event.PrimaryPassed(who, signIns.counted(tx, anew, who)),
            occasion));
  }

  private Outcome wrong(
      Tx tx, SignIn signIn, Look.Claimed claimed, String reason, Occasion occasion) {
    refuse(
        tx,
        signIn,
        failed(signIn, reason, occasion)
            .by(claimed.person().id())
            .with("method", claimed.factor().profile().id().value())
            .with("enrolment", claimed.enrolment().id().value()),
        occasion);
    return new Outcome.Wrong();
  }

  private static AuditEvent failed(SignIn signIn, String reason, Occasion occasion) {
    return AuditEvent.failure(AuditType.SIGN_IN_FAILED, occasion, reason)
        .in(signIn.id(), signIn.destination().application());
  }

  /** Counts and records it; no question put until now stands any longer. */
  private void refuse(Tx tx, SignIn signIn, AuditEvent event, Occasion occasion) {
    count(tx, signIn, occasion);
    audit.record(tx, signIn.tenant(), event);
    progress.note(tx, signIn.withNotes(signIn.notes().keyTried()));
  }

  private void count(Tx tx, SignIn signIn, Occasion occasion) {
    guesses.failed(
        tx, signIn.tenant(), occasion.network(), List.of(AnswerPassword.ADDRESS), occasion.at());
  }

  private Outcome late(Tx tx, SignIn signIn, Occasion occasion) {
    count(tx, signIn, occasion);
    audit.record(
        tx,
        signIn.tenant(),
        failed(signIn, Refusal.Reason.CODE_EXPIRED.word(), occasion).by("anonymous", null));
    return new Outcome.Late();
  }

  private Outcome resting(Tx tx, SignIn signIn, Guesses.Standing standing, Occasion occasion) {
    audit.record(
        tx,
        signIn.tenant(),
        AuditEvent.of(AuditType.SIGN_IN_FAILED, AuditEvent.Outcome.DENIED, occasion)
            .by("anonymous", null)
            .in(signIn.id(), signIn.destination().application())
            .with("reason", "throttled"));
    return new Outcome.Resting(
        standing instanceof Guesses.Standing.Resting(var until)
            ? Optional.of(until)
            : Optional.empty());
  }
}
