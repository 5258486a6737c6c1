package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Guard;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ways in beside the pages: with what a half-finished sign-in has, or with a password alone. */
@WorldTest
class OtherWaysInTest {
  /** Grant types that clients of other servers know, and that take a password or a code for a whole sign-in. */
  private static final List<String> GRANT_TYPES =
      List.of(
          "password",
          "implicit",
          "http://auth0.com/oauth/grant-type/password-realm",
          "http://auth0.com/oauth/grant-type/passwordless/otp",
          "http://auth0.com/oauth/grant-type/mfa-otp",
          "http://auth0.com/oauth/grant-type/mfa-oob",
          "http://auth0.com/oauth/grant-type/mfa-recovery-code",
          "urn:ietf:params:oauth:grant-type:device_code",
          "urn:ietf:params:oauth:grant-type:token-exchange",
          "urn:ietf:params:oauth:grant-type:jwt-bearer",
          "urn:ietf:params:oauth:grant-type:saml2-bearer",
          "urn:openid:params:grant-type:ciba",
          "urn:okta:params:oauth:grant-type:otp");

  private static final List<String> ENDPOINTS_OF_OTHERS =
      List.of(
          "/oauth/ro",
          "/oauth/access_token",
          "/oauth/device/code",
          "/delegation",
          "/passwordless/start",
          "/passwordless/verify",
          "/usernamepassword/login",
          "/dbconnections/signup",
          "/dbconnections/change_password",
          "/co/authenticate",
          "/login/callback",
          "/samlp/client",
          "/wsfed/client",
          "/u/signup");

  /** All that a browser holds between the password and the second proof. */
  private static Map<String, String> held(Browser browser) {
    Map<String, String> held = new LinkedHashMap<>(browser.cookies(browser.page().uri()));
    held.put("state", browser.page().element("input[name=state]").val());
    held.put("csrf", browser.page().element("input[name=csrf]").val());
    held.put("url", browser.page().uri().toString());
    assertThat(held.keySet()).anyMatch(name -> name.contains("cs_signin_"));
    return held;
  }

  @Test
  void LS_02_nothing_that_a_half_finished_sign_in_holds_is_a_token_of_any_kind(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bank = Client.web(world, acme);
    var browser = ana.signsIn().isAskedForCode().browser();

    for (var thing : held(browser).entrySet()) {
      var bearer = Map.of("authorization", "Bearer " + thing.getValue());
      assertThat(bank.get("/userinfo", bearer).status()).as(thing.getKey()).isEqualTo(401);
      for (var route : world.wiring().web.router.routes()) {
        if (route.guard() instanceof Guard.Bearer) {
          assertThat(ManagementAccessTest.ask(world, acme, route, thing.getValue()).status())
              .as("%s at %s %s", thing.getKey(), route.method(), route.path())
              .isEqualTo(401);
        }
      }
      assertThat(Client.error(bank.refresh(thing.getValue()))).isEqualTo("invalid_grant");
      assertThat(Client.error(bank.redeem(thing.getValue()))).isEqualTo("invalid_grant");

      var thief = world.browser();
      thief.plant(URI.create(acme.origin()), "__Host-cs_session", thing.getValue());
      thief.open(acme.url("/account"));
      assertThat(thief.page().has("input[name=identifier]"))
          .as("%s as a session's cookie", thing.getKey())
          .isTrue();
      assertThat(bank.opens(thief, Map.of("prompt", "none")).parameters())
          .as("%s as a session's cookie, silently", thing.getKey())
          .containsEntry("error", "login_required");
    }
    assertThat(acme.audit().count("user.signed_in")).isZero();
    assertThat(acme.audit().count("token.issued")).isZero();
  }

  @Test
  void TOK_02_a_reset_link_is_no_token_and_no_token_is_a_reset_link(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var bank = Client.web(world, acme);
    var browser = world.browser();
    browser.open(acme.url("/u/password/forgot"));
    browser.submit(Map.of("identifier", "ana"));
    var ticket = ana.mails().getLast().plain().replaceAll("(?s).*ticket=(\\S+).*", "$1");

    assertThat(bank.userinfo(ticket).status()).isEqualTo(401);
    assertThat(bank.get("/api/v2/users", Map.of("authorization", "Bearer " + ticket)).status())
        .isEqualTo(401);
    assertThat(Client.error(bank.refresh(ticket))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.redeem(ticket))).isEqualTo("invalid_grant");

