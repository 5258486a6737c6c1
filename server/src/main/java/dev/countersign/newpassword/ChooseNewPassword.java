package dev.countersign.newpassword;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Spendables;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.Optional;

/**
 * Takes a reset link and the new password. The link is spent by the change alone: opening it, as mail scanners do, costs
 * nothing. A new password replaces no second factor: the next sign-in still asks for it (OWASP ASVS 6.4.3). Thread-safe.
 */
public final class ChooseNewPassword {
  private static final int LONGEST_TICKET = 100;

  private final Database database;
  private final Tenants tenants;
  private final People people;
  private final Spendables spendables;
  private final Passwords passwords;
  private final Installing installing;
  private final EndAccess endAccess;
  private final Audit audit;

  public ChooseNewPassword(
      Database database,
      Tenants tenants,
      People people,
      Spendables spendables,
      Passwords passwords,
      Installing installing,
      EndAccess endAccess,
      Audit audit) {
    this.database = database;
    this.tenants = tenants;
    this.people = people;
    this.spendables = spendables;
    this.passwords = passwords;
    this.installing = installing;
    this.endAccess = endAccess;
    this.audit = audit;
  }

  /** Whose password a link would change. */
  public record Invitation(Person person, PasswordRules rules) {}

  /** What came of it. */
  public sealed interface Outcome {
    record Changed(UserId who) implements Outcome {}

    /** The link is good still, the password is not. */
    record Unfit(PasswordRuling.Reason why, Invitation invitation) implements Outcome {}

    /** The link was used, replaced by a newer one, ran out, or never was one. */
    record LinkOver() implements Outcome {}
  }

  /** What the page behind a link is to say; empty when the link is good for nothing. Changes nothing. */
  public Optional<Invitation> open(TenantId tenant, Secret ticket, Moment now) {
    if (ticket.reveal().length() > LONGEST_TICKET) {
      return Optional.empty();
    }
    return database.read(tx ->
        spendables
            .peek(tx, tenant, Spendables.Kind.PASSWORD_RESET, ticket)
            .filter(it -> it.spentAt().isEmpty() && !now.reached(it.expiresAt()))
            .flatMap(it -> whose(tx, tenant, it))
            .map(person -> new Invitation(person, installing.rules(tx, tenant, person, now))));
  }

  /** Changes the password and ends every session, refresh token and sign-in under way of the person. */
  public Outcome choose(TenantId tenant, Secret ticket, Secret fresh, Occasion occasion) {
    var invitation = open(tenant, ticket, occasion.at());
    if (invitation.isEmpty()) {
      return database.write(tx -> over(tx, tenant, ticket, occasion));
    }
    var words = Installing.words(invitation.get().person(), tenants.get(tenant).displayName());
    if (invitation.get().rules().judge(fresh, words) instanceof PasswordRuling.Refused(var why)) {
      return new Outcome.Unfit(why, invitation.get());
    }
    var hash = passwords.hash(fresh);
    return database.write(tx -> {
      if (!(spendables.spend(tx, tenant, Spendables.Kind.PASSWORD_RESET, ticket, occasion.at())
          instanceof Spendables.Spending.Spent(var it))) {
        return over(tx, tenant, ticket, occasion);
      }
      var person = whose(tx, tenant, it);
      if (person.isEmpty()) {
        return over(tx, tenant, ticket, occasion);
      }
      var who = person.get().id();
      installing.install(
          tx,
          tenant,
          person.get(),
          hash,
          "reset",
          () -> endAccess.everywhere(tx, tenant, who, occasion.at()),
          occasion);
      return new Outcome.Changed(who);
    });
  }

  private Optional<Person> whose(Tx tx, TenantId tenant, Spendables.Spendable it) {
    return people
        .find(tx, tenant, new UserId(it.owner()))
        .filter(Ticket.of(it.payload())::stillFits);
  }

  private Outcome over(Tx tx, TenantId tenant, Secret ticket, Occasion occasion) {
    var owner =
        ticket.reveal().length() > LONGEST_TICKET
            ? Optional.<Person>empty()
            : spendables
                .peek(tx, tenant, Spendables.Kind.PASSWORD_RESET, ticket)
                .flatMap(it -> people.find(tx, tenant, new UserId(it.owner())));
    var event =
        AuditEvent.failure(AuditType.PASSWORD_CHANGED, occasion, "link_over").with("how", "reset");
    audit.record(tx, tenant, event.by("anonymous", owner.map(Person::id).orElse(null)));
    return new Outcome.LinkOver();
  }
}
