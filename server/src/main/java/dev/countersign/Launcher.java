package dev.countersign;

import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.application.Urls;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditReader;
import dev.countersign.audit.AuditType;
import dev.countersign.config.Deployment;
import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.NativeCrypto;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.logging.AccessLog;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.operator.Answer;
import dev.countersign.operator.Health;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.storage.Database;
import dev.countersign.storage.Erasure;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.HttpServer;
import dev.countersign.web.Peers;
import dev.countersign.web.Site;
import dev.countersign.web.Sites;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts the product from its configuration: opens the database, wires the rooms, listens. */
public final class Launcher implements Product.Launcher {
  /** How long a request waits for a database connection before it is told to come back. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** When the start is over, and what is only there to be quicker may come. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Entropy entropy;
  private final OptionalInt httpsSeenAt;

  public Launcher(InstantSource clock, Entropy entropy) {
    this(clock, entropy, OptionalInt.empty());
  }

  /**
   * For a server whose connections something of ours passes on.
   *
   * @param httpsSeenAt the port at which browsers see HTTPS, where it is not the one it listens on
   */
  public Launcher(InstantSource clock, Entropy entropy, OptionalInt httpsSeenAt) {
    this.clock = clock;
    this.entropy = entropy;
    this.httpsSeenAt = httpsSeenAt;
  }

  @Override
  public Operations open(Settings settings, Deployment deployment) {
    return new Asked(wire(settings, deployment), _ -> {});
  }

  @Override
  public Running start(
      Settings settings,
      Deployment deployment,
      Supplier<Optional<SSLContext>> tls,
      ServerMeters meters) {
    var wiring = wire(settings, deployment);
    try {
      ensureDefaultTenant(wiring);
      var secured = tls.get();
      var server = listen(settings, deployment, wiring, secured, meters);
      wiring.upkeep.start();
      // It says by itself what came of it, and nobody waits.
      var _ = NativeCrypto.installInBackground(SETTLED);
      meters.databasePool(new Pool(wiring.ground.database));
      return new Running(wiring, server, addresses(settings, server, secured));
    } catch (RuntimeException e) {
      wiring.close();
      throw e;
    }
  }

