package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.OpenApi;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Guard;
import dev.countersign.web.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who gets into the Management API: every route of the table with every kind of token, all of them really issued. */
@WorldTest
class ManagementAccessTest {
  private static final String OTHER_API = "https://ledger.example";

  /** A call to a route, with bodies and ids that mean nothing. */
  static Wire.Received ask(World world, Company company, Route route, String token) {
    var path = route.path().replaceAll("\\{[a-z_]+}", "nobody");
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("content-type", List.of("application/json"));
    if (!token.isEmpty()) {
      headers.put("authorization", List.of("Bearer " + token));
    }
    return world
        .node()
        .send(
            new Wire.Sent(
                route.method(),
                URI.create(company.url(path)),
                headers,
                "not even JSON".getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Route> routes(World world) {
    var all =
        world.wiring().web.router.routes().stream()
            .filter(route -> route.guard() instanceof Guard.Bearer)
            .toList();
    assertThat(all).hasSizeGreaterThan(20);
    return all;
  }

  private static List<String> scopes(Route route) {
    return route.guard() instanceof Guard.Bearer(var anyOf, var _) ? anyOf : List.of();
  }

  private static Client machine(World world, Company company, String audience, Set<String> scopes) {
    var machine = Client.of(world, company, Application.Type.NON_INTERACTIVE, it -> it);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .ground
                .apis
                .allow(tx, company.id(), machine.application().id(), audience, scopes));
    return machine;
  }

  private static String token(Client machine, String audience) {
    return Client.json(
            machine.token(Map.of("grant_type", "client_credentials", "audience", audience)))
        .path("access_token")
        .asString();
  }

  private static String management(Client machine) {
    return token(machine, Api.managementAudience(machine.issuer()));
  }

  @Test
  void API_01_what_is_no_token_of_this_API_gets_401_at_every_route(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var other = world.tenant("other");
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .ground
                .apis
                .create(
                    tx,
                    acme.id(),
                    Api.of(OTHER_API, "Ledger", List.copyOf(Apis.managementScopes())),
                    world.clock().now()));
    var bank = Client.web(world, acme);
    var persons =
        Client.json(
            bank.redeem(bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")));
    var everything = machine(world, acme, ClientGrant.MANAGEMENT, Apis.managementScopes());
    var expired = management(everything);
    world.later(Duration.ofSeconds(Api.USUAL_SECONDS));
    var genuine = management(everything);

    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("none", "");
    tokens.put("garbage", "garbage");
    tokens.put("a person's access token", persons.path("access_token").asString());
    tokens.put("a person's ID token", persons.path("id_token").asString());
    tokens.put("a person's refresh token", persons.path("refresh_token").asString());
    tokens.put(
        "one for another API",
        token(machine(world, acme, OTHER_API, Apis.managementScopes()), OTHER_API));
    tokens.put(
        "another tenant's",
        management(machine(world, other, ClientGrant.MANAGEMENT, Apis.managementScopes())));
    tokens.put("one that has expired", expired);
    tokens.put("a client's secret", everything.secret());
    tokens.put("one cut short", genuine.substring(0, genuine.length() - 8));
    tokens.put("one with another word in front", "Bearer " + genuine);

    for (var route : routes(world)) {
      tokens.forEach((kind, token) -> {
        var answer = ask(world, acme, route, token);
        assertThat(answer.status())
            .as("%s at %s %s", kind, route.method(), route.path())
            .isEqualTo(401);
        assertThat(Json.tree(answer.text()).path("error").asString()).isEqualTo("Unauthorized");
      });
      assertThat(ask(world, acme, route, genuine).status())
          .as("the right one at %s %s", route.method(), route.path())
          .isNotIn(401, 403)
          .isLessThan(500);
      world.later(Duration.ofSeconds(1));
    }
    assertThat(acme.audit().kinds()).doesNotContain("api.changed", "mfa.policy_changed");
  }

  @Test
  void API_01_a_token_opens_the_routes_of_its_scopes_and_no_other(World world) {
    var acme = world.tenant("acme");
    var routes = routes(world);
    var demanded = new TreeSet<String>();
    routes.forEach(route -> demanded.addAll(scopes(route)));
    assertThat(Apis.managementScopes()).containsAll(demanded);

    for (var scope : demanded) {
      var alone = management(machine(world, acme, ClientGrant.MANAGEMENT, Set.of(scope)));
      var others = new HashSet<>(Apis.managementScopes());
      others.remove(scope);
      var rest = management(machine(world, acme, ClientGrant.MANAGEMENT, others));
      for (var route : routes) {
        opens(world, acme, route, alone, scopes(route).contains(scope), scope);
        boolean another = scopes(route).stream().anyMatch(it -> !it.equals(scope));
        opens(world, acme, route, rest, another, "all but " + scope);
      }
      world.later(Duration.ofSeconds(10));
    }
  }

  private static void opens(
      World world, Company company, Route route, String token, boolean open, String scopes) {
    var answer = ask(world, company, route, token);
    var what = "%s %s with %s".formatted(route.method(), route.path(), scopes);
    if (open) {
      assertThat(answer.status()).as(what).isNotIn(401, 403).isLessThan(500);
      return;
    }
    assertThat(answer.status()).as(what).isEqualTo(403);
    assertThat(Json.tree(answer.text()).path("errorCode").asString())
        .as(what)
        .isEqualTo("insufficient_scope");
  }

  @Test
  void API_01_a_persons_application_gets_no_token_for_this_API(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var answer =
        bank.signsIn(
            acme.person("ana"),
            world.browser(),
            Map.of(
                "audience",
                Api.managementAudience(bank.issuer()),
                "scope",
                "openid " + String.join(" ", Apis.managementScopes())));
    var access = Client.json(bank.redeem(answer.get("code"))).path("access_token").asString();

    for (var route : routes(world)) {
      assertThat(ask(world, acme, route, access).status())
          .as("%s %s", route.method(), route.path())
          .isEqualTo(403);
    }
  }

  @Test
  void API_01_whatever_stands_below_the_API_wants_a_token(World world) {
    assertThat(world.wiring().web.router.routes())
        .filteredOn(route -> !route.path().equals(OpenApi.PATH))
        .allSatisfy(route ->
            assertThat(route.guard() instanceof Guard.Bearer)
                .as("%s", route)
                .isEqualTo(route.path().startsWith("/api/")));
    assertThat(
            world.wiring().web.router.routes().stream()
                .filter(route -> route.guard() instanceof Guard.CrossOrigin)
                .map(route -> route.method() + " " + route.path()))
        .as("the routes that pages of other sites may read")
        .containsExactlyInAnyOrder(
            "GET /.well-known/openid-configuration",
            "GET /.well-known/jwks.json",
            "POST /oauth/token",
            "POST /oauth/revoke",
            "POST /oauth/par",
            "GET /userinfo",
            "POST /userinfo",
            "POST /mfa/associate",
            "POST /mfa/challenge",
            "GET /mfa/authenticators",
            "DELETE /mfa/authenticators/{id}");
  }
}
