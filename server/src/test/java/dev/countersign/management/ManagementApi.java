package dev.countersign.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Wiring;
import dev.countersign.audit.Audit;
import dev.countersign.config.Settings;
import dev.countersign.identity.People;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Endpoint;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Scratch;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Caller;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Router;
import dev.countersign.web.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The Management API of two tenants on an embedded database, called without HTTP and with tokens that are lists of scopes. */
final class ManagementApi implements AutoCloseable {
  private final LiveEntropy entropy = new LiveEntropy();
  private Moment now = Moment.ofSeconds(1_800_000_000);
  private final Database database = Scratch.database();
  final Wiring wiring =
      new Wiring(
          new Wiring.Parts(
              database,
              KeyRing.fresh(entropy),
              () -> Instant.ofEpochMilli(now.millis()),
              entropy,
              PublicAddress.local(8080),
              new Argon2id.Cost(64, 1),
              Settings.with(Map.of())));
  final Tenant acme = tenant("acme");
  final Tenant other = tenant("other");
  private final Router router =
      new Router(
          wiring.administration.management.routes(),
          wiring.administration.management.counted(ManagementApi::check),
          (_, _) -> false,
          ManagementRoutes.failures());
  private final Map<String, List<String>> headers =
      new HashMap<>(Map.of("user-agent", List.of("a script")));

  /** An answer. */
  record Answer(Reply reply) {
    int status() {
      return reply.status();
    }

    JsonNode json() {
      return Json.tree(reply.bodyText());
    }

    String text(String... path) {
      var node = json();
      for (var name : path) {
        node = node.path(name);
      }
      return node.isString() ? node.stringValue() : node.toString();
    }

    String error() {
      return status()
          + " "
          + json().path("errorCode").stringValue("-")
          + " "
          + json().path("message").stringValue("-");
    }
  }

  private static BearerCheck.Outcome check(Request request, Guard.Bearer wanted) {
    var anyOf = wanted.anyOf();
    var sent = request.header("authorization").orElse("");
    if (!sent.startsWith("Bearer ")) {
      return new BearerCheck.Outcome.Denied(
          new ApiError(401, "", "Missing authentication").reply());
    }
    var scopes = Set.copyOf(Arrays.asList(sent.substring(7).split(" ", -1)));
    return anyOf.stream().anyMatch(scopes::contains)
        ? new BearerCheck.Outcome.Granted(new Caller("robot@clients", "robot", scopes, false))
        : new BearerCheck.Outcome.Denied(
            new ApiError(
                    403,
                    "insufficient_scope",
                    "Insufficient scope, expected any of: " + String.join(",", anyOf))
                .reply());
  }

  private Tenant tenant(String slug) {
    return switch (wiring.ground.tenants.create(slug, "The " + slug + " company", now)) {
      case Tenants.Creation.Created(var tenant) -> tenant;
      case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ ->
          throw new IllegalStateException(slug);
    };
  }

  Moment now() {
    return now;
  }

  void later(Duration by) {
    now = now.plus(by);
  }

  ManagementApi sending(String header, String value) {
    headers.put(header, List.of(value));
    return this;
  }

  /** A call with whatever the route asks for. */
  Answer call(Method method, String path, Object... body) {
    return call(acme, method, path, everyScope(), body);
  }

  /** A call with a token of these scopes, or without any token. */
  Answer call(Tenant tenant, Method method, String path, Optional<String> scopes, Object... body) {
    byte[] sent =
        body.length == 0
            ? new byte[0]
            : body[0] instanceof String text ? text.getBytes(UTF_8) : Json.writeBytes(body[0]);
    Map<String, List<String>> all = new HashMap<>(headers);
    all.putIfAbsent("content-type", List.of("application/json"));
    scopes.ifPresent(it -> all.put("authorization", List.of("Bearer " + it)));
    int mark = path.indexOf('?');
    var request =
        Request.arrived(
            method,
            new Site(tenant.id(), "https://" + tenant.slug() + ".example"),
            "/api/v2" + (mark < 0 ? path : path.substring(0, mark)),
            mark < 0 ? "" : path.substring(mark + 1),
            all,
            sent,
            "192.0.2.7",
            now,
            entropy);
    var answered = router.answer(request);
    requireTold(method, answered.pattern(), answered.reply());
    return new Answer(answered.reply());
  }

  /** Whatever this API ever answers stands in its description. */
  private void requireTold(Method method, String pattern, Reply reply) {
    wiring.administration.management.endpoints().stream()
        .filter(it -> it.method() == method && pattern.equals(Endpoint.BASE + it.path()))
        .forEach(it ->
            assertThat(it.untold(reply.status(), reply.bodyText()))
                .as(method + " " + pattern + " said " + reply.bodyText())
                .isEmpty());
  }

  Optional<String> everyScope() {
    return Optional.of(
        String.join(
            " ",
            wiring.administration.management.endpoints().stream()
                .flatMap(it -> it.scopes().stream())
                .toList()));
  }

  UserId person(Tenant tenant, String name) {
    return wiring.ground.database.write(tx ->
        wiring
            .ground
            .people
            .add(tx, tenant.id(), People.Newcomer.named(name, name + "@example.com"), now)
            .id());
  }

  /** An authenticator app for this person; the id of the method. */
  String app(Tenant tenant, UserId user) {
    var added =
        call(
            tenant,
            Method.POST,
            "/users/" + encoded(user) + "/authentication-methods",
            everyScope(),
            Map.of(
                "type",
                "totp",
                "name",
                "phone",
                "totp_secret",
                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    return added.text("id");
  }

  static String encoded(Object id) {
    return id.toString().replace("|", "%7C");
  }

  /** The kinds of the events of a tenant, oldest first. */
  List<String> told(Tenant tenant) {
    return wiring
        .ground
        .database
        .read(tx -> wiring.ground.audit.oldestFirst(tx, tenant.id(), Audit.Filter.ALL, 1000))
        .stream()
        .map(event -> event.type().code())
        .toList();
  }

  @Override
  public void close() {
    wiring.close();
  }
}
