package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Optional;

/**
 * Tells people by mail, at the address they have when it happens: changing it afterwards diverts no warning. What is told
 * to nobody is written too and dropped later, so that the time this takes tells nothing. Thread-safe.
 */
public final class MailNotices implements Notices {
  private final People people;
  private final Outbox outbox;
  private final Entropy entropy;

  public MailNotices(People people, Outbox outbox, Entropy entropy) {
    this.people = people;
    this.outbox = outbox;
    this.entropy = entropy;
  }

  @Override
  public void tell(Tx tx, TenantId tenant, UserId who, Notice notice, Occasion occasion) {
    var person = people.find(tx, tenant, who);
    outbox.put(
        tx,
        new Errand(
            tenant,
            Ids.ordered("mail_", occasion.at(), entropy),
            person.flatMap(it -> address(it, notice)).orElse(""),
            person.map(Person::name).orElse(""),
            person.flatMap(MailNotices::locale),
            notice,
            occasion));
  }

  /** A warning goes to an address that is known to be theirs; a link that was asked for, to the one on file. */
  private static Optional<String> address(Person person, Notice notice) {
    boolean fits = person.emailVerified() || notice instanceof Notice.PasswordReset;
    return fits ? Optional.ofNullable(person.email()) : Optional.empty();
  }

  static Optional<String> locale(Person person) {
    return person.userMetadata().get("locale") instanceof String tag && tag.length() <= 35
        ? Optional.of(tag)
        : Optional.empty();
  }
}