  private Wiring wire(Settings settings, Deployment deployment) {
    var database =
        Database.at(
            new Database.Address(
                deployment.databaseUrl(),
                deployment.databaseUser(),
                deployment.databasePassword(),
                settings.get(Keys.DATABASE_POOL_SIZE),
                PATIENCE));
    try {
      var keys = Schema.ring(database, deployment.keysFile(), entropy);
      return new Wiring(
          new Wiring.Parts(
              database,
              keys,
              clock,
              entropy,
              address(settings, deployment),
              PasswordHasher.COST,
              settings));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static PublicAddress address(Settings settings, Deployment deployment) {
    var suffix = settings.get(Keys.TENANT_DOMAIN_SUFFIX);
    return settings
        .get(Keys.PUBLIC_URL)
        .map(url -> PublicAddress.of(url, suffix))
        .orElseGet(() -> PublicAddress.local(deployment.publicUrl().getPort(), suffix));
  }

  private void ensureDefaultTenant(Wiring wiring) {
    if (wiring.ground.tenants.bySlug(Tenants.DEFAULT_SLUG).isEmpty()) {
      var made =
          wiring.ground.tenants.create(
              Tenants.DEFAULT_SLUG, "Countersign", Moment.of(clock.instant()));
      if (made instanceof Tenants.Creation.Created(var tenant)) {
        preparing(wiring).accept(tenant.id());
      }
    }
  }

  /** Has a new tenant's key made while nobody waits for it yet; other algorithms come with whom they are for. */
  private static Consumer<TenantId> preparing(Wiring wiring) {
    return tenant -> wiring.ground.signingKeys.prepare(tenant, SigningAlgorithm.RS256);
  }

  private HttpServer listen(
      Settings settings,
      Deployment deployment,
      Wiring wiring,
      Optional<SSLContext> tls,
      ServerMeters meters) {
    Optional<Sites.Listener> outside =
        settings
            .get(Keys.PUBLIC_URL)
            .map(_ -> PublicAddress.of(deployment.publicUrl(), Optional.empty()))
            .map(address -> new Sites.Listener(address.scheme(), address.port()));
    Sites sites =
        (host, listener) ->
            wiring.ground.tenants.at(host).map(tenant -> new Site(tenant, listener.origin(host)));
    var limits =
        new HttpServer.Limits(
            Math.toIntExact(settings.get(Keys.REQUEST_BODY)),
            Math.toIntExact(settings.get(Keys.REQUEST_HEADERS)),
            settings.get(Keys.IDLE_TIMEOUT),
            settings.get(Keys.STOP_TIMEOUT));
    var server =
        new HttpServer(
            wiring.web.router,
            sites,
            new Peers(settings.get(Keys.TRUSTED_PROXIES)),
            limits,
            clock,
            entropy,
            (request, pattern, status, took) -> {
              meters.request(request.method().name(), pattern, status, took);
              AccessLog.write(request.method().name(), pattern, status, took, request.address());
            });
    server.listen(endpoint(settings, settings.get(Keys.HTTP_PORT), null, outside));
    settings
        .get(Keys.HTTPS_PORT)
        .ifPresent(port ->
            server.listen(
                // A public URL without TLS is not the one of a port that ends TLS itself.
                endpoint(
                    settings,
                    port,
                    tls.orElseThrow(),
                    outside.filter(it -> it.scheme().equals("https")).or(this::httpsOutside))));
    return server.start();
  }

  private Optional<Sites.Listener> httpsOutside() {
    return httpsSeenAt.isPresent()
        ? Optional.of(new Sites.Listener("https", httpsSeenAt.getAsInt()))
        : Optional.empty();
  }

  private static HttpServer.Endpoint endpoint(
      Settings settings, int port, @Nullable SSLContext tls, Optional<Sites.Listener> outside) {
    return new HttpServer.Endpoint(settings.get(Keys.HTTP_BIND), port, tls, outside.orElse(null));
  }

  private static List<String> addresses(
      Settings settings, HttpServer server, Optional<SSLContext> tls) {
    var configured = settings.get(Keys.PUBLIC_URL);
    if (configured.isPresent()) {
      return List.of(configured.get().toString());
    }
    var suffix = settings.get(Keys.TENANT_DOMAIN_SUFFIX).orElse("localhost");
    var addresses = new ArrayList<String>();
    addresses.add("http://" + suffix + ":" + server.port(0));
    tls.ifPresent(_ -> addresses.add("https://" + suffix + ":" + server.port(1)));
    return addresses;
  }

  /** Whether the database does what it is asked. */
  public static Health.Check databaseCheck(Wiring wiring) {
    return new Health.Check(
        "database",
        () ->
            wiring.ground.database.<Integer>read(
                    tx -> tx.sql("select 1 as one").list(row -> row.count("one")).getFirst())
                == 1);
  }

  private record Pool(Database database) implements ServerMeters.Pool {
    @Override
    public int active() {
      return database.load().active();
    }

    @Override
    public int idle() {
      return database.load().idle();
    }

    @Override
    public int awaited() {
      return database.load().awaited();
    }
  }

  /** A product that listens. */
  public static final class Running implements Product {
    private final Wiring wiring;
    private final HttpServer server;
    private final List<String> addresses;

    Running(Wiring wiring, HttpServer server, List<String> addresses) {
      this.wiring = wiring;
      this.server = server;
      this.addresses = List.copyOf(addresses);
    }

    /** The rooms, for whoever sets a scene in the same process. */
    public Wiring wiring() {
      return wiring;
    }

    /** The port of HTTP (0) or HTTPS (1), as bound. */
    public int port(int index) {
      return server.port(index);
    }

    @Override
    public List<Health.Check> checks() {
      return List.of(databaseCheck(wiring));
    }

    @Override
    public Collection<String> hosts() {
      return wiring.ground.tenants.hosts();
    }

    @Override
    public List<String> addresses() {
      return addresses;
    }

    @Override
    public Operations operations() {
      return new Asked(wiring, preparing(wiring));
    }

    @Override
    public void drain() {
      server.drain();
    }

    @Override
    public void close() {
      wiring.answers.bell
          .close(); // Whoever is kept waiting gets an answer before the server waits for them.
      server.close();
      wiring.close();
    }
  }

  /**
   * What an operator may ask.
   *
   * @param created told of each new tenant
   */
  private record Asked(Wiring wiring, Consumer<TenantId> created) implements Operations {
    @Override
    public boolean audit(String tenant, Optional<String> user, int most, Answer answer) {
      return in(
          tenant,
          answer,
          it -> {
            new AuditReader(wiring.ground.database, wiring.ground.audit)
                .last(it.id(), user.map(UserId::new), most)
                .forEach(answer::say);
            return true;
          });
    }

    @Override
    public boolean refusals(String tenant, int hours, Answer answer) {
      return in(
          tenant,
          answer,
          it -> {
            new AuditReader(wiring.ground.database, wiring.ground.audit)
                .refusals(it.id(), now().minus(Duration.ofHours(hours)))
                .forEach(answer::say);
            return true;
          });
    }

    @Override
    public boolean rotateSigningKeys(String tenant, Answer answer) {
      return in(
          tenant,
          answer,
          it -> {
            boolean done = true;
            for (var algorithm : SigningAlgorithm.values()) {
              done &= rotate(it, algorithm, answer);
            }
            return done;
          });
    }

    private boolean rotate(Tenant tenant, SigningAlgorithm algorithm, Answer answer) {
      var now = Moment.of(wiring.ground.clock.instant());
      var event =
          AuditEvent.success(AuditType.KEYS_ROTATED, Occasion.ofServer(now))
              .by("operator", null)
              .with("algorithm", algorithm.name());
      return switch (wiring.ground.signingKeys.rotate(
          tenant.id(), algorithm, tx -> wiring.ground.audit.record(tx, tenant.id(), event))) {
        case SigningKeys.Rotation.Rotated(var kid) -> {
          answer.say(algorithm + " " + kid);
          yield true;
        }
        case SigningKeys.Rotation.TooSoon(var until) -> {
          answer.tell(
              "The next "
                  + algorithm
                  + " key was published too lately for every client to have seen it: ask again after "
                  + until
                  + ".");
          yield false;
        }
      };
    }

    @Override
    public boolean createTenant(String slug, String displayName, boolean sandbox, Answer answer) {
      return switch (wiring.ground.tenants.create(
          slug,
          displayName,
          sandbox,
          Moment.of(wiring.ground.clock.instant()),
          (tx, tenant) ->
              record(
                  tx,
                  tenant,
                  AuditType.TENANT_CREATED,
                  sandbox ? Map.of("tenant", slug, "sandbox", "yes") : Map.of("tenant", slug)))) {
        case Tenants.Creation.Created(var tenant) -> {
          created.accept(tenant.id());
          answer.say(wiring.ground.tenants.origin(tenant.id()));
          yield true;
        }
        case Tenants.Creation.Taken _ -> {
          answer.tell("There is a tenant \"" + slug + "\" already.");
          yield false;
        }
        case Tenants.Creation.BadSlug _ -> {
          answer.tell(
              "A tenant's name has 1 to 63 lower-case letters, digits and hyphens, for it is part of a host name.");
          yield false;
        }
      };
    }

    @Override
    public boolean allowLogoutUrls(String slug, List<String> urls, Answer answer) {
      return in(
          slug,
          answer,
          tenant -> {
            var unfit = urls.stream().filter(url -> !Urls.isCallback(url)).findFirst();
            if (unfit.isPresent()) {
              answer.tell(
                  "Nobody can be sent to "
                      + unfit.get()
                      + ": write it whole, as https://app.example.com/bye.");
              return false;
            }
            boolean saved =
                wiring.ground.tenants.save(
                    tenant.withSettings(tenant.settings().withLogoutUrls(urls)),
                    tx ->
                        record(
                            tx,
                            tenant.id(),
                            AuditType.TENANT_CHANGED,
                            Map.of("logout_urls", String.join(" ", urls))));
            if (!saved) {
              answer.tell("The tenant was changed by somebody else just now: try again.");
            }
            return saved;
          });
    }

    @Override
    public boolean importTokens(
        String slug, String format, Secret content, Secret key, Secret password, Answer answer) {
      var file =
          new TokenFile(
              TokenFile.Format.valueOf(format),
              content,
              Optional.of(key).filter(it -> !it.isEmpty()),
              Optional.of(password).filter(it -> !it.isEmpty()));
      return in(slug, answer, tenant -> importTokens(tenant, file, answer));
    }

    private boolean importTokens(Tenant tenant, TokenFile file, Answer answer) {
      return switch (file.read()) {
        case TokenFile.Reading.Unreadable(var why) -> {
          answer.tell("The file was not taken: " + why + ".");
          yield false;
        }
        case TokenFile.Reading.Read(var tokens) -> {
          var occasion = Occasion.ofServer(Moment.of(wiring.ground.clock.instant()));
          var imported =
              wiring.ground.database.write(
                  tx -> wiring.enrolling.tokens.add(tx, tenant.id(), tokens, "operator", occasion));
          answer.say(
              imported.added()
                  + " imported, "
                  + imported.known().size()
                  + " were there already and stay as they are");
          yield true;
        }
      };
    }

    @Override
    public boolean listTenants(Answer answer) {
      wiring
          .ground
          .tenants
          .all()
          .forEach(tenant ->
              answer.say(
                  tenant.slug()
                      + " "
                      + wiring.ground.tenants.origin(tenant.id())
                      + (tenant.sandbox() ? " sandbox" : "")));
      return true;
    }

    @Override
    public boolean listClients(String slug, Answer answer) {
      return in(
          slug,
          answer,
          tenant -> {
            wiring
                .ground
                .database
                .read(tx -> wiring.ground.applications.page(tx, tenant.id(), 0, 10_000))
                .forEach(it ->
                    answer.say(
                        Json.write(
                            Json.object()
                                .put("client_id", it.id().value())
                                .put("name", it.name())
                                .put("app_type", it.type().name().toLowerCase(Locale.ROOT)))));
            return true;
          });
    }

    @Override
    public boolean deleteTenant(String slug, String confirmed, Answer answer) {
      return in(
          slug,
          answer,
          tenant -> {
            if (slug.equals(Tenants.DEFAULT_SLUG)) {
              answer.tell("The default tenant cannot be deleted.");
              return false;
            }
            if (!confirmed.equals(slug)) {
              answer.tell(
                  "Nothing brings back what is deleted. Say --confirm " + slug + " to delete it.");
              return false;
            }
            long rows = Erasure.erase(wiring.ground.database, tenant.id());
            wiring.ground.tenants.forget(tenant.id());
            answer.tell("The tenant \"" + slug + "\" is deleted: " + rows + " rows.");
            return true;
          });
    }

    @Override
    public boolean deleteClient(String slug, String clientId, Answer answer) {
      return in(
          slug,
          answer,
          tenant -> {
            boolean gone =
                wiring.ground.applications.find(tenant.id(), clientId).isPresent()
                    && wiring.ground.database.write(tx -> {
                      boolean removed =
                          wiring.ground.applications.remove(
                              tx, tenant.id(), new ClientId(clientId));
                      if (removed) {
                        record(
                            tx,
                            tenant.id(),
                            AuditType.API_CHANGED,
                            Map.of("changed", "application", "removed", clientId));
                      }
                      return removed;
                    });
            if (!gone) {
              answer.tell("There is no application of the client id \"" + clientId + "\".");
            }
            return gone;
          });
    }

    @Override
    public boolean createUser(
        String slug, String email, String username, Secret password, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPeople.create(
                  tenant,
                  email,
                  username,
                  password,
                  Moment.of(wiring.ground.clock.instant()),
                  answer));
    }

    @Override
    public boolean deleteUser(String slug, String name, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPeople.delete(
                  tenant, name, Moment.of(wiring.ground.clock.instant()), answer));
    }

    @Override
    public boolean issueAccessCode(
        String slug, String name, String number, long seconds, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPeople.issueAccessCode(
                  tenant,
                  name,
                  number,
                  Duration.ofSeconds(seconds),
                  wiring.ground.sandboxes.now(
                      tenant.id(), Moment.of(wiring.ground.clock.instant())),
                  answer));
    }

