package dev.countersign.newpassword;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends somebody who has forgotten their password a link. Whether the name is anybody's is told neither by the answer nor
 * by its time: for a name that is nobody's the same statements run, and a mail to nobody waits in the outbox until the
 * sender drops it. Thread-safe.
 */
public final class AskPasswordReset {
  /** How long a link is good for. */
  public static final Duration LINK_LIFE = Duration.ofMinutes(60);

  /** For one person, or one name that is nobody's. */
  public static final Allowance PERSON = new Allowance("password-reset", 3, Duration.ofHours(1));

  /** From one network, whomever it names. */
  public static final Allowance ADDRESS =
      new Allowance("password-reset-from", 20, Duration.ofHours(1));

  /** The page that takes the link; the ticket follows. */
  static final String PATH = "/u/password/reset?ticket=";

  private final Database database;
  private final People people;
  private final Allowances allowances;
  private final Spendables spendables;
  private final Digester digester;
  private final Entropy entropy;
  private final Tenants tenants;
  private final Audit audit;
  private final Notices notices;

  public AskPasswordReset(
      Database database,
      People people,
      Allowances allowances,
      Spendables spendables,
      Digester digester,
      Entropy entropy,
      Tenants tenants,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.people = people;
    this.allowances = allowances;
    this.spendables = spendables;
    this.digester = digester;
    this.entropy = entropy;
    this.tenants = tenants;
    this.audit = audit;
    this.notices = notices;
  }

  /** What is shown. */
  public sealed interface Outcome {
    /** If the name is somebody's, a link is on its way to them. */
    record Asked() implements Outcome {}

    /** Too many from this network, whatever names they were for. */
    record TooMany(Moment until) implements Outcome {}
  }

  /** Asks for a link, to be sent to the address on file and to no other. An older link is worthless from now on. */
  public Outcome ask(TenantId tenant, String typed, Occasion occasion) {
    var origin = tenants.origin(tenant);
    var ticket = Secret.fresh(entropy, 256);
    return database.write(tx -> {
      var fromHere = allowances.take(tx, tenant, ADDRESS, occasion.network(), occasion.at());
      if (fromHere instanceof Allowances.Taking.NoneLeft(var until)) {
        return new Outcome.TooMany(until);
      }
      var identifier = Identifier.of(typed);
      var person = people.find(tx, tenant, identifier).filter(Ticket::mayBeFor);
      var owner = person.map(Person::id).orElseGet(() -> nobody(identifier));
      boolean room =
          allowances.take(tx, tenant, PERSON, owner.value(), occasion.at())
              instanceof Allowances.Taking.Taken;
      audit.record(tx, tenant, event(person, room, occasion));
      if (room) {
        send(
            tx,
            tenant,
            owner,
            person,
            ticket,
            Secret.of(origin + PATH + ticket.reveal()),
            occasion);
      }
      return new Outcome.Asked();
    });
  }

  private void send(
      Tx tx,
      TenantId tenant,
      UserId owner,
      Optional<Person> person,
      Secret ticket,
      Secret link,
      Occasion occasion) {
    var expires = occasion.at().plus(LINK_LIFE);
    spendables.discard(tx, tenant, Spendables.Kind.PASSWORD_RESET, owner.value());
    spendables.put(
        tx,
        tenant,
        Spendables.Kind.PASSWORD_RESET,
        ticket,
        owner.value(),
        Ticket.payload(person),
        occasion.at(),
        expires);
    notices.tell(tx, tenant, owner, new Notice.PasswordReset(link, expires), occasion);
  }

  /** The id of nobody, the same for the same name, in the form of a person's id but in a space of its own. */
  private UserId nobody(Identifier identifier) {
    return new UserId("nobody " + digester.digest("unknown-name", Secret.of(identifier.normal())));
  }

  private static AuditEvent event(Optional<Person> person, boolean room, Occasion occasion) {
    var event =
        room
            ? AuditEvent.success(AuditType.PASSWORD_RESET_REQUESTED, occasion)
            : AuditEvent.of(AuditType.PASSWORD_RESET_REQUESTED, AuditEvent.Outcome.DENIED, occasion)
                .with("reason", "throttled");
    return person
        .map(it -> event.by("anonymous", it.id()))
        .orElseGet(() -> event.by("anonymous", null).with("unknown_name", "true"));
  }
}
