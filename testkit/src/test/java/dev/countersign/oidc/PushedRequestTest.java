package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests that applications push before they send a browser (RFC 9126). */
@WorldTest
class PushedRequestTest {
  private static String name(Wire.Received pushed) {
    assertThat(pushed.status()).as(pushed.text()).isEqualTo(201);
    return Client.json(pushed).path("request_uri").asString("");
  }

  private static void isRefused(Page page) {
    assertThat(page.isElsewhere()).as("nobody is told").isFalse();
    assertThat(page.status()).isEqualTo(400);
  }

  @Test
  void what_was_pushed_is_what_a_browser_asks_for(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var ana = acme.person("ana");
    var pushed = bank.pushes(Map.of("scope", "openid email"));

    assertThat(name(pushed)).startsWith("urn:ietf:params:oauth:request_uri:");
    assertThat(Client.json(pushed).path("expires_in").asInt(0)).isBetween(60, 90);
    assertThat(pushed.header("cache-control").orElse("")).contains("no-store");
    var browser = world.browser();
    browser.open(bank.pushedUrl(name(pushed)) + "&scope=openid+profile&state=evil");
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));

    assertThat(browser.page().parameters()).containsEntry("state", "state-1");
    var tokens = Client.json(bank.redeem(browser.page().parameters().get("code")));
    assertThat(tokens.path("scope").asString("")).isEqualTo("openid email");
  }

  @Test
  void the_provider_says_where_to_push(World world) {
    var bank = Client.web(world, world.tenant("acme"));

    var metadata = Client.json(bank.get("/.well-known/openid-configuration", Map.of()));

    assertThat(metadata.path("pushed_authorization_request_endpoint").asString(""))
        .isEqualTo(bank.issuer() + "oauth/par");
    assertThat(metadata.path("require_pushed_authorization_requests").asBoolean(true)).isFalse();
  }

  @Test
  void it_is_good_once(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var name = name(bank.pushes(Map.of()));
    var browser = world.browser();

    assertThat(browser.open(bank.pushedUrl(name)).has("input[name=identifier]")).isTrue();

    isRefused(browser.open(bank.pushedUrl(name)));
    isRefused(world.browser().open(bank.pushedUrl(name)));
  }

  @Test
  void it_is_good_once_for_any_number_of_browsers_at_a_time(World world) throws Exception {
    var bank = Client.web(world, world.tenant("acme"));
    var name = name(bank.pushes(Map.of()));
    List<Callable<Boolean>> all =
        IntStream.range(0, 12)
            .<Callable<Boolean>>mapToObj(_ ->
                () ->
                    bank.get(
                                "/authorize?"
                                    + Client.encoded(
                                        Map.of("client_id", bank.id(), "request_uri", name)),
                                Map.of())
                            .status()
                        == 303)
            .toList();
    int begun = 0;
    try (var threads = Executors.newFixedThreadPool(12)) {
      for (var each : threads.invokeAll(all)) {
        begun += each.get() ? 1 : 0;
      }
    }
    assertThat(begun).isEqualTo(1);
  }

  @Test
  void it_is_good_for_a_minute_and_a_half(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var early = name(bank.pushes(Map.of()));
    var late = name(bank.pushes(Map.of()));

    world.later(Duration.ofSeconds(89));
    assertThat(world.browser().open(bank.pushedUrl(early)).has("input[name=identifier]")).isTrue();
    world.later(Duration.ofSeconds(1));
    isRefused(world.browser().open(bank.pushedUrl(late)));
  }

  @Test
  void it_is_the_applications_that_pushed_it_and_stays_so(World world) {
    var acme = world.tenant("acme");
    var bank = Client.web(world, acme);
    var shop = Client.web(world, acme);
    var elsewhere = Client.web(world, world.tenant("other"));
    var name = name(bank.pushes(Map.of()));

    isRefused(world.browser().open(shop.pushedUrl(name)));
    isRefused(world.browser().open(elsewhere.pushedUrl(name)));
    isRefused(world.browser().open(bank.pushedUrl(PushedRequests.NAMES + "guessed")));

    assertThat(world.browser().open(bank.pushedUrl(name)).has("input[name=identifier]")).isTrue();
  }

  @Test
  void nobody_pushes_in_anothers_name(World world) {
    var acme = world.tenant("acme");
    var bank = Client.web(world, acme);
    var shop = Client.web(world, acme);

    assertThat(bank.pushes(Map.of("client_secret", "guessed")).status()).isEqualTo(401);
    assertThat(bank.pushes(Map.of("client_secret", shop.secret())).status()).isEqualTo(401);
    assertThat(bank.pushes(Map.of("client_id", "nobody")).status()).isEqualTo(401);
    acme.audit().says("token.client_refused", "reason", "client_secret_invalid");
  }

  @Test
  void applications_without_a_secret_push_too_and_have_to_use_pkce(World world) {
    var acme = world.tenant("acme");
    var app = Client.spa(world, acme);

    assertThat(world.browser().open(app.pushedUrl(name(app.pushes(Map.of())))).status())
        .isEqualTo(200);
    assertThat(
            Client.error(app.pushes(Map.of("code_challenge", "-", "code_challenge_method", "-"))))
        .isEqualTo("invalid_request");
  }

  @Test
  void what_could_not_be_asked_is_refused_when_it_is_pushed(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var wrong =
        Map.of(
            "redirect_uri", "https://evil.example/",
            "response_type", "token",
            "response_mode", "telepathy",
            "max_age", "soon",
            "prompt", "none login",
            "code_challenge_method", "plain",
            "request_uri", PushedRequests.NAMES + "another");

    wrong.forEach((parameter, value) -> {
      var pushed = bank.pushes(Map.of(parameter, value));
      assertThat(pushed.status()).as(parameter).isEqualTo(400);
      assertThat(Client.error(pushed)).as(parameter).isEqualTo("invalid_request");
    });
    assertThat(Client.error(bank.pushes(Map.of("audience", "https://nobody.example"))))
        .isEqualTo("access_denied");
    assertThat(Client.error(bank.pushes(Map.of("state", "s".repeat(20_000)))))
        .isEqualTo("invalid_request");
  }

  @Test
  void an_application_that_has_to_push_cannot_do_without(World world) {
    var acme = world.tenant("acme");
    var bank = Client.of(world, acme, Application.Type.REGULAR_WEB, it -> it);
    var admin = acme.admin();
    var path = "/clients/" + bank.id();
    assertThat(
            admin
                .call(Method.PATCH, path, "{\"require_pushed_authorization_requests\": true}")
                .json()
                .path("require_pushed_authorization_requests")
                .asBoolean(false))
        .isTrue();

    isRefused(bank.opens(world.browser(), Map.of()));
    isRefused(world.browser().open(bank.authorizeUrl(Map.of("request_uri", "https://x.example"))));

    assertThat(world.browser().open(bank.pushedUrl(name(bank.pushes(Map.of())))).status())
        .isEqualTo(200);
  }

  // How many

  @Test
  void RATE_01_what_is_kept_of_a_public_application_has_a_limit_for_each_address(World world) {
    var acme = world.tenant("acme");
    var app = Client.spa(world, acme);
    for (int i = 0; i < 300; i++) {
      name(app.pushes(Map.of("state", "state-" + i)));
    }

    var refused = app.pushes(Map.of());
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Client.json(refused).path("error").asString("")).isEqualTo("too_many_attempts");
    assertThat(Integer.parseInt(refused.header("retry-after").orElse("0"))).isBetween(1, 600);
    assertThat(app.pushes(Map.of(), "198.51.100.7").status()).as("elsewhere").isEqualTo(201);
    assertThat(Client.spa(world, acme).pushes(Map.of()).status()).as("another").isEqualTo(201);

    world.later(Duration.ofMinutes(10));
    name(app.pushes(Map.of()));
  }

  @Test
  void an_application_that_has_a_secret_pushes_as_often_as_it_likes(World world) {
    var bank = Client.web(world, world.tenant("acme"));

    for (int i = 0; i < 305; i++) {
      name(bank.pushes(Map.of()));
    }
  }

  @Test
  void what_nobody_came_for_is_gone_within_the_hour(World world) {
    var acme = world.tenant("acme");
    Client.spa(world, acme).pushes(Map.of());
    assertThat(kept(world, acme)).isEqualTo(1);

    world.wiring().upkeep.tidy.sweep();
    assertThat(kept(world, acme)).isEqualTo(1);
    world.later(Duration.ofMinutes(20));
    world.wiring().upkeep.tidy.sweep();
    assertThat(kept(world, acme)).isZero();
  }

  private static int kept(World world, Company company) {
    return world
        .wiring()
        .ground
        .database
        .read(tx ->
            tx.sql(
                    "select count(*) as n from spendables where tenant = :tenant and kind = 'PUSHED_REQUEST'")
                .set("tenant", company.id())
                .one(row -> row.count("n"))
                .orElseThrow());
  }
}