    @Override
    public boolean listUsers(String slug, int most, Answer answer) {
      return in(
          slug, answer, tenant -> wiring.administration.operatorPeople.list(tenant, most, answer));
    }

    @Override
    public boolean exportPolicy(String slug, Answer answer) {
      return in(
          slug, answer, tenant -> wiring.administration.operatorPolicy.export(tenant.id(), answer));
    }

    @Override
    public boolean policySchema(Answer answer) {
      return wiring.administration.operatorPolicy.schema(answer);
    }

    @Override
    public boolean importPolicy(String slug, Secret policy, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPolicy.bringIn(tenant.id(), policy, now(), answer));
    }

    @Override
    public boolean testPolicy(String slug, Secret draft, Secret cases, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPolicy.test(tenant.id(), draft, cases, now(), answer));
    }

    @Override
    public boolean replayPolicy(String slug, Secret draft, int days, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPolicy.replay(tenant.id(), draft, days, now(), answer));
    }

    @Override
    public boolean explain(String slug, String signIn, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPolicy.explain(
                  tenant.id(), new SignInId(signIn), answer));
    }

    private Moment now() {
      return Moment.of(wiring.ground.clock.instant());
    }

    @Override
    public boolean importUsers(String slug, boolean upsert, Secret people, Answer answer) {
      return in(
          slug,
          answer,
          tenant ->
              wiring.administration.operatorPeople.importAll(
                  tenant, upsert, people, Moment.of(wiring.ground.clock.instant()), answer));
    }

    @Override
    public boolean createClient(
        String slug,
        String name,
        String type,
        List<String> callbacks,
        List<String> logoutUrls,
        Optional<String> startUrl,
        Answer answer) {
      return in(
          slug,
          answer,
          tenant -> {
            boolean management = type.equals("MANAGEMENT");
            var settings =
                Application.of(
                        name,
                        management
                            ? Application.Type.NON_INTERACTIVE
                            : Application.Type.valueOf(type),
                        callbacks)
                    .with(it -> {
                      it.logoutUrls = logoutUrls;
                      it.startUrl = startUrl.orElse(null);
                    });
            var unfit = wiring.ground.applications.unfit(settings);
            if (unfit.isPresent()) {
              answer.tell(
                  "The "
                      + unfit.get().list()
                      + " cannot hold "
                      + unfit.get().url()
                      + ": write it whole, as https://app.example.com/callback.");
              return false;
            }
            var created =
                wiring.ground.database.write(tx -> {
                  var it =
                      wiring.ground.applications.create(
                          tx, tenant.id(), settings, Moment.of(wiring.ground.clock.instant()));
                  record(
                      tx,
                      tenant.id(),
                      AuditType.APPLICATION_CREATED,
                      Map.of("application", it.application().id().value(), "type", type));
                  if (management) {
                    wiring.ground.apis.allow(
                        tx,
                        tenant.id(),
                        it.application().id(),
                        ClientGrant.MANAGEMENT,
                        Apis.managementScopes());
                  }
                  return it;
                });
            answer.say("client_id=" + created.application().id());
            if (!created.application().isPublic()) {
              answer.say("client_secret=" + created.secret().reveal());
            }
            return true;
          });
    }

    private void record(Tx tx, TenantId tenant, AuditType type, Map<String, String> details) {
      var event =
          AuditEvent.success(type, Occasion.ofServer(Moment.of(wiring.ground.clock.instant())))
              .by("operator", null);
      for (var detail : details.entrySet()) {
        event = event.with(detail.getKey(), detail.getValue());
      }
      wiring.ground.audit.record(tx, tenant, event);
    }

    private boolean in(String slug, Answer answer, Function<Tenant, Boolean> work) {
      var tenant = wiring.ground.tenants.bySlug(slug);
      if (tenant.isEmpty()) {
        answer.tell("There is no tenant \"" + slug + "\".");
        return false;
      }
      return work.apply(tenant.get());
    }

    @Override
    public void close() {
      wiring.close();
    }
  }
}
