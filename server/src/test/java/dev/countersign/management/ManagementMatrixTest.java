package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.OpenApi;
import dev.countersign.management.api.Shape;
import dev.countersign.management.roles.Reach;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What holds for every endpoint there is, tried at every endpoint there is. */
class ManagementMatrixTest {
  private static final List<String> EVIL =
      List.of(
          "' or 1=1 --",
          "*)(uid=*",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "{{7*7}}",
          "../../etc/passwd",
          "%00",
          "a\u202Eb",
          "\uD83D\uDE00");

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private List<Endpoint> endpoints() {
    var all = api.wiring.administration.management.endpoints();
    assertThat(all).hasSizeGreaterThan(20);
    return all;
  }

  private static String path(Endpoint endpoint) {
    return endpoint
        .path()
        .replace("{name}", "sms")
        .replace("{provider}", "duo")
        .replace("{template}", "reset_email")
        .replaceAll("\\{[^}]+}", "nobody%7Cx");
  }

  @Test
  void what_asks_how_far_somebody_reaches_is_an_endpoint() {
    var ground = api.wiring.ground;
    var reach = new Reach(ground.database, ground.people, ground.apis, ground.audit);

    assertThat(reach.known()).isNotEmpty();
    assertThat(endpoints())
        .extracting(it -> new Reach.Line(it.method(), it.path()))
        .containsAll(reach.known());
  }

  private void pause() {
    api.later(Duration.ofSeconds(1));
  }

  @Test
  void API_01_no_route_answers_without_a_token_or_without_its_scope() {
    assertThat(api.wiring.administration.management.routes())
        .filteredOn(route -> !route.path().equals(OpenApi.PATH))
        .allSatisfy(route -> assertThat(route.guard()).isInstanceOf(Guard.Bearer.class));
    for (var endpoint : endpoints()) {
      assertThat(api.call(api.acme, endpoint.method(), path(endpoint), Optional.empty()).status())
          .as(endpoint.path())
          .isEqualTo(401);
      var others =
          endpoints().stream()
              .flatMap(it -> it.scopes().stream())
              .filter(scope -> !endpoint.scopes().contains(scope))
              .toList();
      var denied =
          api.call(
              api.acme,
              endpoint.method(),
              path(endpoint),
              Optional.of(String.join(" ", others)),
              "not even JSON");
      assertThat(denied.error())
          .isEqualTo(
              "403 insufficient_scope Insufficient scope, expected any of: "
                  + String.join(",", endpoint.scopes()));
      assertThat(denied.reply().header("X-RateLimit-Limit")).contains("600");
      pause();
    }
  }

  @Test
  void API_02_whatever_is_another_tenants_is_not_there() {
    var bea = api.person(api.other, "bea");
    var beas = api.app(api.other, bea);
    var ana = api.person(api.acme, "ana");
    var anas = api.app(api.acme, ana);
    var cid = api.person(api.acme, "cid");
    for (var endpoint : endpoints()) {
      if (endpoint.path().contains("/users/{id}")) {
        var body = endpoint.body().isPresent() ? fitting(endpoint) : "";
        var path =
            endpoint
                .path()
                .replace("{id}", ManagementApi.encoded(bea))
                .replace("{mid}", ManagementApi.encoded(beas))
                .replace("{provider}", "google-authenticator");
        var answer = api.call(endpoint.method(), path, body);
        boolean deletesAnyhow =
            endpoint.method() == Method.DELETE && endpoint.path().equals("/users/{id}");
        assertThat(answer.status())
            .as(endpoint.method() + " " + path)
            .isEqualTo(deletesAnyhow ? 204 : 404);
        pause();
      }
    }
    var foreign =
        "/users/"
            + ManagementApi.encoded(cid)
            + "/authentication-methods/"
            + ManagementApi.encoded(anas);
    var made =
        "/users/"
            + ManagementApi.encoded(cid)
            + "/authentication-methods/totp%7Cdev_0000000000000000";
    assertThat(api.call(Method.DELETE, foreign).error())
        .isEqualTo(api.call(Method.DELETE, made).error())
        .startsWith("404");
    assertThat(api.call(Method.GET, foreign).error())
        .isEqualTo(api.call(Method.GET, made).error())
        .startsWith("404");
    assertThat(
            api.call(
                    api.other,
                    Method.GET,
                    "/users/" + ManagementApi.encoded(bea) + "/authentication-methods",
                    api.everyScope())
                .json())
        .hasSize(1);
  }

