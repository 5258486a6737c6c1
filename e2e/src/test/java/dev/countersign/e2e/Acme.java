package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Wiring;
import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.application.ClientGrant;
import dev.countersign.audit.Audit;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.EnrolmentTickets;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.custom.Custom;
import dev.countersign.factor.custom.Definition;
import dev.countersign.factor.custom.Service;
import dev.countersign.identity.People.Newcomer;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.demo.Payments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The customer of one story: a tenant of its own, with a bank as its application. Scenes are set through the rooms, not the pages. */
final class Acme implements AutoCloseable {
  static final String PASSWORD = "plum orchard in the late rain";

  private final Stage stage;
  private final boolean secure;
  private final Bank bank;
  private Tenant tenant;

  Acme(Stage stage, boolean secure) {
    this(stage, secure, false);
  }

  Acme(Stage stage, boolean secure, boolean sandbox) {
    this.stage = stage;
    this.secure = secure;
    this.bank = new Bank(stage.authority());
    this.tenant =
        rooms().ground.tenants.create(stage.slug(), "Acme", sandbox, stage.now(), (_, _) -> {})
                instanceof Tenants.Creation.Created(var created)
            ? created
            : fail("the tenant is not made");
    // Clients take no wildcard directly below a top-level domain, so the certificate has to name
    // the tenant.
    stage.renewCertificate();
    var settings =
        Application.of("Acme Bank", Application.Type.REGULAR_WEB, List.of(bank.callback()))
            .with(it -> it.logoutUrls = List.of(bank.url() + "/"));
    Applications.Created client =
        rooms()
            .ground.database
            .write(tx -> rooms().ground.applications.create(tx, tenant.id(), settings, stage.now()));
    bank.join(origin(), client.application().id().value(), client.secret().reveal());
  }

  private static <T> T fail(String why) {
    throw new IllegalStateException(why);
  }

  private Wiring rooms() {
    return stage.wiring();
  }

  Bank bank() {
    return bank;
  }

  /** Opens the demo's bank, which pays out what its people approve. */
  HarbourBank harbour() {
    return HarbourBank.open(
        origin(),
        stage.clock(),
        callback -> {
          var settings =
              Application.of("Harbour Bank", Application.Type.REGULAR_WEB, List.of(callback));
          return rooms()
              .ground.database
              .write(tx -> {
                rooms().ground.apis.create(tx, tenant.id(), Payments.api(), stage.now());
                return rooms().ground.applications.create(tx, tenant.id(), settings, stage.now());
              });
        });
  }

  /** Has an API of that name. */
  Acme callable(String identifier) {
    rooms()
        .ground.database
        .run(tx ->
            rooms()
                .ground.apis
                .create(
                    tx, tenant.id(), Api.of(identifier, "Bank API", List.of()), stage.now()));
    return this;
  }

  Moment now() {
    return stage.now();
  }

  /** Where its people sign in. */
  String origin() {
    return stage.origin(tenant.slug(), secure);
  }

  /** Demands that much of everybody. */
  Acme demanding(Mode mode) {
    var changed =
        rooms()
            .ground.database
            .<Policies.Change>write(tx ->
                rooms()
                    .course.policies
                    .change(
                        tx, tenant.id(), policy -> policy.withMode(mode), "story", stage.now()));
    return changed instanceof Policies.Change.Saved ? this : fail(String.valueOf(changed));
  }

  /** Has this policy. */
  Acme following(UnaryOperator<Policy> edit) {
    var changed =
        rooms()
            .ground.database
            .<Policies.Change>write(tx ->
                rooms().course.policies.change(tx, tenant.id(), edit, "story", stage.now()));
    return changed instanceof Policies.Change.Saved ? this : fail(String.valueOf(changed));
  }

