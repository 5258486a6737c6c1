package dev.countersign.recovery;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.Doors;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Demand;
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
import dev.countersign.proof.Door;
import dev.countersign.proof.Guesses;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Takes a temporary access code in a sign-in that asks for a second proof. The code proves nothing and clears nothing: what
 * is demanded from then on is the setting up of a new factor, by which the sign-in goes on. What was lost stays the person's
 * until they or an admin take it off. Thread-safe.
 */
public final class UseAccessCode {
  private static final List<Door> DOORS = List.of(AccessCodes.DOOR, Doors.ANY_FACTOR);

  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final AccessCodes codes;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;

  public UseAccessCode(
      Database database,
      SignIns signIns,
      Progress progress,
      AccessCodes codes,
      Guesses guesses,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.codes = codes;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Moved(Progress.Moved moved) implements Outcome {}

    /** Wrong, whatever way it was wrong. */
    record Wrong() implements Outcome {}

    /** Too many wrong ones; for good, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}

    /** The sign-in asks for no second proof: show where it stands. */
    record NotDemanded() implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  public Outcome use(
      TenantId tenant, SignInId id, Optional<Secret> browser, Secret typed, Occasion occasion) {
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      if (!(found instanceof SignIns.Finding.Found(var signIn))) {
        return new Outcome.Lost(found);
      }
      if (!(signIn.state() instanceof LoginSession.AwaitingMfa waiting)
          || !(waiting.demand() instanceof Demand.Challenge)) {
        return new Outcome.NotDemanded();
      }
      if (!progress.stillOwes(tx, signIn, waiting, occasion)) {
        return new Outcome.Moved(
            progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion));
      }
      if (!progress.leadsBack(tx, signIn, waiting, occasion)) {
        return new Outcome.NotDemanded();
      }
      return judged(tx, signIn, waiting.soFar().who(), typed, occasion);
    });
  }

  private Outcome judged(Tx tx, SignIn signIn, UserId who, Secret typed, Occasion occasion) {
    var tenant = signIn.tenant();
    var held = guesses.hold(tx, tenant, who.value(), DOORS, occasion.at());
    if (!held.admits()) {
      refused(tx, signIn, who, "throttled", occasion);
      return resting(tx, tenant, who, occasion);
    }
    return switch (codes.spend(tx, tenant, who, typed, signIn.id(), occasion.at())) {
      case AccessCodes.Spending.Worthless(var why) -> {
        var failure = guesses.failed(tx, tenant, who.value(), DOORS, occasion.at());
        refused(tx, signIn, who, why, occasion);
        yield switch (failure) {
          case Guesses.Failure.Counted _ -> new Outcome.Wrong();
          case Guesses.Failure.NowResting(var until) -> new Outcome.Resting(Optional.of(until));
          case Guesses.Failure.NowClosed _ -> new Outcome.Resting(Optional.empty());
          case Guesses.Failure.NoRoom _ -> resting(tx, tenant, who, occasion);
        };
      }
      case AccessCodes.Spending.Spent(var code) -> {
        guesses.succeeded(tx, tenant, held, List.of(AccessCodes.DOOR));
        audit.record(
            tx,
            tenant,
            event(AuditEvent.success(AuditType.ACCESS_CODE_USED, occasion), signIn, who)
                .with("access_code", code.id()));
        notices.tell(tx, tenant, who, new Notice.AccessCodeUsed(), occasion);
        yield new Outcome.Moved(
            progress.advance(
                tx,
                signIn.withNotes(signIn.notes().recovering(SignIn.Recovering.BY_ACCESS_CODE)),
                new LoginSession.Event.LookAgain(),
                occasion));
      }
    };
  }

  private Outcome resting(Tx tx, TenantId tenant, UserId who, Occasion occasion) {
    return switch (guesses.standing(tx, tenant, who.value(), DOORS, occasion.at())) {
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
                AuditEvent.of(AuditType.ACCESS_CODE_REFUSED, AuditEvent.Outcome.DENIED, occasion),
                signIn,
                who)
            .with("reason", why));
  }

  private static AuditEvent event(AuditEvent event, SignIn signIn, UserId who) {
    return event.by(who).in(signIn.id(), signIn.destination().application());
  }
}
