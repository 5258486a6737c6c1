package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.delivery.Report;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells people by mail, at the address they have when it happens: changing it afterwards diverts no warning. What is told
 * to nobody is written too and dropped later, so that the time this takes tells nothing. Where there is something to say to
 * a notice it comes with a link to say it by, good once. Thread-safe.
 */
public final class MailNotices implements Notices {
  /** How long somebody may take to say that it was not them. */
  public static final Duration REPORT_LIFE = Duration.ofDays(7);

  private final People people;
  private final Outbox outbox;
  private final Entropy entropy;
  private final Spendables spendables;
  private final Tenants tenants;
  private final OtherAddresses others;

  /** Where else mail reaches somebody, apart from the address on file. */
  @FunctionalInterface
  public interface OtherAddresses {
    List<String> of(Tx tx, TenantId tenant, UserId who);
  }

  public MailNotices(
      People people,
      Outbox outbox,
      Entropy entropy,
      Spendables spendables,
      Tenants tenants,
      OtherAddresses others) {
    this.people = people;
    this.others = others;
    this.outbox = outbox;
    this.entropy = entropy;
    this.spendables = spendables;
    this.tenants = tenants;
  }

  @Override
  public void tell(Tx tx, TenantId tenant, UserId who, Notice notice, Occasion occasion) {
    var person = people.find(tx, tenant, who);
    var address = person.flatMap(it -> address(it, notice));
    write(tx, tenant, who, person, address, notice, occasion);
    if (notice.isForEveryAddress() && person.isPresent()) {
      others.of(tx, tenant, who).stream()
          .distinct()
          .filter(it -> address.filter(it::equalsIgnoreCase).isEmpty())
          .forEach(it -> write(tx, tenant, who, person, Optional.of(it), notice, occasion));
    }
  }

  private void write(
      Tx tx,
      TenantId tenant,
      UserId who,
      Optional<Person> person,
      Optional<String> address,
      Notice notice,
      Occasion occasion) {
    outbox.put(
        tx,
        new Errand(
            tenant,
            Ids.ordered("mail_", occasion.at(), entropy),
            address.orElse(""),
            person.map(Person::name).orElse(""),
            notice instanceof Notice.EnrolmentTicket ticket && ticket.locale().isPresent()
                ? ticket.locale()
                : person.flatMap(Person::locale),
            notice,
            occasion,
            address.flatMap(_ -> report(tx, tenant, who, notice, occasion))));
  }

  private Optional<Secret> report(
      Tx tx, TenantId tenant, UserId who, Notice notice, Occasion occasion) {
    return Report.to(notice)
        .map(report -> {
          var ticket = Secret.fresh(entropy, 256);
          spendables.put(
              tx,
              tenant,
              Spendables.Kind.NOT_ME,
              ticket,
              who.value(),
              report.payload(),
              occasion.at(),
              occasion.at().plus(REPORT_LIFE));
          return Secret.of(tenants.origin(tenant) + Report.PATH + ticket.reveal());
        });
  }

  /**
   * A warning goes to an address that is known to be theirs; a link that was asked for, to the one on file; an admin's
   * ticket to where the admin says.
   */
  private static Optional<String> address(Person person, Notice notice) {
    if (notice instanceof Notice.EnrolmentTicket ticket && ticket.to().isPresent()) {
      return ticket.to();
    }
    boolean fits =
        person.emailVerified()
            || notice instanceof Notice.PasswordReset
            || notice instanceof Notice.EnrolmentTicket;
    return fits ? Optional.ofNullable(person.email()) : Optional.empty();
  }
}
