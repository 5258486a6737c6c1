package dev.countersign.testkit.demo;

import dev.countersign.Wiring;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.factor.custom.Custom;
import dev.countersign.factor.custom.Definition;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.OwnersOnly;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.TextSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The people and applications of the demo. What is there from an earlier start is left as it is; client secrets and the
 * sheet of backup codes, which the server cannot tell again, are kept in {@code demo.json} in the data folder.
 *
 * @param people those of the default tenant, the ones with names first
 * @param inSituations those of {@link Situations}; none where nobody asked for them
 */
record Scene(
    List<App> apps, List<Resident> people, List<String> sheet, List<Resident> inSituations) {
  /** Everybody's. Fifteen characters at least, as where a password alone may sign in. */
  static final String PASSWORD = "harbour lights at dawn";

  /** Emil's token, which shows what {@code oathtool --totp -b} does. */
  static final String TOKEN_SERIAL = "HB-0001";

  static final String TOKEN_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private static final int PAGE = 500;

  /** An application, with the secret that was told when it was made. */
  record App(String key, Application application, Secret told) {}

  /** Somebody who can sign in; {@code app} is the key of their authenticator app or token, in base 32. */
  record Resident(String username, Optional<String> app, Optional<String> phone) {}

  App bank() {
    return app("bank");
  }

  App app(String key) {
    return apps.stream().filter(app -> app.key().equals(key)).findFirst().orElseThrow();
  }

  /** What {@code demo.json} holds. */
  record Kept(Map<String, Client> clients, List<String> sheet) {}

  record Client(String id, String told) {}

  static Scene set(
      Wiring wiring, Places places, Path data, TextSink.Account texts, Options options) {
    var setting = new Setting(wiring, data.resolve("demo.json"));
    var tenant = setting.tenant(Tenants.DEFAULT_SLUG, "Harbour Bank", "#0b6e5f");
    var kept = setting.kept().orElseGet(() -> setting.first(tenant));
    var apps = setting.apps(tenant, kept, places);
    setting.texting(tenant, texts);
    setting.payments(tenant);
    setting.residents(tenant, options.people());
    return new Scene(
        apps,
        setting.everybody(tenant),
        kept.sheet(),
        options.situations() ? new Situations(wiring, setting).set() : List.of());
  }

  /** The work of setting it. */
  static final class Setting {
    private final Wiring wiring;
    private final Path file;
    private final Moment now;

    Setting(Wiring wiring, Path file) {
      this.wiring = wiring;
      this.file = file;
      this.now = Moment.of(wiring.ground.clock.instant());
    }

    TenantId tenant(String slug, String name, String colour) {
      var known = wiring.ground.tenants.bySlug(slug);
      if (known.isPresent() && known.get().displayName().equals(name)) {
        return known.get().id();
      }
      var tenant =
          known.orElseGet(() ->
              switch (wiring.ground.tenants.create(slug, name, now)) {
                case Tenants.Creation.Created(var created) -> created;
                case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ ->
                    throw new IllegalStateException("no tenant can be called " + slug);
              });
      wiring.ground.tenants.save(
          tenant.called(name).withSettings(tenant.settings().withBrand(colour, "")));
      return tenant.id();
    }

    Optional<Kept> kept() {
      try {
        return Files.exists(file)
            ? Optional.of(Json.read(Files.readString(file), Kept.class))
            : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void keep(Kept kept) {
      try {
        if (!Files.exists(file)) {
          OwnersOnly.file(file);
        }
        Files.writeString(file, Json.write(kept));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The first start: people with names and stories, and a neighbour who is stricter. */
    Kept first(TenantId tenant) {
      var hash = wiring.proofs.passwords.hash(Secret.of(PASSWORD));
      var drawn = wiring.enrolling.codeSets.draw();
      wiring.ground.database.run(tx -> {
        add(tx, tenant, newcomer("ana", Set.of(), 0), hash);
        withApp(tx, tenant, add(tx, tenant, newcomer("ben", Set.of(), 1), hash), drawn);
        add(tx, tenant, newcomer("carla", Set.of("tellers"), 2), hash);
        var dora = add(tx, tenant, newcomer("dora", Set.of(), 3), hash);
        var emil = add(tx, tenant, newcomer("emil", Set.of(), 4), hash);
        policy(
            tx,
            tenant,
            policy ->
                policy
                    .allowing(approvals(), true)
                    .allowing(mail().profile().id(), true)
                    .allowing(tokens(), true)
                    .withRules(
                        List.of(
                            new Policy.Rule(
                                "tellers",
                                "Tellers need a second proof",
                                Set.of("tellers"),
                                Set.of(),
                                Mode.REQUIRED,
                                Set.of()))));
        withMail(tx, tenant, dora);
        withToken(tx, tenant, emil);
        withSheet(tx, tenant, emil, drawn);
      });
      var acme = tenant("acme", "Acme", "#c2410c");
      wiring.ground.database.run(tx -> {
        add(tx, acme, newcomer("ana", Set.of(), 0), hash);
        policy(
            tx, acme, policy -> policy.withMode(Mode.REQUIRED).allowing(ownFactor(tx, acme), true));
      });
      wiring.ground.tenants.read(acme);
      var kept = new Kept(Map.of(), drawn.shown().stream().map(Secret::reveal).toList());
      keep(kept);
      return kept;
    }

    /** A factor of the tenant's own, which needs no service: codes of eight digits. */
    private FactorId ownFactor(Tx tx, TenantId tenant) {
      var id = Custom.id("vault");
      var definition =
          new Definition(
              Definition.Kind.TOTP,
              "Vault code",
              Map.of("de", "Tresorcode"),
              "Eight digits from your vault app.",
              Map.of("de", "Acht Ziffern aus der Tresor-App."),
              "lock",
              Definition.Appearance.PICKER,
              Definition.Satisfies.HAVE,
              true,
              Definition.AnsweredBy.CODE,
              8,
              5,
              300,
              false);
      wiring.methods.definitions.add(
          tx,
          tenant,
          id,
          definition.write(),
          "{\"digits\":8,\"period\":60,\"algorithm\":\"SHA256\"}",
          now);
      return id;
    }

    /** The account at the provider of texts is another one at every start. */
    void texting(TenantId tenant, TextSink.Account account) {
      wiring.ground.database.run(tx ->
          wiring.delivery.textSettings.change(
              tx,
              tenant,
              document -> {
                document
                    .putObject(account.provider())
                    .put("sid", account.id())
                    .put("auth_token", account.key())
                    .put("from", "+15005550006");
                return document;
              },
              now));
    }

    void payments(TenantId tenant) {
      wiring.ground.database.run(tx -> {
        if (wiring.ground.apis.all(tx, tenant, "", now).stream()
            .noneMatch(it -> it.identifier().equals(Payments.IDENTIFIER))) {
          wiring.ground.apis.create(tx, tenant, Payments.api(), now);
        }
      });
    }

    private FactorId approvals() {
      return wiring
          .methods
          .factors
          .byGuardianName("push-notification")
          .orElseThrow()
          .profile()
          .id();
    }

    private FactorId tokens() {
      return new FactorId("hardware-otp");
    }

    void policy(Tx tx, TenantId tenant, java.util.function.UnaryOperator<Policy> edit) {
      if (!(wiring.course.policies.change(tx, tenant, edit, "demo", now)
          instanceof Policies.Change.Saved)) {
        throw new IllegalStateException("the demo's own policy was refused");
      }
    }

    static People.Newcomer newcomer(String username, Set<String> groups, int number) {
      // 555-0100 to 555-0199 belong to nobody.
      var phone = "+120255501%02d".formatted(number % 100);
      return new People.Newcomer(
          null,
          username,
          username + "@harbour.example",
          true,
          phone,
          null,
          groups,
          Set.of(),
          Map.of(),
          Map.of());
    }

    Person add(Tx tx, TenantId tenant, People.Newcomer newcomer, Secret hash) {
      var person = wiring.ground.people.add(tx, tenant, newcomer, now);
      wiring.proofs.passwords.set(tx, tenant, person.id(), hash, now);
      return person;
    }

    private Factor mail() {
      return wiring.methods.factors.byGuardianName("email").orElseThrow();
    }

    /** Gives a person codes by mail, as an admin would. */
    private void withMail(Tx tx, TenantId tenant, Person person) {
      var fields = Map.of("email", Secret.of(String.valueOf(person.email())));
      if (!(wiring.enrolling.adminSetUp.bring(
              tx,
              new AdminSetUp.Act(tenant, person.id(), "demo", occasion()),
              mail().profile().id(),
              fields,
              "")
          instanceof AdminSetUp.Outcome.Added)) {
        throw new IllegalStateException("codes by mail cannot be given");
      }
    }

    /** Imports a maker's file with one token that goes by the clock, and gives it to a person. */
    private void withToken(Tx tx, TenantId tenant, Person person) {
      var file =
          new TokenFile(
              TokenFile.Format.CSV,
              Secret.of("serial,type,seed_base32\n" + TOKEN_SERIAL + ",totp," + TOKEN_SEED),
              Optional.empty(),
              Optional.empty());
      if (!(file.read() instanceof TokenFile.Reading.Read(var tokens))) {
        throw new IllegalStateException("the demo's token cannot be read");
      }
      wiring.enrolling.tokens.add(tx, tenant, tokens, "demo", occasion());
      var act = new AdminSetUp.Act(tenant, person.id(), "demo", occasion());
      if (!(wiring.enrolling.tokens.assign(tx, act, TOKEN_SERIAL)
          instanceof Tokens.Assignment.Assigned)) {
        throw new IllegalStateException("the demo's token cannot be given");
      }
    }

    /** Gives a person an authenticator app and the sheet of backup codes. */
    void withApp(Tx tx, TenantId tenant, Person person, RecoveryCodes.Issue sheet) {
      var factor = wiring.methods.factors.byGuardianName("otp").orElseThrow();
      var scene = wiring.course.scenes.of(tx, tenant, person, factor.profile().id(), occasion());
      if (!(factor.beginEnrolment(scene, Answer.NONE) instanceof Factor.Opening.Begun begun)) {
        throw new IllegalStateException("an authenticator app begins without a word");
      }
      wiring.methods.enrolments.add(
          tx, tenant, person.id(), factor.profile().id(), "Phone", begun.document(), now);
      withSheet(tx, tenant, person, sheet);
    }

    private void withSheet(Tx tx, TenantId tenant, Person person, RecoveryCodes.Issue sheet) {
      var set =
          wiring.enrolling.codeSets.issue(
              tx, new SetUp.Whose(tenant, person.id(), null, null), sheet, Occasion.ofServer(now));
      wiring.enrolling.codeSets.acknowledge(tx, tenant, person.id(), set, now);
    }

    /** The many without names, as far as they are not there yet: nine of ten have an app, and all of those the same sheet. */
    void residents(TenantId tenant, int wanted) {
      int there =
          wiring
              .ground
              .database
              .read(tx ->
                  tx.sql(
                          "select count(*) as n from user_identifiers where tenant = :tenant and identifier like 'person%' and kind = 'USERNAME'")
                      .set("tenant", tenant)
                      .one(row -> row.count("n")))
              .orElse(0);
      if (there >= wanted) {
        return;
      }
      var hash = wiring.proofs.passwords.hash(Secret.of(PASSWORD));
      var drawn = wiring.enrolling.codeSets.draw();
      for (int from = there; from < wanted; from += PAGE) {
        int first = from;
        wiring.ground.database.run(tx -> {
          for (int i = first; i < Math.min(wanted, first + PAGE); i++) {
            var person = add(tx, tenant, newcomer("person%05d".formatted(i), Set.of(), i), hash);
            if (i % 10 != 0) {
              withApp(tx, tenant, person, drawn);
            }
          }
        });
      }
    }

    List<Resident> everybody(TenantId tenant) {
      var all = new ArrayList<Resident>();
      var enrolments =
          wiring.ground.database.read(tx -> wiring.methods.enrolments.ofEverybody(tx, tenant));
      for (int offset = 0; ; offset += PAGE) {
        int from = offset;
        var page =
            wiring.ground.database.read(tx ->
                wiring.ground.people.page(tx, tenant, from, PAGE).stream()
                    .map(person ->
                        resident(
                            tx, tenant, person, enrolments.getOrDefault(person.id(), List.of())))
                    .toList());
        all.addAll(page);
        if (page.size() < PAGE) {
          return all.stream()
              .sorted(
                  Comparator.comparing((Resident it) -> it.username().startsWith("person"))
                      .thenComparing(Resident::username))
              .toList();
        }
      }
    }

    private Resident resident(Tx tx, TenantId tenant, Person person, List<Enrolment> mine) {
      return new Resident(
          person.label(),
          mine.stream()
              .filter(Enrolment::isActive)
              .flatMap(it ->
                  it.factor().equals(tokens())
                      ? Stream.of(TOKEN_SEED)
                      : key(tx, tenant, person, it).stream())
              .findFirst(),
          Optional.ofNullable(person.phone()));
    }

    private Optional<String> key(Tx tx, TenantId tenant, Person person, Enrolment it) {
      var factor = wiring.methods.factors.of(tenant).get(it.factor());
      return factor.profile().audience() == FactorProfile.Audience.EVERYONE
              && factor.enrolling(
                      wiring.course.scenes.of(tx, tenant, person, it.factor(), occasion()),
                      it,
                      Secret.of(""))
                  instanceof Prompt.SharedKey key
          ? Optional.of(key.key())
          : Optional.empty();
    }

    private Occasion occasion() {
      return Occasion.ofServer(now);
    }

    /** All applications, their addresses as they are this time. */
    List<App> apps(TenantId tenant, Kept kept, Places places) {
      Map<String, Application> wanted = new LinkedHashMap<>();
      wanted.put(
          "bank",
          Application.of(
                  "Harbour Bank",
                  Application.Type.REGULAR_WEB,
                  List.of(places.bank() + "/callback"))
              .with(it -> {
                it.logoutUrls = List.of(places.bank() + "/");
                it.startUrl = places.bank() + "/";
              }));
      wanted.put(
          "pocket",
          Application.of(
                  "Harbour Pocket",
                  Application.Type.SPA,
                  List.of(places.bank() + "/pocket/callback"))
              .with(it -> {
                it.logoutUrls = List.of(places.bank() + "/pocket");
                it.webOrigins = List.of(places.bank());
              }));
      wanted.put(
          "phone",
          Application.of(
              "Harbour on the phone",
              Application.Type.NATIVE,
              List.of("example.harbour:/callback", "http://127.0.0.1/callback")));
      var counter = Application.of("Harbour counter", Application.Type.REGULAR_WEB, List.of());
      wanted.put(
          "counter",
          counter.with(it ->
              it.grantTypes =
                  Stream.concat(it.grantTypes.stream(), Application.DIRECT.stream())
                      .collect(Collectors.toSet())));
      wanted.put(
          "management",
          Application.of("Harbour back office", Application.Type.NON_INTERACTIVE, List.of()));
      Map<String, Client> clients = new LinkedHashMap<>(kept.clients());
      var apps = new ArrayList<App>();
      wanted.forEach((key, settings) -> apps.add(app(tenant, key, settings, clients)));
      if (!clients.equals(kept.clients())) {
        keep(new Kept(clients, kept.sheet()));
      }
      return List.copyOf(apps);
    }

    private App app(
        TenantId tenant, String key, Application settings, Map<String, Client> clients) {
      var client = clients.get(key);
      if (client != null) {
        var application =
            wiring.ground.applications.find(tenant, new ClientId(client.id())).orElseThrow();
        var moved =
            application.with(it -> {
              it.callbacks = settings.callbacks();
              it.logoutUrls = settings.logoutUrls();
              it.webOrigins = settings.webOrigins();
              it.startUrl = settings.startUrl();
            });
        if (!moved.equals(application)) {
          wiring.ground.database.run(tx -> wiring.ground.applications.save(tx, tenant, moved));
        }
        return new App(key, moved, Secret.of(client.told()));
      }
      var created =
          wiring.ground.database.write(tx -> {
            var made = wiring.ground.applications.create(tx, tenant, settings, now);
            if (settings.type() == Application.Type.NON_INTERACTIVE) {
              wiring.ground.apis.allow(
                  tx,
                  tenant,
                  made.application().id(),
                  ClientGrant.MANAGEMENT,
                  new TreeSet<>(Apis.managementScopes()));
            }
            return made;
          });
      clients.put(key, new Client(created.application().id().value(), created.secret().reveal()));
      return new App(key, created.application(), created.secret());
    }
  }
}
