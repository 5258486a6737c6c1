package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.StepUp;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An API asks what a token is worth, and whether it was raised enough for what is about to be done. */
@WorldTest
class IntrospectionTest {
  private static final String API = "https://api.bank.example";
  private static final String PAYMENTS = "endpoint:POST /payments";
  private static final long USUAL = dev.countersign.application.Api.USUAL_SECONDS;
  private static final Duration STEP = Duration.ofSeconds(31);

  /** The bank's application and its API, in a tenant with this rule. */
  private record Bank(World world, Company acme, Client app, Client api, Someone ana) {
    static Bank of(World world, StepUp... rules) {
      var acme = world.tenant("acme").demandingNothing();
      acme.policy(it -> it.steppingUp(List.of(rules)));
      var created =
          acme.admin()
              .post(
                  "/resource-servers",
                  "{\"identifier\":\"%s\",\"allow_offline_access\":true,\"scopes\":[{\"value\":\"read\"}]}"
                      .formatted(API));
      assertThat(created.status()).as(created.text()).isEqualTo(201);
      return new Bank(
          world,
          acme,
          Client.web(world, acme),
          api(world, acme),
          acme.person("ana").enrolledIn("otp", "recovery-code"));
    }

    static Client api(World world, Company company) {
      return Client.of(
          world,
          company,
          Application.Type.RESOURCE_SERVER,
          it -> it.with(draft -> draft.api = API));
    }

    static Map<String, String> asking() {
      return Map.of("audience", API, "scope", "openid read offline_access");
    }

    JsonNode signsIn(Browser browser) {
      return signsIn(browser, asking());
    }

    JsonNode signsIn(Browser browser, Map<String, String> params) {
      return Client.json(app.redeem(app.signsIn(ana, browser, params).get("code")));
    }

    JsonNode asks(JsonNode tokens, String... acts) {
      var answered = ask(api, access(tokens), acts);
      assertThat(answered.status()).as(answered.text()).isEqualTo(200);
      return Client.json(answered);
    }

    /** What an API that wants more hands on to the application. */
    String challenge(JsonNode tokens, String... acts) {
      return asks(tokens, acts).path("step_up").path("www_authenticate").asString("");
    }

    boolean isEnough(JsonNode tokens, String... acts) {
      var said = asks(tokens, acts).path("step_up");
      assertThat(said.has("enough")).as("%s", said).isTrue();
      return said.path("enough").booleanValue();
    }

    /** Follows a challenge as any application would: it sends back what stands in the header, and redeems the code. */
    JsonNode follows(Browser browser, String header) {
      sentBack(browser, header);
      return Client.json(app.redeem(browser.page().parameters().get("code")));
    }

    void sentBack(Browser browser, String header) {
      assertThat(header).startsWith("Bearer error=\"insufficient_user_authentication\", ");
      var params = new HashMap<>(asking());
      params.put("acr_values", value(header, "acr_values"));
      params.put("max_age", value(header, "max_age"));
      app.opens(browser, params);
      if (browser.page().has("input[name=identifier]")) {
        browser.submit(Map.of("identifier", ana.name()));
        browser.submit(Map.of("password", ana.password()));
      }
      if (browser.page().has("input[name=code]")) {
        browser.submit(Map.of("code", ana.codeNow()));
      }
    }
  }

  private static StepUp rule(String act, StepUp.Kind kind, long lasts) {
    return new StepUp("rule", "A rule", Set.of(act), Level.AAL2, kind, lasts);
  }

  private static String value(String header, String name) {
    var found = Pattern.compile(name + "=\"([^\"]*)\"").matcher(header);
    assertThat(found.find()).as(header).isTrue();
    return found.group(1);
  }

  private static String access(JsonNode tokens) {
    return tokens.path("access_token").asString("");
  }

  private static Wire.Received ask(Client api, String token, String... acts) {
    return askWith(api.secret(), api, token, acts);
  }

