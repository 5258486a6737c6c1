package dev.countersign.delivery.mail;

import dev.countersign.delivery.Caps;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Allowance;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends codes by mail while their reader waits, and tells them when that fails: a code that came an hour later would be worth
 * nothing, so it does not go through the outbox. Thread-safe.
 */
public final class MailCodes implements Courier {
  /** How long a person waits for the mail host. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  static final Allowance PER_SIGN_IN = new Allowance("mail-codes/sign-in", 3, Duration.ofHours(1));
  static final Allowance PER_PERSON = new Allowance("mail-codes/person", 10, Duration.ofHours(1));

  private static final System.Logger LOG = System.getLogger(MailCodes.class.getName());

  private final Database database;
  private final People people;
  private final Caps caps;
  private final CodeWording wording;
  private final MailTemplates templates;
  private final Carriers carriers;
  private final Entropy entropy;
  private final Executor threads;

  /**
   * Sends by these.
   *
   * @param threads runs each sending on a thread of its own
   */
  public MailCodes(
      Database database,
      People people,
      Caps caps,
      CodeWording wording,
      MailTemplates templates,
      Carriers carriers,
      Entropy entropy,
      Executor threads) {
    this.database = database;
    this.people = people;
    this.caps = caps;
    this.wording = wording;
    this.templates = templates;
    this.carriers = carriers;
    this.entropy = entropy;
    this.threads = threads;
  }

  @Override
  public Admission admit(Tx tx, Errand errand, Occasion occasion) {
    if (!carriers.sends(errand.tenant())) {
      return new Admission.Refused("no_channel", Optional.empty());
    }
    var signIn = errand.signIn();
    var limits =
        signIn == null
            ? List.of(new Caps.Cap(PER_PERSON, errand.user().value()))
            : List.of(
                new Caps.Cap(PER_SIGN_IN, signIn.value()),
                new Caps.Cap(PER_PERSON, errand.user().value()));
    return caps.admit(tx, errand, limits, occasion);
  }

  @Override
  public Outcome send(Errand errand, Occasion occasion) {
    if (!(errand.dispatch() instanceof Dispatch.Mail dispatch)) {
      throw new IllegalArgumentException("not a mail");
    }
    var person = database.read(tx -> people.find(tx, errand.tenant(), errand.user()));
    var mail =
        wording.of(
            errand,
            dispatch,
            Ids.ordered("mail_", occasion.at(), entropy),
            person.map(Person::name).orElse(""),
            Optional.ofNullable(errand.locales()).or(() -> person.flatMap(Person::locale)),
            occasion);
    var dressed =
        templates.dressed(
            errand.tenant(),
            MailTemplates.CODE,
            mail,
            Map.of("code", dispatch.code().reveal(), "application.name", errand.application()));
    return switch (sent(errand.tenant(), dressed)) {
      case Mailer.Outcome.Sent _ -> new Outcome.Handed("smtp");
      case Mailer.Outcome.Later(var why) -> failed(mail, why);
      case Mailer.Outcome.Never(var why) -> failed(mail, why);
    };
  }

  private static Outcome failed(Mail mail, String why) {
    LOG.log(System.Logger.Level.WARNING, "the code of {0} was not sent: {1}", mail.id(), why);
    return new Outcome.Failed("provider_failed");
  }

  /** Whoever is still talking to the mail host when patience ends may talk on: the code is worth nothing by then. */
  private Mailer.Outcome sent(TenantId tenant, Mail mail) {
    var sending = CompletableFuture.supplyAsync(() -> carriers.of(tenant).send(mail), threads);
    try {
      return sending.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Mailer.Outcome.Later("the mail host took too long");
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.ERROR, "mail " + mail.id() + " cannot be sent", e.getCause());
      return new Mailer.Outcome.Later("it cannot be put together");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Mailer.Outcome.Later("the server is going down");
    }
  }
}
