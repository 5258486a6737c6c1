package dev.countersign.e2e;

import dev.countersign.Launcher;
import dev.countersign.Wiring;
import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.storage.KeyRing;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.PostgresBinaries;
import dev.countersign.testkit.ReadMail;
import dev.countersign.testkit.TestClock;
import dev.countersign.testkit.TextSink;
import dev.countersign.tls.DevelopmentCa;
import dev.countersign.tls.HttpsContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The product as an operator starts it, listening on HTTP and HTTPS, on one of its databases. One of each for all stories
 * that one thread tells: they live apart by their tenants, and those told at the same time have clocks of their own. Its clock starts now, as cookies meet the browser's, and moves only when a story
 * says so; certificates keep real time.
 */
final class Stage {
  private static final Map<Place, Stage> STAGES = new HashMap<>();

  private record Place(Engine engine, Thread teller) {}

  /** Which database it stands on. */
  enum Engine {
    EMBEDDED,
    POSTGRESQL
  }

  private final TestClock clock =
      new TestClock(Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(15));
  private final AtomicInteger tenants = new AtomicInteger();
  private final MailSink mails = MailSink.open(clock);
  private final TextSink texts = TextSink.open(clock);
  private final Launcher.Running product;
  private final Path authority;
  private final HttpsContext tls;

  private Stage(Engine engine) throws IOException {
    var entropy = new LiveEntropy();
    var data = Files.createTempDirectory("countersign-stage");
    Map<String, String> chosen =
        new HashMap<>(
            Map.of(
                "data", data.toString(),
                "mail.smtp.host", "127.0.0.1",
                "mail.smtp.port", String.valueOf(mails.port()),
                "mail.smtp.tls", "off",
                "mail.from", "stage@acme.test",
                "http.port", String.valueOf(FreePort.find().number()),
                "https.port", String.valueOf(FreePort.find().number())));
    chosen.put("outbound.allow", "127.0.0.0/8");
    chosen.put("trusted-proxies", "127.0.0.0/8"); // So that a browser may say where it is.
    chosen.put("sms.twilio.url", texts.url());
    if (engine == Engine.POSTGRESQL) {
      chosen.putAll(
          Map.of(
              "database.url",
              EmbeddedPostgres.builder()
                  .setPgBinaryResolver(new PostgresBinaries())
                  .start()
                  .getJdbcUrl("postgres", "postgres"),
              "database.user",
              "postgres"));
      KeyRing.readOrCreate(data.resolve("root.keys"), entropy);
    }
    var settings = Settings.with(chosen);
    if (!(Deployment.of(settings) instanceof Deployment.Sound(Deployment deployment))) {
      throw new IllegalStateException("these settings do not go together: " + chosen);
    }
    var certificates = new DevelopmentCa(data, entropy);
    authority = certificates.certificate();
    var hosts = new AtomicReference<Supplier<Collection<String>>>(List::of);
    tls =
        new HttpsContext(() -> certificates.identity(hosts.get().get(), Moment.of(Instant.now())));
    product =
        new Launcher(clock, entropy)
            .start(settings, deployment, () -> Optional.of(tls.sslContext()), new ServerMeters());
    hosts.set(product::hosts);
  }

  /** As the server does by itself every hour: a new tenant's host gets into the certificate. */
  void renewCertificate() {
    tls.renew();
  }

  static synchronized Stage on(Engine engine) {
    return STAGES.computeIfAbsent(
        new Place(engine, Thread.currentThread()),
        it -> {
          try {
            return new Stage(it.engine());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The mails to an address, oldest first. */
  List<ReadMail> mailsTo(String address) {
    return mails.mails().stream()
        .filter(mail -> mail.to().contains(address))
        .map(ReadMail::of)
        .toList();
  }

  /** The newest mail to an address. */
  ReadMail mailTo(String address) {
    return mailsTo(address).reversed().stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("no mail came to " + address));
  }

  /** The providers of texts, and what they took. */
  TextSink texts() {
    return texts;
  }

  /** The rooms, for setting a scene. */
  Wiring wiring() {
    return product.wiring();
  }

  /**
   * Goes on to the next quarter of a minute, not before real time: every story begins at the same place within the steps of
   * codes, and programs beside it know no other time than the real one.
   */
  void settles() {
    var now = Instant.now();
    var from = clock.instant().isBefore(now) ? now : clock.instant();
    var quarter = from.truncatedTo(ChronoUnit.MINUTES).plusSeconds(15);
    clock.set(quarter.isBefore(from) ? quarter.plusSeconds(60) : quarter);
  }

  TestClock clock() {
    return clock;
  }

  Moment now() {
    return Moment.of(clock.instant());
  }

  /** A name that no tenant here has yet. */
  String slug() {
    return "acme" + tenants.incrementAndGet();
  }

  /** Where a tenant is found, as in {@code https://acme1.localhost:45678}. */
  String origin(String slug, boolean secure) {
    return (secure ? "https://" : "http://") + slug + ".localhost:" + product.port(secure ? 1 : 0);
  }

  /** The development authority's certificate. */
  Path authority() {
    return authority;
  }
}