  private static Wire.Received askWith(String secret, Client api, String token, String... acts) {
    var body = new ArrayList<String>();
    body.add(Client.encoded(Map.of("client_id", api.id(), "token", token)));
    if (!secret.isEmpty()) {
      body.add(Client.encoded(Map.of("client_secret", secret)));
    }
    for (var act : acts) {
      body.add("act=" + URLEncoder.encode(act, StandardCharsets.UTF_8));
    }
    return api.postForm("/oauth/introspect", String.join("&", body));
  }

  private static void isInactive(Wire.Received answered) {
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    assertThat(answered.text()).isEqualTo("{\"active\":false}");
  }

  // What a token says, and when it says nothing more

  @Test
  void an_api_is_told_what_stands_in_a_living_token(World world) {
    var bank = Bank.of(world);
    var tokens = bank.signsIn(world.browser());
    var said = bank.asks(tokens);

    assertThat(said.path("active").booleanValue()).isTrue();
    assertThat(said.path("token_type").asString("")).isEqualTo("Bearer");
    assertThat(said.path("iss").asString("")).isEqualTo(bank.app().issuer());
    assertThat(said.path("sub").asString("")).isEqualTo(bank.ana().id().value());
    assertThat(said.path("client_id").asString("")).isEqualTo(bank.app().id());
    assertThat(Client.texts(said.path("aud"))).contains(API);
    assertThat(said.path("scope").asString("")).contains("read");
    assertThat(said.path("acr").asString("")).isEqualTo("aal1");
    assertThat(Client.texts(said.path("amr"))).containsExactly("pwd");
    assertThat(said.path("exp").asLong(0) - said.path("iat").asLong(0)).isEqualTo(USUAL);
    assertThat(said.path("auth_time").asLong(0)).isPositive();
    assertThat(said.has("step_up")).isFalse();

    var discovery = Client.json(bank.api().get("/.well-known/openid-configuration", Map.of()));
    assertThat(discovery.path("introspection_endpoint").asString(""))
        .isEqualTo(bank.app().issuer() + "oauth/introspect");
  }

  @Test
  void a_token_behind_which_nothing_stands_any_more_is_inactive(World world) {
    var bank = Bank.of(world);
    var signedOut = bank.signsIn(world.browser());
    bank.acme()
        .admin()
        .call(
            Method.DELETE,
            "/users/" + bank.ana().id().value().replace("|", "%7C") + "/sessions",
            "");
    isInactive(ask(bank.api(), access(signedOut)));

    var revoked = bank.signsIn(world.later(STEP).browser());
    bank.app()
        .postForm(
            "/oauth/revoke",
            Client.encoded(
                Map.of(
                    "client_id",
                    bank.app().id(),
                    "client_secret",
                    bank.app().secret(),
                    "token",
                    revoked.path("refresh_token").asString(""))));
    isInactive(ask(bank.api(), access(revoked)));

    var blocked = bank.signsIn(world.later(STEP).browser());
    assertThat(bank.asks(blocked).path("active").booleanValue()).isTrue();
    bank.ana().blocked();
    isInactive(ask(bank.api(), access(blocked)));

    var other = Bank.of(world);
    var old = other.signsIn(world.browser());
    world.later(Duration.ofSeconds(USUAL));
    isInactive(ask(other.api(), access(old)));
  }

  @Test
  void what_is_no_access_token_for_this_api_is_inactive_whatever_it_is(World world) {
    var bank = Bank.of(world);
    var other = Bank.of(world);
    var tokens = bank.signsIn(world.browser());
    var genuine = access(tokens);
    var forUserInfo = bank.signsIn(world.browser(), Map.of());

    for (var token :
        List.of(
            access(other.signsIn(world.browser())),
            access(forUserInfo),
            tokens.path("id_token").asString(""),
            tokens.path("refresh_token").asString(""),
            genuine.substring(0, genuine.length() - 6),
            genuine + "." + "x".repeat(20_000),
            "garbage",
            "..",
            bank.acme().admin().bearer())) {
      isInactive(ask(bank.api(), token, PAYMENTS));
    }
  }

