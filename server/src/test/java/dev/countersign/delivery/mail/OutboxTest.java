package dev.countersign.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.identity.People;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Scratch;
import dev.countersign.storage.Sealer;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-02T09:00:15Z"));
  private final InstantSource clock = now::get;
  private final Entropy entropy = new LiveEntropy();
  private final KeyRing keys = KeyRing.fresh(entropy);
  private final Database database = Scratch.database();
  private final People people = new People(entropy);
  private final List<Mail> sent = new CopyOnWriteArrayList<>();
  private volatile Mailer.Outcome answer = new Mailer.Outcome.Sent();
  private final Outbox outbox = outbox();
  private final Tenants tenants = new Tenants(database, entropy, PublicAddress.local(8080));
  private final Notices notices =
      new MailNotices(
          people,
          outbox,
          entropy,
          new Spendables(new Digester(keys)),
          tenants,
          (_, _, _) -> List.of());
  private final TenantId acme;

  OutboxTest() {
    Schema.prepare(database, keys);
    acme =
        tenants.create("acme", "Acme", moment()) instanceof Tenants.Creation.Created(var it)
            ? it.id()
            : new TenantId("none");
  }

  private Outbox outbox() {
    return new Outbox(
        database,
        new Sealer(keys, entropy),
        clock,
        errand ->
            new Mail(
                errand.id(),
                "Acme",
                errand.to(),
                Optional.empty(),
                errand.locale().orElse(""),
                "s",
                errand.notice().toString(),
                ""),
        new MailTemplates(database),
        _ ->
            mail -> {
              if (answer instanceof Mailer.Outcome.Sent) {
                sent.add(mail);
              }
              return answer;
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Moment moment() {
    return Moment.of(now.get());
  }

  private Occasion occasion() {
    return new Occasion(moment(), "192.0.2.1", "Firefox", "req_1");
  }

  private UserId person(String name, boolean verified) {
    return database
        .write(tx ->
            people.add(
                tx,
                acme,
                new People.Newcomer(
                    null,
                    name,
                    name + "@acme.example",
                    verified,
                    null,
                    null,
                    Set.of(),
                    Set.of(),
                    Map.of("locale", "de"),
                    Map.of()),
                moment()))
        .id();
  }

  private void tell(UserId who, Notice notice) {
    database.run(tx -> notices.tell(tx, acme, who, notice, occasion()));
  }

  private record Row(int tries, long due, boolean givenUp, int size) {}

  private List<Row> rows() {
    return database.read(tx ->
        tx.sql("select tries, next_try_at, given_up_at, octet_length(message) as size from outbox")
            .list(row ->
                new Row(
                    row.count("tries"),
                    row.number("next_try_at"),
                    row.momentOrNull("given_up_at") != null,
                    row.count("size"))));
  }

  private void later(Duration by) {
    now.updateAndGet(it -> it.plus(by));
  }

  @Test
  void a_mail_is_sent_once_in_the_persons_language() {
    tell(person("ana", true), new Notice.PasswordChanged());

    outbox.deliverDue();
    outbox.deliverDue();

    assertThat(sent)
        .singleElement()
        .satisfies(mail -> {
          assertThat(mail.to()).isEqualTo("ana@acme.example");
          assertThat(mail.language()).isEqualTo("de");
        });
    assertThat(rows()).isEmpty();
  }

  @Test
  void what_is_rolled_back_is_not_sent() {
    var ana = person("ana", true);
    try {
      database.run(tx -> {
        notices.tell(tx, acme, ana, new Notice.PasswordChanged(), occasion());
        throw new IllegalStateException("rolled back");
      });
    } catch (IllegalStateException _) {
      outbox.deliverDue();
    }

    assertThat(sent).isEmpty();
    assertThat(rows()).isEmpty();
  }

  @Test
  void an_unverified_address_gets_no_warnings_but_the_link_that_was_asked_for() {
    var ben = person("ben", false);
    tell(ben, new Notice.PasswordChanged());
    tell(
        ben,
        new Notice.PasswordReset(
            Secret.of("https://acme.example/x"), moment().plus(Duration.ofHours(1))));
    tell(
        new UserId("nobody"),
        new Notice.PasswordReset(
            Secret.of("https://acme.example/y"), moment().plus(Duration.ofHours(1))));
    assertThat(rows()).hasSize(3);

    outbox.deliverDue();

    assertThat(sent)
        .singleElement()
        .satisfies(mail -> assertThat(mail.plain()).startsWith("PasswordReset"));
    assertThat(rows()).isEmpty();
  }

  @Test
  void changing_the_address_afterwards_diverts_no_warning() {
    var ana = person("ana", true);
    tell(ana, new Notice.PasswordChanged());
    database.run(tx -> {
      var it = people.find(tx, acme, ana).orElseThrow();
      people.save(
          tx,
          acme,
          new dev.countersign.identity.Person(
              it.id(),
              it.username(),
              "eve@evil.example",
              true,
              it.phone(),
              it.name(),
              it.groups(),
              it.roles(),
              it.blocked(),
              it.connection(),
              it.userMetadata(),
              it.appMetadata(),
              it.createdAt(),
              it.updatedAt(),
              it.version()),
          moment());
    });

    outbox.deliverDue();

    assertThat(sent).extracting(Mail::to).containsExactly("ana@acme.example");
  }

  @Test
  void
      what_cannot_be_sent_is_tried_at_growing_intervals_for_a_day_and_then_given_up_without_its_text() {
    answer = new Mailer.Outcome.Later("away");
    tell(person("ana", true), new Notice.PasswordChanged());
    var begun = moment();
    int tries = 0;
    long before = 0;
    while (!rows().getFirst().givenUp()) {
      outbox.deliverDue();
      assertThat(rows().getFirst().tries()).isEqualTo(++tries);
      if (!rows().getFirst().givenUp()) {
        long pause = rows().getFirst().due() - moment().millis();
        assertThat(pause).isBetween(before, Outbox.LONGEST_PAUSE.toMillis());
        before = pause;
        later(Duration.ofMillis(pause));
      }
    }

    assertThat(moment().since(begun))
        .isBetween(Outbox.PATIENCE, Outbox.PATIENCE.plus(Outbox.LONGEST_PAUSE));
    assertThat(rows().getFirst().size()).isLessThan(80);
    answer = new Mailer.Outcome.Sent();
    later(Duration.ofDays(3));
    outbox.deliverDue();
    assertThat(sent).isEmpty();
    int forgotten =
        database.write(tx -> outbox.tidy(tx, acme, moment().plus(Duration.ofDays(30)), 10));
    assertThat(forgotten).isEqualTo(1);
  }

  @Test
  void what_the_mail_host_refuses_for_good_is_given_up_at_once() {
    answer = new Mailer.Outcome.Never("550");
    tell(person("ana", true), new Notice.PasswordChanged());

    outbox.deliverDue();

    assertThat(rows()).singleElement().satisfies(row -> assertThat(row.givenUp()).isTrue());
  }

  @Test
  void a_link_that_expired_on_the_way_is_not_sent() {
    answer = new Mailer.Outcome.Later("away");
    tell(
        person("ana", true),
        new Notice.PasswordReset(
            Secret.of("https://acme.example/x"), moment().plus(Duration.ofHours(1))));
    outbox.deliverDue();
    answer = new Mailer.Outcome.Sent();
    later(Duration.ofHours(1));

    outbox.deliverDue();

    assertThat(sent).isEmpty();
    assertThat(rows()).singleElement().satisfies(row -> assertThat(row.givenUp()).isTrue());
  }

  @Test
  void a_server_that_dies_while_sending_leaves_the_mail_to_the_next_try() {
    tell(person("ana", true), new Notice.PasswordChanged());
    var store = new OutboxStore();
    var row = database.read(tx -> store.due(tx, moment(), 1)).getFirst();
    boolean first = database.write(tx -> store.claim(tx, row, moment().plus(Outbox.CLAIM)));
    boolean second = database.write(tx -> store.claim(tx, row, moment().plus(Outbox.CLAIM)));
    assertThat(first).isTrue();
    assertThat(second).isFalse();

    outbox.deliverDue();
    assertThat(sent).isEmpty();
    later(Outbox.CLAIM);
    outbox.deliverDue();
    assertThat(sent).hasSize(1);
  }

  @Test
  void of_several_servers_one_sends_each_mail() throws InterruptedException {
    var ana = person("ana", true);
    for (int i = 0; i < 40; i++) {
      tell(ana, new Notice.BackupCodeUsed(i));
    }
    var start = new CyclicBarrier(3);
    try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        var mine = outbox();
        servers.execute(() -> {
          try {
            start.await();
          } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
            throw new IllegalStateException(e);
          }
          mine.deliverDue();
        });
      }
    }
    outbox.deliverDue();

    assertThat(sent).extracting(Mail::plain).doesNotHaveDuplicates().hasSize(40);
    assertThat(rows()).isEmpty();
  }

  @Test
  void nothing_in_the_outbox_can_be_read_without_the_keys() {
    tell(
        person("ana", true),
        new Notice.PasswordReset(
            Secret.of("https://acme.example/ticket=CANARY"), moment().plus(Duration.ofHours(1))));

    var stored =
        database
            .read(tx -> tx.sql("select message from outbox").list(row -> row.sealed("message")))
            .getFirst();

    assertThat(new String(stored.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("CANARY")
        .doesNotContain("ana@");
  }
}