  private static Object fitting(Endpoint endpoint) {
    return switch (endpoint.path()) {
      case "/users/{id}/authentication-methods" -> {
        var app = Map.of("type", "totp", "totp_secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
        yield endpoint.method() == Method.PUT ? List.of(app) : app;
      }
      case "/users/{id}/risk-assessments/clear" ->
          Map.of(
              "connection", "Username-Password-Authentication", "assessors", List.of("new-device"));
      case "/users/{id}/roles" -> Map.of("roles", List.of());
      case "/users/{id}/temporary-access-codes" -> Map.of("number", "483921");
      default -> Map.of();
    };
  }

  @Test
  void API_06_no_body_may_carry_a_field_that_is_not_declared() {
    int tried = 0;
    for (var endpoint : endpoints()) {
      if (endpoint.body().isPresent()
          && endpoint.body().get() instanceof Shape.Fields(var fields)) {
        for (var name :
            List.of(
                "id",
                "tenant_id",
                "user_id",
                "created_at",
                "confirmed",
                "type",
                "roles",
                "version",
                "__proto__")) {
          if (!fields.containsKey(name)) {
            var answer = api.call(endpoint.method(), path(endpoint), Map.of(name, "x"));
            assertThat(answer.error())
                .isEqualTo(
                    "400 invalid_body Payload validation error: 'Additional properties not allowed: "
                        + name
                        + "' on property "
                        + name
                        + ".");
            tried++;
            pause();
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(30);
  }

  @Test
  void IN_04_every_field_refuses_every_wrong_type_by_its_name() {
    int tried = 0;
    for (var endpoint : endpoints()) {
      if (endpoint.body().isPresent()
          && endpoint.body().get() instanceof Shape.Fields(var fields)) {
        for (var field : fields.entrySet()) {
          for (var wrong : wrongFor(field.getValue().shape()).toList()) {
            var body = Json.object();
            fields.forEach((name, it) -> {
              if (it.required()) {
                body.set(name, right(it.shape()));
              }
            });
            body.set(field.getKey(), Json.tree(wrong));
            var answer = api.call(endpoint.method(), path(endpoint), body);
            assertThat(answer.error())
                .startsWith("400 invalid_body Payload validation error: 'Expected type ")
                .endsWith(" on property " + field.getKey() + ".");
            tried++;
            pause();
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(80);
  }

  private static JsonNode right(Shape shape) {
    return Json.tree(
        switch (shape) {
          case Shape.Text(var least, var _, var _) ->
              "\"a@b.cd" + "x".repeat(Math.max(0, least - 6)) + "\"";
          case Shape.Word(var words, var _) -> "\"" + words.iterator().next() + "\"";
          case Shape.Flag _ -> "true";
          case Shape.Whole(var least, var _) -> String.valueOf(least);
          case Shape.ListOf _ -> "[]";
          case Shape.Open _ -> "{}";
          case Shape.Fields(var fields) -> {
            var whole = Json.object();
            fields.forEach((name, it) -> {
              if (it.required()) {
                whole.set(name, right(it.shape()));
              }
            });
            yield whole.toString();
          }
          case Shape.OrNull _, Shape.Anything _ -> "null";
          case Shape.Decimal _ -> "1.5";
          case Shape.AnyOf(var shapes) -> right(shapes.getFirst()).toString();
        });
  }

  private static Stream<String> wrongFor(Shape shape) {
    var all = new ArrayList<>(List.of("\"x\"", "1", "1.5", "true", "null", "[]", "{}"));
    switch (shape) {
      case Shape.Text _, Shape.Word _ -> all.remove("\"x\"");
      case Shape.Flag _ -> all.remove("true");
      case Shape.Whole _ -> all.remove("1");
      case Shape.ListOf _ -> all.remove("[]");
      case Shape.Fields _, Shape.Open _ -> all.remove("{}");
      case Shape.Decimal _ -> all.removeAll(List.of("1", "1.5"));
      case Shape.Anything _ -> all.clear();
      case Shape.AnyOf(var shapes) -> {
        return all.stream()
            .filter(text -> shapes.stream().allMatch(it -> wrongFor(it).anyMatch(text::equals)));
      }
      case Shape.OrNull(var inner) -> {
        return wrongFor(inner).filter(text -> !text.equals("null"));
      }
    }
    return all.stream();
  }

  @Test
  void IN_02_bodies_that_are_hardly_JSON_are_refused() {
    for (var endpoint : endpoints()) {
      if (endpoint.body().isPresent()) {
        for (var body :
            List.of(
                "",
                "{",
                "nul",
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "[".repeat(100_000),
                "{\"a\":1e400}",
                "{\"a\":NaN}",
                "\uFEFF{}",
                "{/**/}")) {
          assertThat(api.call(endpoint.method(), path(endpoint), body).error())
              .as(endpoint.path() + " " + body.length())
              .startsWith("400 invalid_body Payload validation error: '");
        }
        pause();
      }
    }
  }

  @Test
  void IN_03_IN_05_nothing_evil_in_a_path_or_query_does_anything() {
    for (var endpoint : endpoints()) {
      if (endpoint.path().startsWith("/jobs/users-")) {
        continue; // Takes a form of its own, or does what it is asked: see JobsTest.
      }
      for (var evil : EVIL) {
        var value = URLEncoder.encode(evil, StandardCharsets.UTF_8).replace("+", "%20");
        var path = endpoint.path().replaceAll("\\{[^}]+}", value);
        var query = endpoint.query().keySet().stream().map(name -> name + "=" + value).toList();
        var answer =
            api.call(
                endpoint.method(),
                query.isEmpty() ? path : path + "?" + String.join("&", query),
                "{}");
        assertThat(answer.status()).as(endpoint.method() + " " + path).isIn(200, 204, 400, 404);
        pause();
      }
      assertThat(
              api.call(endpoint.method(), endpoint.path().replaceAll("\\{[^}]+}", "%C0%AF"))
                  .status())
          .isEqualTo(
              endpoint.path().contains("{")
                  ? 400
                  : api.call(endpoint.method(), endpoint.path()).status());
    }
    assertThat(api.told(api.acme)).isEmpty();
  }

  @Test
  void API_08_pages_are_bounded_and_one_past_the_end_is_empty() {
    var ana = api.person(api.acme, "ana");
    for (var list :
        List.of(
            "/users",
            "/logs",
            "/users/" + ManagementApi.encoded(ana) + "/logs",
            "/users/" + ManagementApi.encoded(ana) + "/authentication-methods")) {
      assertThat(api.call(Method.GET, list + "?per_page=1000000000").error())
          .startsWith("400 invalid_query_string Query validation error: '");
      assertThat(api.call(Method.GET, list + "?page=-1").error())
          .startsWith("400 invalid_query_string");
      assertThat(api.call(Method.GET, list + "?page=x").error())
          .startsWith("400 invalid_query_string");
      assertThat(api.call(Method.GET, list + "?page=1&page=2").error())
          .startsWith("400 invalid_query_string");
      assertThat(api.call(Method.GET, list + "?page=2147483647&per_page=100").json()).isEmpty();
      assertThat(api.call(Method.GET, list + "?page=7&include_totals=true").text("start"))
          .isEqualTo("350");
      pause();
    }
    assertThat(api.call(Method.GET, "/users?q=*").error()).startsWith("400 invalid_query_string");
    assertThat(api.call(Method.GET, "/users?q=email:%22a%25%22").json()).isEmpty();
    assertThat(api.call(Method.GET, "/users?sort=document:1").error())
        .startsWith("400 invalid_query_string");
  }

  @Test
  void a_client_has_600_calls_at_once_and_then_ten_a_second() {
    for (int i = 1; i <= 600; i++) {
      var answer = api.call(Method.GET, "/guardian/policies");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.reply().header("X-RateLimit-Remaining")).contains(String.valueOf(600 - i));
    }

    var refused = api.call(Method.GET, "/guardian/policies");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().has("errorCode")).isFalse();
    assertThat(refused.reply().header("Retry-After")).contains("1");
    assertThat(refused.reply().header("X-RateLimit-Reset"))
        .contains(String.valueOf(api.now().seconds() + 60));
    assertThat(api.call(api.other, Method.GET, "/guardian/policies", api.everyScope()).status())
        .isEqualTo(200);
    api.later(Duration.ofMillis(100));
    assertThat(api.call(Method.GET, "/guardian/policies").status()).isEqualTo(200);
    assertThat(api.call(Method.GET, "/guardian/policies").status()).isEqualTo(429);
  }
}