  @Test
  void only_an_api_that_authenticates_is_answered(World world) {
    var bank = Bank.of(world);
    var token = access(bank.signsIn(world.browser()));

    assertThat(askWith("", bank.api(), token).status()).isEqualTo(401);
    assertThat(askWith("wrong", bank.api(), token).status()).isEqualTo(401);
    var spa = Client.spa(world, bank.acme());
    assertThat(askWith("", spa, token).status()).isEqualTo(401);
    assertThat(askWith(bank.api().secret(), Bank.of(world).api(), token).status()).isEqualTo(401);
    var another = ask(bank.app(), token);
    assertThat(another.status()).isEqualTo(403);
    assertThat(Client.error(another)).isEqualTo("unauthorized_client");
    assertThat(another.text()).doesNotContain(bank.ana().id().value());

    assertThat(Client.error(ask(bank.api(), ""))).isEqualTo("invalid_request");
    for (var strange :
        List.of("", "payout", "endpoint:POST /a/../payments", "endpoint:/payments")) {
      assertThat(Client.error(ask(bank.api(), token, strange))).isEqualTo("invalid_request");
    }
    assertThat(
            Client.error(
                ask(
                    bank.api(),
                    token,
                    "resource:1",
                    "resource:2",
                    "resource:3",
                    "resource:4",
                    "resource:5",
                    "resource:6")))
        .isEqualTo("invalid_request");
  }

  @Test
  void an_api_is_made_by_the_management_api(World world) {
    var bank = Bank.of(world);
    var created =
        bank.acme()
            .admin()
            .post(
                "/clients",
                "{\"name\":\"Bank API\",\"app_type\":\"resource_server\",\"resource_server_identifier\":\"%s\"}"
                    .formatted(API));
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().path("resource_server_identifier").asString("")).isEqualTo(API);
    assertThat(Client.texts(created.json().path("grant_types"))).isEmpty();
    var refused =
        bank.acme()
            .admin()
            .post(
                "/clients",
                "{\"name\":\"Bank\",\"app_type\":\"spa\",\"resource_server_identifier\":\"x\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("resource_server_identifier");
  }

  // Whether it is enough

  @Test
  void STEP_02_an_endpoint_that_wants_more_says_what_to_bring_and_takes_what_is_brought(
      World world) {
    var bank = Bank.of(world, rule(PAYMENTS, StepUp.Kind.ANY, 300));
    var browser = world.browser();
    var first = bank.signsIn(browser);

    assertThat(bank.isEnough(first, "endpoint:GET /balance")).isTrue();
    var said = bank.asks(first, PAYMENTS).path("step_up");
    assertThat(said.path("enough").booleanValue()).isFalse();
    assertThat(said.path("acr_values").asString(""))
        .isEqualTo("aal2 act:endpoint%3APOST%20%2Fpayments");
    assertThat(said.path("max_age").asLong(-1)).isEqualTo(300);
    var header = said.path("www_authenticate").asString("");
    assertThat(header)
        .isEqualTo(
            "Bearer error=\"insufficient_user_authentication\","
                + " acr_values=\"aal2 act:endpoint%3APOST%20%2Fpayments\", max_age=\"300\"");

    world.later(STEP);
    var raised = bank.follows(browser, header);
    assertThat(Client.claims(access(raised)).path("acr").asString("")).isEqualTo("aal2");
    assertThat(bank.isEnough(raised, PAYMENTS)).isTrue();
    assertThat(bank.isEnough(raised, "endpoint:POST /payments/?now=1")).isTrue();
    assertThat(bank.isEnough(first, PAYMENTS)).as("the token from before").isFalse();

    world.later(Duration.ofMinutes(4));
    assertThat(bank.isEnough(raised, PAYMENTS)).isTrue();
    world.later(Duration.ofMinutes(2));
    assertThat(bank.isEnough(raised, PAYMENTS)).isFalse();

    bank.acme().policy(it -> it.steppingUp(List.of()));
    assertThat(bank.isEnough(raised, PAYMENTS)).as("without the rule").isTrue();
  }