    var code = bank.signsIn(ana, browser, Map.of()).get("code");
    assertThat(Client.error(bank.refresh(code))).isEqualTo("invalid_grant");
    var tokens = Client.json(bank.redeem(code));
    for (var kind : List.of("access_token", "id_token", "refresh_token")) {
      var token = tokens.path(kind).asString();
      assertThat(browser.open(acme.url("/u/password/reset?ticket=" + token)).status())
          .as(kind)
          .isEqualTo(400);
    }
    assertThat(browser.open(acme.url("/u/password/reset?ticket=" + ticket)).status())
        .as("the link itself")
        .isEqualTo(200);
  }

  @Test
  void LS_08_no_grant_type_that_an_application_was_not_given_takes_a_password(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    for (var client : List.of(Client.web(world, acme), Client.spa(world, acme))) {
      for (var type : GRANT_TYPES) {
        List<String> answers = new ArrayList<>();
        for (var password : List.of(ana.password(), "wrong password")) {
          var params = new LinkedHashMap<String, String>();
          params.put("grant_type", type);
          params.put("username", ana.name());
          params.put("password", password);
          params.put("otp", ana.codeNow());
          params.put("realm", "Username-Password-Authentication");
          params.put("scope", "openid offline_access");
          var answer = client.token(params);
          answers.add(answer.status() + " " + answer.text());
        }
        boolean known = Application.DIRECT.contains(type);
        assertThat(answers.getFirst())
            .startsWith(known ? "403 " : "400 ")
            .contains(known ? "\"unauthorized_client\"" : "\"unsupported_grant_type\"")
            .isEqualTo(answers.getLast());
      }
    }
    assertThat(acme.audit().events()).isEmpty();
  }

  @Test
  void LS_08_there_is_no_other_endpoint_to_sign_in_at(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bank = Client.web(world, acme);
    var params =
        Client.encoded(
            Map.of("client_id", bank.id(), "username", ana.name(), "password", ana.password()));

    for (var path : ENDPOINTS_OF_OTHERS) {
      assertThat(bank.get(path + "?" + params, Map.of()).status()).as(path).isEqualTo(404);
      for (var type : List.of("application/x-www-form-urlencoded", "application/json")) {
        assertThat(bank.post(world.node(), path, type, params, Map.of()).status())
            .as(path)
            .isEqualTo(404);
      }
    }
  }

  @Test
  void LS_08_name_and_password_in_a_header_or_an_unusual_browser_open_nothing(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bank = Client.web(world, acme);
    var basic =
        Map.of(
            "authorization",
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        (ana.name() + ":" + ana.password()).getBytes(StandardCharsets.UTF_8)),
            "user-agent",
            "curl/8",
            "x-requested-with",
            "XMLHttpRequest");

    assertThat(bank.get("/userinfo", basic).status()).isEqualTo(401);
    assertThat(bank.get("/api/v2/users", basic).status()).isEqualTo(401);
    for (var path : List.of("/account", "/authorize?" + Client.encoded(bank.usual()))) {
      assertThat(bank.get(path, basic).header("location").orElseThrow())
          .as(path)
          .contains("/u/login/identifier");
    }
    assertThat(
            bank.get("/authorize?prompt=none&" + Client.encoded(bank.usual()), basic)
                .header("location")
                .orElseThrow())
        .contains("error=login_required");
    for (var agent : List.of("", "curl/8", "Auth0.swift", "x".repeat(10_000))) {
      var page =
          bank.get("/authorize?" + Client.encoded(bank.usual()), Map.of("user-agent", agent));
      assertThat(page.header("location").orElseThrow()).contains("/u/login/identifier");
    }
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void LS_08_once_the_policy_demands_it_refreshing_and_silent_sign_in_wait_for_the_second_proof(
      World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana").enrolledIn("otp");
    var spa = Client.spa(world, acme);
    var browser = world.browser();
    var refresh =
        Client.json(spa.redeem(spa.signsIn(ana, browser, Map.of()).get("code")))
            .path("refresh_token")
            .asString();

    acme.requiring("otp");

    assertThat(Client.error(spa.refresh(refresh))).isEqualTo("mfa_required");
    for (var mode : List.of("query", "fragment", "form_post")) {
      assertThat(spa.opens(browser, Map.of("prompt", "none", "response_mode", mode)).parameters())
          .as(mode)
          .containsEntry("error", "interaction_required")
          .doesNotContainKey("code");
    }
    assertThat(
            spa.opens(
                    browser,
                    Map.of(
                        "prompt",
                        "none",
                        "response_type",
                        "code id_token",
                        "response_mode",
                        "fragment"))
                .parameters())
        .containsEntry("error", "interaction_required")
        .doesNotContainKeys("code", "id_token");
    assertThat(spa.opens(browser, Map.of()).has("input[name=code]")).isTrue();
  }
}
