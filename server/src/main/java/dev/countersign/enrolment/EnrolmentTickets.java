package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.identity.People;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Invitation;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tickets by which admins ask people to set a factor up. A ticket only points the way: whoever has it signs in as ever,
 * and it is used up when the factor is confirmed, by one conditional UPDATE. Thread-safe.
 */
public final class EnrolmentTickets {
  /** How long one is good. */
  public static final Duration LIFE = Duration.ofDays(5);

  /** The page that takes it; the ticket follows. */
  public static final String PATH = "/mfa/enrollment?ticket=";

  private static final int LENGTH = 32;
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final Database database;
  private final Spendables spendables;
  private final People people;
  private final Tenants tenants;
  private final Entropy entropy;
  private final Audit audit;
  private final Notices notices;

  public EnrolmentTickets(
      Database database,
      Spendables spendables,
      People people,
      Tenants tenants,
      Entropy entropy,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.spendables = spendables;
    this.people = people;
    this.tenants = tenants;
    this.entropy = entropy;
    this.audit = audit;
    this.notices = notices;
  }

  /**
   * What one is for.
   *
   * @param anyOf which factors may be set up with it
   * @param besideOthers whether it is good for somebody who has a factor
   */
  public record Wanted(List<FactorId> anyOf, boolean besideOthers) {
    public Wanted {
      anyOf = List.copyOf(anyOf);
    }
  }

  /** Where one is mailed to, and in which language, if not as the person has it. */
  public record Mailing(Optional<String> to, Optional<String> locale) {}

  /** One just made; it exists nowhere else. */
  public record Issued(Secret ticket, Secret link) {}

  /** What stands in the payload column. */
  private record Payload(List<String> factors, boolean besideOthers) {}

  /** Makes one, and promises to mail it if that is wanted. */
  public Issued issue(Tx tx, AdminSetUp.Act act, Wanted wanted, Optional<Mailing> mailing) {
    var now = act.occasion().at();
    var expires = now.plus(LIFE);
    var ticket = Secret.of(entropy.text(LENGTH, ALPHABET));
    var link = Secret.of(tenants.origin(act.tenant()) + PATH + ticket.reveal());
    spendables.put(
        tx,
        act.tenant(),
        Spendables.Kind.ENROLMENT_TICKET,
        ticket,
        act.user().value(),
        Json.write(
            new Payload(
                wanted.anyOf().stream().map(FactorId::value).toList(), wanted.besideOthers())),
        now,
        expires);
    audit.record(
        tx,
        act.tenant(),
        AuditEvent.success(AuditType.ENROLMENT_TICKET_ISSUED, act.occasion())
            .by(act.actor(), act.user())
            .with(
                "factors", String.join(" ", wanted.anyOf().stream().map(FactorId::value).toList()))
            .with("mailed", String.valueOf(mailing.isPresent())));
    mailing.ifPresent(it ->
        notices.tell(
            tx,
            act.tenant(),
            act.user(),
            new Notice.EnrolmentTicket(link, expires, it.to(), it.locale()),
            act.occasion()));
    return new Issued(ticket, link);
  }

  /** What a ticket invites to, without using it up; the same nothing for one that is unknown, used, too old or nobody's. */
  public Optional<Invitation> open(TenantId tenant, Secret ticket, Moment now) {
    return database.read(tx ->
        spendables
            .find(tx, tenant, Spendables.Kind.ENROLMENT_TICKET, ticket)
            .filter(found -> found.it().spentAt().isEmpty() && !now.reached(found.it().expiresAt()))
            .filter(found ->
                people
                    .find(tx, tenant, new UserId(found.it().owner()))
                    .filter(person -> !person.blocked())
                    .isPresent())
            .map(found -> {
              var payload = Json.read(found.it().payload(), Payload.class);
              return new Invitation(
                  found.digest(),
                  new UserId(found.it().owner()),
                  payload.factors().stream().map(FactorId::new).toList(),
                  payload.besideOthers());
            }));
  }
}
