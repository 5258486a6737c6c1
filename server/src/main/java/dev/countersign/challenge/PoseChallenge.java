package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Courier;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Prompt;
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
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Purpose;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Puts the question of a factor to the person who signs in, and shows it again while it stands: loading a page again, or
 * going back to it, sends nothing. What has to be sent is admitted in the transaction that keeps the question, and handed
 * over after it. Thread-safe.
 */
public final class PoseChallenge {
  private final Database database;
  private final SignIns signIns;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final Destinations destinations;
  private final Challenges challenges;
  private final Guesses guesses;
  private final Courier courier;
  private final Audit audit;

  public PoseChallenge(
      Database database,
      SignIns signIns,
      People people,
      Factors factors,
      Enrolments enrolments,
      Scenes scenes,
      Destinations destinations,
      Challenges challenges,
      Guesses guesses,
      Courier courier,
      Audit audit) {
    this.database = database;
    this.signIns = signIns;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
    this.destinations = destinations;
    this.challenges = challenges;
    this.guesses = guesses;
    this.courier = courier;
    this.audit = audit;
  }

  /** What came of it. */
  public sealed interface Outcome {
    /**
     * To be asked.
     *
     * @param left wrong answers before a rest
     * @param fresh whether it was put just now
     */
    record Asked(Prompt prompt, int left, boolean fresh) implements Outcome {}

    /**
     * Nothing could be sent; what was sent before may still be answered.
     *
     * @param standing the question that still stands
     * @param reason the stable word of the audit log
     * @param until when it may be tried again; empty when nobody knows
     */
    record Unsent(Optional<Prompt> standing, String reason, Optional<Moment> until)
        implements Outcome {}

    /** Too many wrong answers; closed for good, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    /** This factor is not demanded (any more): show where the sign-in stands. */
    record NotDemanded() implements Outcome {}

    /** The sign-in cannot be gone on with. */
    record Lost(SignIns.Finding why) implements Outcome {}
  }

  /** What is seen before anything is put. */
  public sealed interface Look {
    /** A question can be put. */
    record Ready(
        SignIn signIn,
        Optional<Secret> browser,
        Factor factor,
        UserId who,
        Scene scene,
        List<Enrolment> mine,
        Optional<Challenges.Waiting> waiting,
        int left)
        implements Look {}

    /** None can. */
    record Over(Outcome outcome) implements Look {}
  }

  /**
   * Puts the question, or shows the one that stands.
   *
   * @param again whether to put it anew although one stands
   */
  public Outcome pose(
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factor,
      boolean again,
      Occasion occasion) {
    return pose(
        database.<Look>read(tx -> look(tx, tenant, id, browser, factor, occasion)),
        again,
        occasion);
  }

  /** The same after a {@link #look} that somebody else had use for, too. */
  public Outcome pose(Look look, boolean again, Occasion occasion) {
    return switch (look) {
      case Look.Over(var outcome) -> outcome;
      case Look.Ready ready when ready.waiting().isPresent() && !again ->
          new Outcome.Asked(
              ready.factor().asking(ready.scene(), ready.mine(), ready.waiting().get().memo()),
              ready.left(),
              false);
      case Look.Ready ready -> {
        var factor = ready.factor();
        if (!factor.profile().asks()) {
          yield new Outcome.Asked(
              factor.pose(ready.scene(), ready.mine()).prompt(), ready.left(), true);
        }
        var application =
            destinations.place(ready.signIn().tenant(), ready.signIn().destination()).name();
        var posed = factor.pose(ready.scene().forApplication(application), ready.mine());
        yield put(ready, factor, posed, ready.browser(), application, occasion);
      }
    };
  }

  /** Looks whether a question can be put, and at all that it takes. */
  public Look look(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      FactorId factor,
      Occasion occasion) {
    return factors
        .of(tenant)
        .find(factor)
        .map(it -> look(tx, tenant, id, browser, it, occasion))
        .orElseGet(() -> new Look.Over(new Outcome.NotDemanded()));
  }

  private Look look(
      Tx tx,
      TenantId tenant,
      SignInId id,
      Optional<Secret> browser,
      Factor factor,
      Occasion occasion) {
    var profile = factor.profile();
    var found = signIns.find(tx, tenant, id, browser, false, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Look.Over(new Outcome.Lost(found));
    }
    if (!demands(signIn, profile.id())) {
      return new Look.Over(new Outcome.NotDemanded());
    }
    var who = signIn.who().orElseThrow();
    int left;
    switch (guesses.standing(tx, tenant, who.value(), Doors.of(profile), occasion.at())) {
      case Guesses.Standing.Resting(var until) -> {
        return new Look.Over(new Outcome.Resting(Optional.of(until)));
      }
      case Guesses.Standing.Closed _ -> {
        return new Look.Over(new Outcome.Resting(Optional.empty()));
      }
      case Guesses.Standing.Open(var some) -> left = some;
    }
    var person = people.find(tx, tenant, who);
    if (person.isEmpty()) {
      return new Look.Over(new Outcome.NotDemanded());
    }
    var scene =
        scenes
            .of(tx, tenant, person.get(), profile.id(), occasion)
            .approving(signIn.asked().transaction());
    var mine =
        enrolments.active(tx, tenant, who, profile.id()).stream()
            .filter(it -> factor.isUsable(scene.holder(), it))
            .toList();
    if (mine.isEmpty()) {
      return new Look.Over(new Outcome.NotDemanded());
    }
    var waiting =
        profile.asks()
            ? challenges.waiting(tx, tenant, whose(signIn, who, profile), occasion.at())
            : Optional.<Challenges.Waiting>empty();
    return new Look.Ready(signIn, browser, factor, who, scene, mine, waiting, left);
  }