  @Test
  void the_first_opening_of_a_class_of_resources_asks_and_the_next_ones_do_not(World world) {
    var bank = Bank.of(world, rule("resource:statements", StepUp.Kind.ANY, 3600));
    var browser = world.browser();
    var first = bank.signsIn(browser);
    var header = bank.challenge(first, "resource:statements");
    world.later(STEP);
    var raised = bank.follows(browser, header);

    world.later(Duration.ofMinutes(50));
    assertThat(bank.isEnough(raised, "resource:statements", "endpoint:GET /statements/1")).isTrue();
    world.later(Duration.ofMinutes(11));
    assertThat(bank.isEnough(raised, "resource:statements")).isFalse();
  }

  @Test
  void a_rule_that_asks_each_time_takes_a_token_that_was_asked_for_so_and_not_for_long(
      World world) {
    var bank = Bank.of(world, rule("operation:close_account", StepUp.Kind.ANY, 0));
    var browser = world.browser();
    var first = bank.signsIn(browser);
    world.later(STEP);
    var aal2 =
        bank.signsIn(
            world.browser(), Map.of("acr_values", "aal2", "audience", API, "scope", "openid read"));
    world.later(Duration.ofSeconds(1));
    assertThat(bank.isEnough(aal2, "operation:close_account"))
        .as("raised for something else")
        .isFalse();

    world.later(STEP);
    var raised = bank.follows(browser, bank.challenge(first, "operation:close_account"));
    world.later(Duration.ofMinutes(4));
    assertThat(bank.isEnough(raised, "operation:close_account")).isTrue();
    var others = Client.web(world, bank.acme());
    var silent =
        Client.json(others.redeem(others.opens(browser, Bank.asking()).parameters().get("code")));
    assertThat(bank.isEnough(silent, "operation:close_account"))
        .as("of another application in the same session")
        .isFalse();
    world.later(Duration.ofMinutes(1));
    assertThat(bank.isEnough(raised, "operation:close_account")).isFalse();
  }

  @Test
  void STEP_04_the_kind_of_factor_goes_along_with_the_challenge(World world) {
    var bank = Bank.of(world, rule(PAYMENTS, StepUp.Kind.NOT_BY_TELEPHONE, 300));
    bank.acme().texting();
    var ana = bank.ana().enrolledIn("sms");
    var browser = world.browser();
    var tokens = bank.signsIn(browser);
    var header = bank.challenge(tokens, PAYMENTS);
    world.later(Duration.ofMinutes(6));
    bank.app()
        .opens(
            browser,
            Map.of(
                "audience",
                API,
                "acr_values",
                value(header, "acr_values"),
                "max_age",
                value(header, "max_age")));
    browser.submit(Map.of("identifier", ana.name()));
    browser.submit(Map.of("password", ana.password()));
    assertThat(browser.page().uri().getPath()).contains("otp");
    assertThat(browser.page().text()).doesNotContain("Text message");

    var keys = Bank.of(world, rule(PAYMENTS, StepUp.Kind.PHISHING_RESISTANT, 300));
    var other = world.browser();
    var low = keys.signsIn(other);
    keys.app()
        .opens(
            other,
            Map.of(
                "audience",
                API,
                "acr_values",
                keys.asks(low, PAYMENTS).path("step_up").path("acr_values").asString("")));
    assertThat(other.page().parameters())
        .as("who has no such factor")
        .containsEntry("error", "unmet_authentication_requirements");
  }

