package dev.countersign.newpassword;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Guesses;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.List;
import java.util.Optional;

/**
 * Changes the password of somebody who is signed in and knows the present one (OWASP ASVS 6.2.3). Wrong ones count with
 * those at sign-in, so that a stolen session is no place to guess. That a second factor was proven recently is the
 * caller's to demand. Thread-safe.
 */
public final class ChangePassword {
  private final Database database;
  private final Tenants tenants;
  private final People people;
  private final Passwords passwords;
  private final Guesses guesses;
  private final Installing installing;
  private final EndAccess endAccess;
  private final Audit audit;
  private final Notices notices;

  public ChangePassword(
      Database database,
      Tenants tenants,
      People people,
      Passwords passwords,
      Guesses guesses,
      Installing installing,
      EndAccess endAccess,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.tenants = tenants;
    this.people = people;
    this.passwords = passwords;
    this.guesses = guesses;
    this.installing = installing;
    this.endAccess = endAccess;
    this.audit = audit;
    this.notices = notices;
  }

  /** Whose password, in which session. */
  public record Whose(TenantId tenant, UserId user, SessionId session) {}

  /** What came of it. */
  public sealed interface Outcome {
    record Changed() implements Outcome {}

    /** The new one may not be a password. */
    record Unfit(PasswordRuling.Reason why, PasswordRules rules) implements Outcome {}

    /** The new one is the present one. */
    record Same() implements Outcome {}

    /** What was given as the present one is not it. */
    record Wrong() implements Outcome {}

    /** Too many wrong ones; for good, until the password is reset, when {@code until} is empty. */
    record Resting(Optional<Moment> until) implements Outcome {}
  }

  private record Before(
      Person person,
      Optional<Passwords.Kept> kept,
      PasswordRules rules,
      Guesses.Standing standing) {}

  /** The rules that a new one is going to be judged by. */
  public PasswordRules rules(TenantId tenant, UserId user, Moment now) {
    return database.read(
        tx -> installing.rules(tx, tenant, people.find(tx, tenant, user).orElseThrow(), now));
  }

  /** Changes it and ends what is open elsewhere: other sessions, refresh tokens, sign-ins under way. */
  public Outcome change(Whose whose, Secret present, Secret fresh, Occasion occasion) {
    var tenant = whose.tenant();
    var before =
        database.read(tx -> {
          var person = people.find(tx, tenant, whose.user()).orElseThrow();
          return new Before(
              person,
              passwords.find(tx, tenant, whose.user()),
              installing.rules(tx, tenant, person, occasion.at()),
              standing(tx, whose, occasion));
        });
    if (!(before.standing() instanceof Guesses.Standing.Open)) {
      return resting(before.standing());
    }
    var words = Installing.words(before.person(), tenants.get(tenant).displayName());
    if (before.rules().judge(fresh, words) instanceof PasswordRuling.Refused(var why)) {
      return new Outcome.Unfit(why, before.rules());
    }
    return switch (passwords.check(present, before.kept())) {
      case Passwords.Check.Wrong _ -> database.write(tx -> wrong(tx, whose, occasion));
      case Passwords.Check.Right _ when fresh.equals(present) -> new Outcome.Same();
      case Passwords.Check.Right _ -> {
        var hash = passwords.hash(fresh);
        yield database.write(tx -> right(tx, whose, before, hash, occasion));
      }
    };
  }

  private Outcome right(Tx tx, Whose whose, Before before, Secret hash, Occasion occasion) {
    if (!passwords.isStill(tx, whose.tenant(), whose.user(), before.kept().orElseThrow())) {
      return new Outcome
          .Wrong(); // Changed elsewhere meanwhile: what was given is not the present one any more.
    }
    if (!guesses.admits(
        tx, whose.tenant(), whose.user().value(), List.of(AnswerPassword.PERSON), occasion.at())) {
      return resting(standing(tx, whose, occasion));
    }
    installing.install(
        tx,
        whose.tenant(),
        before.person(),
        hash,
        "change",
        () -> endAccess.elsewhere(tx, whose.tenant(), whose.user(), whose.session(), occasion.at()),
        occasion);
    return new Outcome.Changed();
  }

  private Outcome wrong(Tx tx, Whose whose, Occasion occasion) {
    var failure =
        guesses.failed(
            tx,
            whose.tenant(),
            whose.user().value(),
            List.of(AnswerPassword.PERSON),
            occasion.at());
    if (failure instanceof Guesses.Failure.NoRoom(var standing)) {
      return resting(standing);
    }
    audit.record(
        tx,
        whose.tenant(),
        AuditEvent.failure(AuditType.PASSWORD_CHANGED, occasion, "password_invalid")
            .by(whose.user()));
    return switch (failure) {
      case Guesses.Failure.Counted _ -> new Outcome.Wrong();
      case Guesses.Failure.NowResting(var until) -> locked(tx, whose, Optional.of(until), occasion);
      case Guesses.Failure.NowClosed _ -> locked(tx, whose, Optional.empty(), occasion);
      case Guesses.Failure.NoRoom(var standing) -> resting(standing);
    };
  }

  private Outcome locked(Tx tx, Whose whose, Optional<Moment> until, Occasion occasion) {
    audit.record(
        tx,
        whose.tenant(),
        AuditEvent.failure(AuditType.USER_LOCKED, occasion, "too_many_failures")
            .by(whose.user())
            .with("method", AnswerPassword.METHOD));
    notices.tell(tx, whose.tenant(), whose.user(), new Notice.PasswordLocked(until), occasion);
    return new Outcome.Resting(until);
  }

  private Guesses.Standing standing(Tx tx, Whose whose, Occasion occasion) {
    return guesses.standing(
        tx, whose.tenant(), whose.user().value(), List.of(AnswerPassword.PERSON), occasion.at());
  }

  private static Outcome resting(Guesses.Standing standing) {
    return switch (standing) {
      case Guesses.Standing.Resting(var until) -> new Outcome.Resting(Optional.of(until));
      case Guesses.Standing.Closed _ -> new Outcome.Resting(Optional.empty());
      case Guesses.Standing.Open _ ->
          new Outcome.Wrong(); // It opened while this answer was on its way.
    };
  }
}