  static boolean demands(SignIn signIn, FactorId factor) {
    return signIn.state()
            instanceof LoginSession.AwaitingMfa(var _, Demand.Challenge(var anyOf), var _)
        && anyOf.contains(factor);
  }

  static Challenges.Whose whose(SignIn signIn, UserId who, FactorProfile profile) {
    return new Challenges.Whose(who, signIn.id(), profile.id(), purpose(signIn, profile), null);
  }

  /** What an answer in this sign-in is for. The way back in and what only reaches somebody approve nothing. */
  static Purpose purpose(SignIn signIn, FactorProfile profile) {
    return signIn.asked().transaction() != null
            && !profile.recovers()
            && profile.kind().isMoreThanPassword()
        ? Purpose.TRANSACTION
        : Purpose.SECOND;
  }

  /** What came of keeping a question. */
  private sealed interface Kept {
    record Put(Challenges.Waiting waiting) implements Kept {}

    record Refused(String reason, Optional<Moment> until) implements Kept {}

    record Over(Outcome outcome) implements Kept {}
  }

  private Outcome put(
      Look.Ready ready,
      Factor factor,
      Factor.Posed posed,
      Optional<Secret> browser,
      String application,
      Occasion occasion) {
    var tenant = ready.signIn().tenant();
    var errand =
        posed
            .dispatch()
            .map(dispatch ->
                new Courier.Errand(
                    tenant,
                    ready.who(),
                    factor.profile().id().value(),
                    ready.signIn().id(),
                    false,
                    application,
                    ready.signIn().asked().locales(),
                    dispatch,
                    ready.signIn().asked().transaction()));
    var kept =
        database.<Kept>write(tx -> keep(tx, ready, factor, posed, errand, browser, occasion));
    return switch (kept) {
      case Kept.Over(var outcome) -> outcome;
      case Kept.Refused(var reason, var until) ->
          new Outcome.Unsent(standing(ready, factor), reason, until);
      case Kept.Put(var waiting) ->
          switch (errand.map(it -> courier.send(it, occasion)).orElse(null)) {
            case Courier.Outcome.Failed(var reason) -> {
              database.run(tx -> {
                challenges.close(tx, tenant, waiting.id(), occasion.at());
                audit.record(
                    tx,
                    tenant,
                    event(
                        AuditEvent.failure(AuditType.MFA_CHALLENGE_SENT, occasion, reason),
                        ready.signIn(),
                        ready.who(),
                        factor));
              });
              yield new Outcome.Unsent(Optional.empty(), reason, Optional.empty());
            }
            case Courier.Outcome.Handed(var by) -> {
              database.run(tx ->
                  audit.record(
                      tx,
                      tenant,
                      event(
                              AuditEvent.success(AuditType.MFA_CHALLENGE_SENT, occasion),
                              ready.signIn(),
                              ready.who(),
                              factor)
                          .with("by", by)));
              yield new Outcome.Asked(posed.prompt(), ready.left(), true);
            }
            case null -> new Outcome.Asked(posed.prompt(), ready.left(), true);
          };
    };
  }

  private static Optional<Prompt> standing(Look.Ready ready, Factor factor) {
    return ready
        .waiting()
        .map(waiting -> factor.asking(ready.scene(), ready.mine(), waiting.memo()));
  }

  private Kept keep(
      Tx tx,
      Look.Ready ready,
      Factor factor,
      Factor.Posed posed,
      Optional<Courier.Errand> errand,
      Optional<Secret> browser,
      Occasion occasion) {
    var tenant = ready.signIn().tenant();
    var found = signIns.find(tx, tenant, ready.signIn().id(), browser, true, occasion.at());
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Kept.Over(new Outcome.Lost(found));
    }
    if (!demands(signIn, factor.profile().id())) {
      return new Kept.Over(new Outcome.NotDemanded());
    }
    if (errand.isPresent()
        && courier.admit(tx, errand.get(), occasion)
            instanceof Courier.Admission.Refused(var reason, var until)) {
      return new Kept.Refused(reason, until);
    }
    return new Kept.Put(
        challenges.pose(
            tx,
            tenant,
            whose(signIn, ready.who(), factor.profile()),
            posed.memo(),
            occasion.at(),
            occasion.at().plus(lasts(signIn, posed))));
  }

  /** What approves a transaction is good for as long as the approval is, at most. */
  private static Duration lasts(SignIn signIn, Factor.Posed posed) {
    return signIn.asked().transaction() == null
            || posed.lasts().compareTo(Enforcement.APPROVAL_LASTS) < 0
        ? posed.lasts()
        : Enforcement.APPROVAL_LASTS;
  }

  private static AuditEvent event(AuditEvent event, SignIn signIn, UserId who, Factor factor) {
    return event
        .by(who)
        .in(signIn.id(), signIn.destination().application())
        .with("factor", factor.profile().id().value());
  }
}
