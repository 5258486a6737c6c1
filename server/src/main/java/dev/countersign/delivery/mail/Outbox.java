package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Where mails wait from the transaction that caused them until they are sent. A row is claimed for {@link #CLAIM} by one
 * conditional UPDATE, so that of several servers one sends it; when a server dies between sending and deleting, it is sent
 * once more, under the same Message-ID. What cannot be sent is tried again at growing intervals for a day, then given up
 * and logged. Rows are sealed: they hold links that open accounts. Thread-safe.
 */
public final class Outbox {
  /** Longer than any mailer may take. */
  static final Duration CLAIM = Duration.ofMinutes(5);

  static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  static final Duration LONGEST_PAUSE = Duration.ofHours(2);
  static final Duration PATIENCE = Duration.ofDays(1);

  private static final int BATCH = 8;
  private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

  private final Database database;
  private final Sealer sealer;
  private final InstantSource clock;
  private final Wording wording;
  private final MailTemplates templates;
  private final Carriers carriers;
  private final OutboxStore store = new OutboxStore();

  public Outbox(
      Database database,
      Sealer sealer,
      InstantSource clock,
      Wording wording,
      MailTemplates templates,
      Carriers carriers) {
    this.database = database;
    this.sealer = sealer;
    this.clock = clock;
    this.wording = wording;
    this.templates = templates;
    this.carriers = carriers;
  }

  void put(Tx tx, Errand errand) {
    store.insert(
        tx,
        errand.tenant(),
        errand.id(),
        sealer.seal(place(errand.tenant(), errand.id()), Letterform.write(errand)),
        now());
  }

  /** Sends what is due, several at a time, until nothing is; returns when the last one is through. */
  public void deliverDue() {
    int found;
    do {
      var due = database.read(tx -> store.due(tx, now(), BATCH));
      try (var sending = Executors.newVirtualThreadPerTaskExecutor()) {
        due.forEach(row -> sending.execute(() -> deliver(row)));
      }
      found = due.size();
    } while (found == BATCH);
  }

  /** The same for one tenant, whose mails somebody wants to read now. */
  public void deliverDue(TenantId tenant) {
    database.read(tx -> store.due(tx, tenant, now(), 100)).forEach(this::deliver);
  }

  /** Forgets what was given up before this time, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteGivenUp(tx, tenant, before, most);
  }

  private void deliver(OutboxStore.Row row) {
    try {
      if (database.write(tx -> store.claim(tx, row, now().plus(CLAIM)))) {
        settle(row, attempt(row));
      }
    } catch (RuntimeException e) {
      // The claim runs out by itself, and the mail is tried again.
      LOG.log(
          System.Logger.Level.WARNING,
          "mail " + row.id() + " of tenant " + row.tenant() + " is stuck",
          e);
    }
  }

  private Mailer.Outcome attempt(OutboxStore.Row row) {
    try {
      var errand =
          Letterform.read(
              row.tenant(),
              row.id(),
              sealer.openSecret(place(row.tenant(), row.id()), row.message()));
      if (errand.to().isEmpty()) {
        return new Mailer.Outcome.Sent(); // There is nobody to send it to, and nobody is to notice.
      }
      if (expires(errand.notice()).filter(now()::reached).isPresent()) {
        return new Mailer.Outcome.Never("its link has expired");
      }
      return carriers.of(row.tenant()).send(dressed(errand));
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "mail " + row.id() + " of tenant " + row.tenant() + " cannot be written",
          e);
      return new Mailer.Outcome.Later("it cannot be written");
    }
  }

  /** When the link in it is good for nothing any more. */
  private static Optional<Moment> expires(Notice notice) {
    return switch (notice) {
      case Notice.PasswordReset(var _, var expires) -> Optional.of(expires);
      case Notice.EnrolmentTicket(var _, var expires, var _, var _) -> Optional.of(expires);
      case Notice.FactorEnrolled _,
          Notice.FactorRemoved _,
          Notice.FactorsReset _,
          Notice.FactorUsedElsewhere _,
          Notice.BackupCodeUsed _,
          Notice.BackupCodesRegenerated _,
          Notice.Locked _,
          Notice.PasswordLocked _,
          Notice.CodeReplayed _,
          Notice.PasswordChanged _,
          Notice.SignInDisowned _,
          Notice.AccessCodeIssued _,
          Notice.AccessCodeUsed _,
          Notice.RecoveryWaiting _,
          Notice.RecoveryCancelled _,
          Notice.RecoveryCompleted _ ->
          Optional.empty();
    };
  }

  private Mail dressed(Errand errand) {
    var usual = wording.of(errand);
    if (errand.notice() instanceof Notice.PasswordReset(var link, var _)) {
      return templates.dressed(
          errand.tenant(), MailTemplates.RESET, usual, Map.of("url", link.reveal()));
    }
    if (errand.notice() instanceof Notice.EnrolmentTicket(var link, var _, var _, var _)) {
      return templates.dressed(
          errand.tenant(), MailTemplates.ENROLMENT, usual, Map.of("url", link.reveal()));
    }
    return usual;
  }

  private void settle(OutboxStore.Row row, Mailer.Outcome outcome) {
    var now = now();
    switch (outcome) {
      case Mailer.Outcome.Sent _ -> database.run(tx -> store.delete(tx, row.tenant(), row.id()));
      case Mailer.Outcome.Never(var why) -> giveUp(row, why, now);
      case Mailer.Outcome.Later(var why) -> {
        if (now.reached(row.createdAt().plus(PATIENCE))) {
          giveUp(row, why, now);
        } else {
          LOG.log(
              System.Logger.Level.INFO,
              "mail {0} of tenant {1} will be tried again: {2}",
              row.id(),
              row.tenant(),
              why);
          database.run(tx -> store.later(tx, row.tenant(), row.id(), now.plus(pause(row.tries()))));
        }
      }
    }
  }

  private void giveUp(OutboxStore.Row row, String why, Moment now) {
    LOG.log(
        System.Logger.Level.WARNING,
        "mail {0} of tenant {1} is given up: {2}",
        row.id(),
        row.tenant(),
        why);
    var nothing = sealer.seal(place(row.tenant(), row.id()), Secret.of(""));
    database.run(tx -> store.giveUp(tx, row.tenant(), row.id(), nothing, now));
  }

  /** Doubles with every try. */
  static Duration pause(int triesBefore) {
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(triesBefore, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }

  private static Place place(TenantId tenant, String id) {
    return new Place(tenant, "outbox", "message", id);
  }
}