  /** What its Management API answers a program of its admins. */
  HttpResponse<String> managed(String method, String path, String body) {
    var client =
        rooms()
            .ground.database
            .write(tx -> {
              var made =
                  rooms()
                      .ground.applications
                      .create(
                          tx,
                          tenant.id(),
                          Application.of("Script", Application.Type.NON_INTERACTIVE, List.of()),
                          stage.now());
              rooms()
                  .ground.apis
                  .allow(
                      tx,
                      tenant.id(),
                      made.application().id(),
                      ClientGrant.MANAGEMENT,
                      new TreeSet<>(Apis.managementScopes()));
              return made;
            });
    var asked =
        Json.write(
            Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                client.application().id().value(),
                "client_secret",
                client.secret().reveal(),
                "audience",
                Api.managementAudience(origin() + "/")));
    var token = Json.tree(sent("POST", "/oauth/token", asked, "").body()).path("access_token");
    return sent(method, "/api/v2" + path, body, token.asString());
  }

  private HttpResponse<String> sent(String method, String path, String body, String bearer) {
    var request =
        HttpRequest.newBuilder(URI.create(origin() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets people set this factor up, which is not on by itself. */
  Acme offering(String factor) {
    var changed =
        rooms()
            .ground.database
            .<Policies.Change>write(tx ->
                rooms()
                    .course.policies
                    .change(
                        tx,
                        tenant.id(),
                        policy -> policy.allowing(new FactorId(factor), true),
                        "story",
                        stage.now()));
    return changed instanceof Policies.Change.Saved ? this : fail(String.valueOf(changed));
  }

  /** Lets people have a browser trusted for so many days. */
  Acme trusting(int days) {
    var changed =
        rooms()
            .ground.database
            .<Policies.Change>write(tx ->
                rooms()
                    .course.policies
                    .change(
                        tx, tenant.id(), policy -> policy.trustingFor(days), "story", stage.now()));
    return changed instanceof Policies.Change.Saved ? this : fail(String.valueOf(changed));
  }

  /** Has a factor of its own, judged by what is at that address, and offers it; tells the secret that both know. */
  String defining(String slug, Definition definition, String url) {
    var service = Service.at(url, rooms().ground.entropy);
    rooms()
        .ground.database
        .run(tx ->
            rooms()
                .methods.definitions
                .add(
                    tx,
                    tenant.id(),
                    Custom.id(slug),
                    definition.write(),
                    service.write(),
                    stage.now()));
    rooms().ground.tenants.read(tenant.id());
    offering(Custom.id(slug).value());
    return service.newest().reveal();
  }

  /** Has an account at a provider of texts. */
  Acme texting() {
    var account = stage.texts().account("twilio");
    rooms()
        .ground.database
        .run(tx ->
            rooms()
                .delivery.textSettings
                .change(
                    tx,
                    tenant.id(),
                    document -> {
                      document
                          .putObject("twilio")
                          .put("sid", account.id())
                          .put("auth_token", account.key())
                          .put("from", "+15005550006");
                      return document;
                    },
                    stage.now()));
    return this;
  }

  /** The code in the newest text to a number. */
  String textedCode(String number) {
    return stage.texts().textsTo(number).getLast().code();
  }

  /** Changes the tenant's own settings. */
  Acme with(UnaryOperator<dev.countersign.tenant.TenantSettings> change) {
    var now = rooms().ground.tenants.get(tenant.id());
    tenant = now.withSettings(change.apply(now.settings()));
    return rooms().ground.tenants.save(tenant) ? this : fail("the tenant was changed meanwhile");
  }

  /** Somebody who signs in with {@link #PASSWORD}. */
  Somebody person(String username) {
    return member(username);
  }

  /** The same in these groups. */
  Somebody member(String username, String... groups) {
    var newcomer =
        new Newcomer(
            null,
            username,
            username + "@acme.test",
            true,
            null,
            null,
            Set.of(groups),
            Set.of(),
            Map.of(),
            Map.of());
    var hash = rooms().proofs.passwords.hash(Secret.of(PASSWORD));
    return new Somebody(
        rooms()
            .ground.database
            .write(tx -> {
              var added = rooms().ground.people.add(tx, tenant.id(), newcomer, stage.now());
              rooms().proofs.passwords.set(tx, tenant.id(), added.id(), hash, stage.now());
              return added;
            }));
  }

  /** One of its people, and what they carry in their pockets. */
  final class Somebody {
    private final Person person;
    private @Nullable AuthenticatorApp app;
    private List<String> backupCodes = List.of();

    private Somebody(Person person) {
      this.person = person;
    }

    String name() {
      return person.label();
    }

    /** Who set an authenticator app up before the story begins. */
    Somebody withApp() {
      var factor = new FactorId("otp");
      var scene =
          rooms()
              .ground.database
              .read(tx ->
                  rooms()
                      .course.scenes
                      .of(tx, tenant.id(), person, factor, Occasion.ofServer(stage.now())));
      if (!(rooms().methods.factors.of(tenant.id()).get(factor).beginEnrolment(scene, Answer.NONE)
              instanceof Factor.Opening.Begun(var document, var posed))
          || !(posed.prompt() instanceof Prompt.SharedKey key)) {
        throw new IllegalStateException("an authenticator app begins with a key");
      }
      rooms()
          .ground.database
          .write(tx ->
              rooms()
                  .methods.enrolments
                  .add(tx, tenant.id(), person.id(), factor, "Pixel 9", document, stage.now()));
      return carrying(AuthenticatorApp.typed(key.key()));
    }

    /** By which services know them. */
    String id() {
      return person.id().value();
    }

    /** Who last signed in from that address, so long ago, in a browser that is gone. */
    Somebody wasAt(String address, Duration ago) {
      rooms()
          .ground.database
          .run(tx ->
              rooms()
                  .risk.observe
                  .learn(
                      tx,
                      tenant.id(),
                      person.id(),
                      dev.countersign.risk.Browser.HIDDEN,
                      new Occasion(stage.now().minus(ago), address, "", "")));
      return this;
    }

    /** All that an admin is told of why their newest sign-in was asked for what it was, a line each. */
    List<String> explained() {
      var signIn =
          rooms()
              .ground.database
              .read(tx ->
                  rooms()
                      .ground.audit
                      .newestFirst(tx, tenant.id(), Audit.Filter.about(person.id()), 0, 50))
              .stream()
              .flatMap(event -> Optional.ofNullable(event.signIn()).stream())
              .findFirst()
              .orElseThrow();
      var told = managed("GET", "/decisions/" + signIn.value(), "");
      assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
      var lines = new ArrayList<String>();
      Json.tree(told.body())
          .path("decisions")
          .forEach(each ->
              each.path("explanation").forEach(line -> lines.add(line.asString().strip())));
      return lines;
    }

    UserId userId() {
      return person.id();
    }

    /** To whom an admin gave codes by mail. */
    Somebody withMailedCodes() {
      return given(
          rooms().methods.factors.byGuardianName("email").orElseThrow().profile().id(),
          act ->
              rooms()
                  .ground.database
                  .<Object>write(tx ->
                      rooms()
                          .enrolling.adminSetUp
                          .bring(
                              tx,
                              act,
                              new FactorId("email"),
                              Map.of("email", Secret.of(address())),
                              "")));
    }

    /** To whom an admin gave the token of this line of a maker's table. */
    Somebody withToken(String line) {
      var table =
          new TokenFile(
              TokenFile.Format.CSV,
              Secret.of("serial,type,seed_hex\n" + line),
              Optional.empty(),
              Optional.empty());
      if (!(table.read() instanceof TokenFile.Reading.Read(var tokens))) {
        throw new IllegalStateException("this is no token");
      }
      return given(
          new FactorId("hardware-otp"),
          act ->
              rooms()
                  .ground.database
                  .<Object>write(tx -> {
                    rooms().enrolling.tokens.add(tx, tenant.id(), tokens, act.actor(), act.occasion());
                    return rooms().enrolling.tokens.assign(tx, act, tokens.getFirst().serial());
                  }));
    }

    private Somebody given(FactorId factor, Function<AdminSetUp.Act, Object> deed) {
      rooms()
          .ground.database
          .<Policies.Change>write(tx ->
              rooms()
                  .course.policies
                  .change(
                      tx,
                      tenant.id(),
                      policy -> policy.allowing(factor, true),
                      "story",
                      stage.now()));
      var occasion = Occasion.ofServer(stage.now());
      var outcome = deed.apply(new AdminSetUp.Act(tenant.id(), person.id(), "story", occasion));
      return outcome instanceof AdminSetUp.Outcome.Added
              || outcome instanceof Tokens.Assignment.Assigned
          ? this
          : fail(String.valueOf(outcome));
    }

    /** The code in their newest mail. */
    String mailedCode() {
      return stage
          .mailTo(address())
          .text()
          .lines()
          .filter(line -> line.strip().matches("[0-9]{6}"))
          .map(String::strip)
          .findFirst()
          .orElseThrow();
    }

    /** An admin's ticket to set this factor up, mailed to them. */
    String ticket(String factor) {
      var act =
          new AdminSetUp.Act(tenant.id(), person.id(), "story", Occasion.ofServer(stage.now()));
      rooms()
          .ground.database
          .run(tx ->
              rooms()
                  .enrolling.enrolmentTickets
                  .issue(
                      tx,
                      act,
                      new EnrolmentTickets.Wanted(List.of(new FactorId(factor)), false),
                      Optional.of(
                          new EnrolmentTickets.Mailing(Optional.empty(), Optional.empty()))));
      return mailedLink("/mfa/enrollment");
    }

    /** A link to that page in a mail to them, once it has come. */
    String mailedLink(String path) {
      var link =
          Pattern.compile(
              "https?://"
                  + Pattern.quote(tenant.slug())
                  + "\\.\\S+"
                  + Pattern.quote(path)
                  + "\\S*");
      var until = Instant.now().plusSeconds(20);
      while (Instant.now().isBefore(until)) {
        rooms().delivery.outbox.deliverDue();
        var found =
            stage.mailsTo(address()).reversed().stream()
                .flatMap(mail -> link.matcher(mail.text()).results())
                .map(MatchResult::group)
                .findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      }
      throw new AssertionError("no link to " + path + " came to " + address());
    }

    /** What somebody else's app shows now, given this key. */
    String anotherAppsCode(String key) {
      return AuthenticatorApp.typed(key).codeAt(stage.clock().instant());
    }

    private String address() {
      return String.valueOf(person.email());
    }

    /** Whose passkeys are taken off, elsewhere. */
    Somebody losesPasskeys() {
      var occasion = Occasion.ofServer(stage.now());
      rooms()
          .ground.database
          .run(tx -> {
            for (var it :
                rooms()
                    .methods.enrolments
                    .active(tx, tenant.id(), person.id(), new FactorId("webauthn-platform"))) {
              rooms()
                  .enrolling.setUp
                  .remove(tx, new SetUp.Whose(tenant.id(), person.id(), null, null), it, occasion);
            }
          });
      return this;
    }

    /** Who has kept a set of backup codes safe. */
    Somebody withBackupCodes() {
      var drawn = rooms().enrolling.codeSets.draw();
      var occasion = new Occasion(stage.now(), "192.0.2.1", "story", "req_story");
      rooms()
          .ground.database
          .run(tx -> {
            var set =
                rooms()
                    .enrolling.codeSets
                    .issue(
                        tx, new SetUp.Whose(tenant.id(), person.id(), null, null), drawn, occasion);
            rooms().enrolling.codeSets.acknowledge(tx, tenant.id(), person.id(), set, stage.now());
          });
      return keeping(drawn.shown().stream().map(Secret::reveal).toList());
    }

    Somebody carrying(AuthenticatorApp phone) {
      app = phone;
      return this;
    }

    Somebody keeping(List<String> codes) {
      backupCodes = List.copyOf(codes);
      return this;
    }

    AuthenticatorApp app() {
      return Optional.ofNullable(app).orElseThrow();
    }

    /** What the app shows now. */
    String code() {
      return app().codeAt(stage.clock().instant());
    }

    String wrongCode() {
      return app().wrongCodeAt(stage.clock().instant());
    }

    List<String> backupCodes() {
      return backupCodes;
    }
  }

  @Override
  public void close() {
    bank.close();
  }
}