  @Test
  void STEP_06_neither_refreshing_nor_another_sign_in_raises_a_token(World world) {
    var bank = Bank.of(world, rule(PAYMENTS, StepUp.Kind.ANY, 300));
    var browser = world.browser();
    var first = bank.signsIn(browser);
    world.later(STEP);
    var raised = bank.follows(browser, bank.challenge(first, PAYMENTS));
    var refreshed = Client.json(bank.app().refresh(first.path("refresh_token").asString("")));
    assertThat(bank.isEnough(refreshed, PAYMENTS)).isFalse();

    world.later(Duration.ofMinutes(6));
    var later = Client.json(bank.app().refresh(raised.path("refresh_token").asString("")));
    assertThat(bank.isEnough(later, PAYMENTS)).isFalse();
  }

  @Test
  void a_factor_that_is_gone_raises_nothing_any_more(World world) {
    var bank = Bank.of(world, rule(PAYMENTS, StepUp.Kind.ANY, 300));
    var browser = world.browser();
    var first = bank.signsIn(browser);
    world.later(STEP);
    var raised = bank.follows(browser, bank.challenge(first, PAYMENTS));
    assertThat(bank.isEnough(raised, PAYMENTS)).isTrue();
    bank.acme()
        .admin()
        .call(
            Method.DELETE,
            "/users/" + bank.ana().id().value().replace("|", "%7C") + "/authenticators",
            "");
    assertThat(bank.asks(raised, PAYMENTS).path("step_up").path("enough").asBoolean(false))
        .isFalse();
  }

  @Test
  void a_client_that_acts_for_itself_is_not_asked(World world) {
    var bank = Bank.of(world, rule(PAYMENTS, StepUp.Kind.ANY, 300));
    var machine = Client.of(world, bank.acme(), Application.Type.NON_INTERACTIVE, it -> it);
    var granted =
        bank.acme()
            .admin()
            .post(
                "/client-grants",
                "{\"client_id\":\"%s\",\"audience\":\"%s\",\"scope\":[\"read\"]}"
                    .formatted(machine.id(), API));
    assertThat(granted.status()).isEqualTo(201);
    var token =
        Client.json(machine.token(Map.of("grant_type", "client_credentials", "audience", API)));
    assertThat(bank.isEnough(token, PAYMENTS)).isTrue();
    assertThat(bank.asks(token).path("sub").asString("")).isEqualTo(machine.id() + "@clients");
  }

  @Test
  void acts_that_are_none_are_refused_where_a_browser_is_sent(World world) {
    var bank = Bank.of(world);
    for (var strange :
        List.of("act:", "act:payout", "act:endpoint%3APOST%20%2Fa%2F..%2Fb", "act:%zz")) {
      assertThat(
              bank.app()
                  .opens(world.browser(), Map.of("acr_values", "aal2 " + strange))
                  .parameters())
          .as(strange)
          .containsEntry("error", "invalid_request");
    }
  }

  @Test
  void a_policy_takes_the_acts_that_are_asked_about_and_no_others(World world) {
    var admin = world.tenant("acme").admin();
    for (var act :
        List.of(
            "operation:*",
            "scope:read",
            "resource:statements",
            "endpoint:POST /payments/{id}",
            "endpoint:* /accounts/*",
            "admin:export_users")) {
      var saved = admin.call(Method.PUT, "/enforcement", ruled(act));
      assertThat(saved.status()).as(saved.text()).isEqualTo(200);
      assertThat(Client.texts(saved.json().path("step_ups").path(0).path("acts")))
          .containsExactly(act);
    }
    for (var strange :
        List.of(
            "payout",
            "resource:",
            "admin:everything",
            "endpoint:/payments",
            "endpoint:POST payments",
            "endpoint:POST /payments?x=1",
            "endpoint:POST /a/../b")) {
      var refused = admin.call(Method.PUT, "/enforcement", ruled(strange));
      assertThat(refused.status()).as(strange).isEqualTo(400);
      assertThat(refused.json().path("errorCode").asString("")).isEqualTo("invalid_body");
      assertThat(refused.json().path("message").asString("")).contains("step_ups[0].acts");
    }
  }

  private static String ruled(String act) {
    return "{\"mode\":\"optional\",\"step_ups\":[{\"name\":\"x\",\"acts\":[\"%s\"]}]}"
        .formatted(act);
  }
}
