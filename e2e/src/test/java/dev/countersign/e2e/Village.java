package dev.countersign.e2e;

import dev.countersign.Wiring;
import dev.countersign.application.Application;
import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Prompt;
import dev.countersign.identity.People.Newcomer;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.PostgresBinaries;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The database of a server in another process: filled before it runs, looked into after. */
final class Village implements AutoCloseable {
  static final String PASSWORD = "plum orchard in the late rain";

  private final Path data;
  private final Optional<EmbeddedPostgres> postgres;
  private final LiveEntropy entropy = new LiveEntropy();

  Village(Stage.Engine engine, Path data) throws IOException {
    this.data = data;
    this.postgres =
        engine == Stage.Engine.POSTGRESQL
            ? Optional.of(
                EmbeddedPostgres.builder().setPgBinaryResolver(new PostgresBinaries()).start())
            : Optional.empty();
    KeyRing.readOrCreate(data.resolve("root.keys"), entropy);
  }

  /** By which a server finds it. */
  Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    flags.put("data", data.toString());
    postgres.ifPresent(it -> {
      flags.put("database-url", it.getJdbcUrl("postgres", "postgres"));
      flags.put("database-user", "postgres");
    });
    return flags;
  }

  /** Whether an operator's commands go through the running server. */
  boolean isEmbedded() {
    return postgres.isEmpty();
  }

  Path data() {
    return data;
  }

  /** Goes in while no server runs (on PostgreSQL, one may). */
  void inside(InstantSource clock, Consumer<Wiring> work) {
    this.<Optional<Wiring>>brings(
        clock,
        rooms -> {
          work.accept(rooms);
          return Optional.empty();
        });
  }

  /**
   * The default tenant with a bank, in which a factor of these is required.
   *
   * @param withApp people who have an authenticator app
   * @param without people who have none
   */
  Settled settled(List<String> factors, List<String> withApp, List<String> without) {
    return brings(
        InstantSource.system(),
        rooms -> {
          var tenant = tenant(rooms, "default");
          require(rooms, tenant, factors);
          var apps = settle(rooms, tenant, withApp, true);
          settle(rooms, tenant, without, false);
          return new Settled(client(rooms, tenant), apps);
        });
  }

  /** A bank, and the apps of those who have one. */
  record Settled(Walker.Client client, Map<String, AuthenticatorApp> apps) {
    AuthenticatorApp app(String name) {
      return Objects.requireNonNull(apps.get(name), name);
    }
  }

  /** So many names. */
  static List<String> names(String stem, int many) {
    return IntStream.range(0, many).mapToObj(i -> stem + i).toList();
  }

  private <T> T brings(InstantSource clock, Function<Wiring, T> work) {
    Map<String, String> chosen = new HashMap<>();
    flags().forEach((name, value) -> chosen.put(name.replace('-', '.'), value));
    if (!(Deployment.of(Settings.with(chosen)) instanceof Deployment.Sound(var deployment))) {
      throw new IllegalStateException("these settings do not go together");
    }
    var database =
        Database.at(
            new Database.Address(
                deployment.databaseUrl(),
                deployment.databaseUser(),
                deployment.databasePassword(),
                4,
                Duration.ofSeconds(20)));
    try (var wiring =
        new Wiring(
            new Wiring.Parts(
                database,
                KeyRing.read(data.resolve("root.keys")),
                clock,
                entropy,
                PublicAddress.local(80),
                PasswordHasher.COST,
                Settings.with(Map.of()),
                Optional.empty()))) {
      return work.apply(wiring);
    }
  }

  static Tenant tenant(Wiring rooms, String slug) {
    return rooms
        .ground.tenants
        .bySlug(slug)
        .orElseGet(() ->
            rooms.ground.tenants.create(slug, slug, now(rooms))
                    instanceof Tenants.Creation.Created(var created)
                ? created
                : fail(slug));
  }

  private static <T> T fail(String what) {
    throw new IllegalStateException(what);
  }

  static Moment now(Wiring rooms) {
    return Moment.of(rooms.ground.clock.instant());
  }

  private static void require(Wiring rooms, Tenant tenant, List<String> factors) {
    var changed =
        rooms.ground.database.<Policies.Change>write(tx ->
            rooms.course.policies.change(
                tx,
                tenant.id(),
                policy -> {
                  var edited = policy.withMode(Mode.REQUIRED);
                  for (var profile : rooms.methods.factors.of(tenant.id()).profiles()) {
                    edited = edited.allowing(profile.id(), factors.contains(profile.id().value()));
                  }
                  return edited;
                },
                "village",
                now(rooms)));
    if (!(changed instanceof Policies.Change.Saved)) {
      fail(String.valueOf(changed));
    }
  }

  private static Walker.Client client(Wiring rooms, Tenant tenant) {
    var settings = Application.of("Bank", Application.Type.REGULAR_WEB, List.of(Walker.CALLBACK));
    var created =
        rooms.ground.database.write(
            tx -> rooms.ground.applications.create(tx, tenant.id(), settings, now(rooms)));
    return new Walker.Client(created.application().id().value(), created.secret().reveal());
  }

  /** People with the one password, whose hash they share; the apps of those who have one, in the order of the names. */
  private static Map<String, AuthenticatorApp> settle(
      Wiring rooms, Tenant tenant, List<String> names, boolean withApp) {
    var hash = rooms.proofs.passwords.hash(Secret.of(PASSWORD));
    Map<String, AuthenticatorApp> apps = new HashMap<>();
    for (var name : names) {
      var person =
          rooms.ground.database.write(tx -> {
            var made =
                rooms.ground.people.add(
                    tx, tenant.id(), Newcomer.named(name, name + "@village.test"), now(rooms));
            rooms.proofs.passwords.set(tx, tenant.id(), made.id(), hash, now(rooms));
            return made;
          });
      if (withApp) {
        apps.put(name, app(rooms, tenant, person));
      }
    }
    return apps;
  }

  private static AuthenticatorApp app(Wiring rooms, Tenant tenant, Person person) {
    var factor = new FactorId("otp");
    var scene =
        rooms.ground.database.read(
            tx -> rooms.course.scenes.of(tx, tenant.id(), person, factor, Occasion.ofServer(now(rooms))));
    if (!(rooms.methods.factors.of(tenant.id()).get(factor).beginEnrolment(scene, Answer.NONE)
            instanceof Factor.Opening.Begun(var document, var posed))
        || !(posed.prompt() instanceof Prompt.SharedKey key)) {
      throw new IllegalStateException("an authenticator app begins with a key");
    }
    rooms.ground.database.write(
        tx -> rooms.methods.enrolments.add(tx, tenant.id(), person.id(), factor, "", document, now(rooms)));
    return AuthenticatorApp.scanning(key.uri());
  }

  @Override
  public void close() throws IOException {
    if (postgres.isPresent()) {
      postgres.get().close();
    }
  }
}
