package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.kernel.FactorId;
import dev.countersign.testkit.SoftAuthenticator;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code /authorize}: who may ask, for what, and where the answer goes. */
@WorldTest
class AuthorizeTest {
  @Test
  void a_person_signs_in_and_the_application_gets_tokens(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bank = Client.web(world, acme);

    var answer = bank.signsIn(ana, world.browser(), Map.of());
    assertThat(answer)
        .containsEntry("state", "state-1")
        .containsEntry("iss", bank.issuer())
        .containsKey("code");

    var tokens = Client.json(bank.redeem(answer.get("code")));
    var id = Client.claims(tokens.path("id_token").asString());
    assertThat(id.path("iss").asString()).isEqualTo(bank.issuer());
    assertThat(id.path("sub").asString()).isEqualTo(ana.id().value());
    assertThat(id.path("aud").asString()).isEqualTo(bank.id());
    assertThat(id.path("nonce").asString()).isEqualTo("nonce-1");
    assertThat(id.path("acr").asString()).isEqualTo("aal2");
    assertThat(Client.texts(id.path("amr"))).containsExactly("pwd", "otp", "mfa");
    assertThat(id.path("auth_time").asLong()).isEqualTo(world.clock().now().seconds());
    assertThat(id.path("email").asString()).isEqualTo(ana.email());
    var access = tokens.path("access_token").asString();
    assertThat(Client.header(access).path("typ").asString()).isEqualTo("at+jwt");
    assertThat(Client.claims(access).path("sid").asString()).isEqualTo(id.path("sid").asString());
    assertThat(Client.json(bank.userinfo(access)).path("sub").asString())
        .isEqualTo(ana.id().value());
    acme.audit().endsWith("user.mfa_succeeded", "user.signed_in", "token.issued");
  }

  private static JsonNode signedInByPasskey(
      World world, Client bank, Someone who, UnaryOperator<SoftAuthenticator> how) {
    var browser = world.browser();
    bank.opens(browser, Map.of());
    var asked = browser.page().element("input[data-renew]").attr("data-options");
    var key = how.apply(who.authenticator("webauthn-platform").honest());
    browser.submit(
        Map.of(
            "credential",
            key.signs(asked),
            "question",
            browser.page().element("input[name=question]").val()));
    if (!browser.page().isElsewhere()) {
      browser.submit(Map.of("password", who.password()));
    }
    var tokens = Client.json(bank.redeem(browser.page().parameters().get("code")));
    return Client.claims(tokens.path("id_token").asString());
  }

  @Test
  void WA_11_tokens_say_what_a_passkey_did_and_that_it_was_alone(World world) {
    var acme = world.tenant("acme").requiring("webauthn-platform");
    var ana = acme.person("ana").enrolledIn("webauthn-platform");
    var bank = Client.web(world, acme);

    var verified = signedInByPasskey(world, bank, ana, key -> key);
    assertThat(verified.path("acr").asString()).isEqualTo("aal2");
    assertThat(Client.texts(verified.path("amr"))).containsExactly("swk", "user", "mfa");
    assertThat(verified.path("auth_time").asLong()).isEqualTo(world.clock().now().seconds());

    var beside = signedInByPasskey(world, bank, ana, SoftAuthenticator::withoutVerification);
    assertThat(beside.path("acr").asString()).isEqualTo("aal2");
    assertThat(Client.texts(beside.path("amr"))).containsExactly("swk", "user", "pwd", "mfa");

    acme.demandingNothing();
    var alone = signedInByPasskey(world, bank, ana, SoftAuthenticator::withoutVerification);
    assertThat(alone.path("acr").asString()).isEqualTo("aal1");
    assertThat(Client.texts(alone.path("amr"))).containsExactly("swk", "user");
  }

  @Test
  void OIDC_01_a_redirect_uri_is_compared_letter_by_letter(World world) {
    var acme = world.tenant("acme");
    var bank = Client.web(world, acme);
    var variants =
        List.of(
            "",
            "https://bank.example/callback/",
            "https://bank.example/callback?",
            "https://bank.example/callback?x=1",
            "https://bank.example/callback#",
            "https://bank.example/callback#x",
            "https://bank.example/Callback",
            "https://BANK.example/callback",
            "HTTPS://bank.example/callback",
            "http://bank.example/callback",
            "https://bank.example:443/callback",
            "https://bank.example:444/callback",
            "https://bank.example./callback",
            "https://bank.example/callback/..",
            "https://bank.example/callback/../callback",
            "https://bank.example/./callback",
            "https://bank.example//callback",
            "https://bank.example/%63allback",
            "https://bank.example/callback%00",
            "https://bank.example/callback%20",
            "https://bank.example/callback ",
            " https://bank.example/callback",
            "https://bank.example/callback\t",
            "https://bank.example\\callback",
            "https://bank.example/callback\\",
            "https://user@bank.example/callback",
            "https://user:pw@bank.example/callback",
            "https://bank.example@evil.example/callback",
            "https://bank.example.evil.example/callback",
            "https://bank.example%2eevil.example/callback",
            "https://evil.example/https://bank.example/callback",
            "https://evil.example/?https://bank.example/callback",
            "//bank.example/callback",
            "/callback",
            "callback",
            "https:bank.example/callback",
            "https:///bank.example/callback",
            "https://bank.example/callback;x",
            "https://bank.example/callback&state=1",
            "https://b\u0430nk.example/callback",
            "https://xn--bnk-5cd.example/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://localhost.evil/callback",
            "https://bank.example/callback,https://bank.example/callback");

    assertThat(variants.size()).isGreaterThanOrEqualTo(40);
    assertThat(variants)
        .allSatisfy(uri -> {
          var page = bank.opens(world.browser(), Map.of("redirect_uri", uri));
          assertThat(page.isElsewhere()).as(uri).isFalse();
          assertThat(page.status()).as(uri).isEqualTo(400);
        });
  }

  @Test
  void OIDC_03_without_s256_nobody_gets_in(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var spa = Client.spa(world, acme);

    assertThat(
            spa.opens(world.browser(), Map.of("code_challenge", "-", "code_challenge_method", "-"))
                .parameters())
        .containsEntry("error", "invalid_request")
        .containsEntry("iss", spa.issuer())
        .containsEntry("state", "state-1");
    assertThat(spa.opens(world.browser(), Map.of("code_challenge_method", "plain")).parameters())
        .containsEntry("error", "invalid_request");
    assertThat(spa.opens(world.browser(), Map.of("code_challenge_method", "-")).parameters())
        .containsEntry("error", "invalid_request");
    assertThat(spa.opens(world.browser(), Map.of("code_challenge", "short")).parameters())
        .containsEntry("error", "invalid_request");

    var wrong = new ArrayList<Map<String, String>>();
    wrong.add(Map.of());
    wrong.add(Map.of("code_verifier", Client.VERIFIER + "x"));
    wrong.add(Map.of("code_verifier", "short"));
    wrong.add(Map.of("code_verifier", "x".repeat(129)));
    wrong.add(Map.of("code_verifier", Client.challenge(Client.VERIFIER)));
    var browser = world.browser();
    var first = spa.signsIn(ana, browser, Map.of());
    assertThat(first).containsKey("code");
    for (var verifier : wrong) {
      var code = spa.opens(browser, Map.of()).parameters().get("code");
      var params =
          new java.util.HashMap<>(
              Map.of(
                  "grant_type",
                  "authorization_code",
                  "code",
                  code,
                  "redirect_uri",
                  Client.CALLBACK));
      params.putAll(verifier);
      assertThat(Client.error(spa.token(params))).isEqualTo("invalid_grant");
    }
  }

  @Test
  void OIDC_03_a_verifier_without_a_challenge_is_refused(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var code =
        bank.signsIn(
                acme.person("ana"),
                world.browser(),
                Map.of("code_challenge", "-", "code_challenge_method", "-"))
            .get("code");

    assertThat(Client.error(bank.redeem(code))).isEqualTo("invalid_grant");
  }

  @Test
  void OIDC_04_response_types_with_access_tokens_and_unknown_modes_are_refused_without_redirect(
      World world) {
    var bank = Client.web(world, world.tenant("acme"));

    assertThat(
            List.of(
                "token",
                "id_token token",
                "code token",
                "code id_token token",
                "none",
                "-",
                "code code2"))
        .allSatisfy(type ->
            assertThat(bank.opens(world.browser(), Map.of("response_type", type)).status())
                .as(type)
                .isEqualTo(400));
    assertThat(List.of("jwt", "Query", "okta_post_message"))
        .allSatisfy(mode ->
            assertThat(bank.opens(world.browser(), Map.of("response_mode", mode)).status())
                .as(mode)
                .isEqualTo(400));
    assertThat(
            bank.opens(
                    world.browser(), Map.of("response_type", "id_token", "response_mode", "query"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void OIDC_04_an_id_token_comes_by_form_post_with_a_nonce_only(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);

    assertThat(
            bank.opens(
                    world.browser(),
                    Map.of("response_type", "id_token", "response_mode", "form_post", "nonce", "-"))
                .parameters())
        .containsEntry("error", "invalid_request");
    var answer =
        bank.signsIn(
            acme.person("ana"),
            world.browser(),
            Map.of("response_type", "id_token", "response_mode", "form_post"));
    assertThat(answer).containsKeys("id_token", "state", "iss").doesNotContainKey("code");
    assertThat(Client.claims(answer.get("id_token")).path("nonce").asString()).isEqualTo("nonce-1");
  }

  @Test
  void OIDC_04_code_and_id_token_are_tied_together(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var answer =
        bank.signsIn(
            acme.person("ana"),
            world.browser(),
            Map.of("response_type", "code id_token", "response_mode", "form_post"));

    assertThat(answer).containsKeys("code", "id_token");
    assertThat(Client.claims(answer.get("id_token")).path("c_hash").asString()).hasSize(22);
    assertThat(bank.redeem(answer.get("code")).status()).isEqualTo(200);
  }

  @Test
  void OIDC_06_nobody_is_shown_a_page_with_prompt_none(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var spa = Client.spa(world, acme);
    var browser = world.browser();
    var silent = Map.of("prompt", "none");

    assertThat(spa.opens(browser, silent).parameters())
        .containsEntry("error", "login_required")
        .containsEntry("iss", spa.issuer());
    assertThat(spa.signsIn(ana, browser, Map.of())).containsKey("code");
    assertThat(spa.opens(browser, silent).parameters()).containsKey("code");
    assertThat(spa.opens(browser, Map.of("prompt", "none login")).parameters())
        .containsEntry("error", "invalid_request");

    acme.requiring("otp");
    assertThat(spa.opens(browser, silent).parameters())
        .containsEntry("error", "interaction_required")
        .doesNotContainKey("code");
    world.later(Duration.ofDays(31));
    assertThat(spa.opens(browser, silent).parameters()).containsEntry("error", "login_required");
  }

  @Test
  void PICK_10_whoever_lost_the_last_factor_goes_on_nowhere_before_there_is_a_new_one(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var bank = Client.web(world, acme);
    var browser = world.browser();
    var byApp =
        Client.json(bank.redeem(bank.signsIn(ana, browser, Map.of()).get("code")))
            .path("refresh_token")
            .asString();
    var other = world.browser();
    bank.opens(other, Map.of());
    other.submit(Map.of("identifier", "ana"));
    other.submit(Map.of("password", ana.password()));
    other.open(acme.url(other.page().element(".after a").attr("href")));
    other.press("method", "recovery-code");
    other.submit(Map.of("code", ana.backupCode()));
    var byCode =
        Client.json(bank.redeem(other.page().parameters().get("code")))
            .path("refresh_token")
            .asString();

    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .methods
                .enrolments
                .remove(tx, acme.id(), ana.enrolment("otp"), world.clock().now()));

    for (var each : List.of(browser, other)) {
      assertThat(bank.opens(each, Map.of("prompt", "none")).parameters())
          .containsEntry("error", "interaction_required")
          .doesNotContainKey("code");
    }
    assertThat(Client.error(bank.refresh(byApp))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.refresh(byCode))).isEqualTo("mfa_required");

    bank.opens(browser, Map.of());
    assertThat(browser.page().has("#key") || browser.page().has("button[name=factor]")).isTrue();
    if (!browser.page().has("#key")) {
      browser.press("factor", "otp");
    }
    ana.type(browser.page().element("#key").text());
    browser.submit(Map.of("code", ana.codeNow()));
    assertThat(browser.page().parameters()).containsKey("code");
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters()).containsKey("code");
  }

  @Test
  void OIDC_06_a_silent_answer_by_web_message_goes_to_the_applications_origin_only(World world) {
    var spa = Client.spa(world, world.tenant("acme"));
    var page = spa.opens(world.browser(), Map.of("prompt", "none", "response_mode", "web_message"));

    assertThat(page.element("#answer").attr("data-origin")).isEqualTo("https://bank.example");
    assertThat(page.element("#answer").attr("data-response")).contains("login_required");
    assertThat(page.received().header("content-security-policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("frame-ancestors https://bank.example"));
  }

  @Test
  void OIDC_07_a_parameter_that_comes_twice_is_refused(World world) {
    var bank = Client.web(world, world.tenant("acme"));

    assertThat(
            List.of(
                "client_id=" + bank.id(),
                "redirect_uri=" + Client.encoded(Map.of("x", Client.CALLBACK)).substring(2),
                "scope=openid",
                "state=other",
                "nonce=other",
                "prompt=none&prompt=none"))
        .allSatisfy(more -> {
          assertThat(world.browser().open(bank.authorizeUrl(Map.of()) + "&" + more).status())
              .as(more)
              .isEqualTo(400);
          var name = more.substring(0, more.indexOf('='));
          var posted = world.browser().post(bank.authorizeUrl(Map.of()), Map.of(name, "x"));
          assertThat(name.equals("prompt") || posted.status() == 400).as("posted " + name).isTrue();
        });
    assertThat(
            bank.post(
                    world.node(),
                    "/oauth/token",
                    "application/x-www-form-urlencoded",
                    "grant_type=client_credentials&grant_type=client_credentials&client_id="
                        + bank.id(),
                    Map.of())
                .text())
        .contains("invalid_request");
  }

  @Test
  void a_posted_request_goes_on_as_get(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var page = world.browser().post(bank.issuer() + "authorize", bank.usual());

    assertThat(page.has("input[name=identifier]")).isTrue();
  }

  @Test
  void STEP_01_a_level_that_is_asked_for_is_reached_or_refused(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var bank = Client.web(world, acme);
    var browser = world.browser();
    assertThat(
            Client.claims(
                    Client.json(bank.redeem(bank.signsIn(ana, browser, Map.of()).get("code")))
                        .path("id_token")
                        .asString())
                .path("acr")
                .asString())
        .isEqualTo("aal1");

    var page = bank.opens(browser, Map.of("acr_values", Level.MULTI_FACTOR));
    assertThat(page.has("input[name=code]")).isTrue();
    browser.submit(Map.of("code", ana.codeNow()));
    var raised =
        Client.claims(
            Client.json(bank.redeem(browser.page().parameters().get("code")))
                .path("id_token")
                .asString());
    assertThat(raised.path("acr").asString()).isEqualTo(Level.MULTI_FACTOR);
    assertThat(Client.texts(raised.path("amr"))).containsExactly("pwd", "otp", "mfa");

    assertThat(bank.opens(browser, Map.of("acr_values", "urn:unknown")).parameters())
        .containsKey("code");
    assertThat(
            bank.opens(
                    browser,
                    Map.of(
                        "claims",
                        "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"urn:unknown\"}}}"))
                .parameters())
        .containsEntry("error", "unmet_authentication_requirements")
        .hasEntrySatisfying(
            "error_description", it -> assertThat(it).contains("there are aal1, aal2, aal3"));
    // Without keys that are bound to hardware nothing reaches the third level.
    acme.policy(policy -> policy.allowing(new FactorId("webauthn-platform"), false));
    assertThat(
            bank.opens(
                    browser,
                    Map.of(
                        "claims",
                        "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"aal3\"]}}}"))
                .parameters())
        .containsEntry("error", "unmet_authentication_requirements")
        .containsEntry(
            "error_description",
            "aal3 takes a passkey or security key that cannot leave its device; the person has none. They can set one up"
                + " at "
                + bank.issuer()
                + "account and come back, unless their administrator allows none.");
    assertThat(bank.opens(browser, Map.of("claims", "{")).parameters())
        .containsEntry("error", "invalid_request");
  }

  @Test
  void STEP_01_whoever_has_an_app_where_a_key_is_asked_for_is_told_that_a_stronger_method_is_needed(
      World world) {
    var acme = world.tenant("acme").inviting("otp", "webauthn-platform", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var bank = Client.web(world, acme);
    var browser = world.browser();
    bank.opens(browser, Map.of("acr_values", "aal3"));
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));

    browser.submit(Map.of("code", ana.codeNow()));

    assertThat(browser.page().has("button[value=webauthn-platform]")).isTrue();
    assertThat(browser.page().has("button[value=otp]")).isFalse();
    assertThat(browser.page().text())
        .contains("A stronger method is needed here", "Step 1 of 2")
        .contains("asks for a passkey (made with")
        .contains("can’t be tricked by a forged page")
        .doesNotContain("multi-factor");
  }

  @Test
  void max_age_and_prompt_login_ask_for_the_password_again(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var bank = Client.web(world, acme);
    var browser = world.browser();
    bank.signsIn(ana, browser, Map.of());

    world.later(Duration.ofSeconds(61));
    assertThat(bank.opens(browser, Map.of("max_age", "3600")).parameters()).containsKey("code");
    assertThat(bank.opens(browser, Map.of("max_age", "60")).isElsewhere()).isFalse();
    assertThat(bank.opens(browser, Map.of("prompt", "login")).isElsewhere()).isFalse();
    assertThat(bank.opens(browser, Map.of("max_age", "60", "prompt", "none")).parameters())
        .containsEntry("error", "login_required");
    assertThat(bank.opens(browser, Map.of("max_age", "-1")).parameters())
        .containsEntry("error", "invalid_request");
  }

  @Test
  void an_application_gets_only_what_it_may(World world) {
    var acme = world.tenant("acme");
    var machine = Client.of(world, acme, Application.Type.NON_INTERACTIVE, it -> it);

    assertThat(machine.opens(world.browser(), Map.of()).parameters())
        .containsEntry("error", "unauthorized_client");
    assertThat(machine.opens(world.browser(), Map.of("client_id", "nobody")).status())
        .isEqualTo(400);
    assertThat(
            Client.web(world, acme)
                .opens(world.browser(), Map.of("audience", "https://nowhere.example"))
                .parameters())
        .containsEntry("error", "access_denied");
  }

  @Test
  void a_second_tab_of_a_completed_sign_in_sends_the_used_request_nowhere(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var home = "https://bank.example/start";
    for (var bank :
        List.of(
            Client.web(world, acme),
            Client.of(
                world,
                acme,
                Application.Type.REGULAR_WEB,
                it -> it.with(draft -> draft.startUrl = home)))) {
      var browser = world.browser();
      bank.opens(browser, Map.of());
      browser.submit(Map.of("identifier", "ana"));
      var link = browser.page().uri().toString();
      browser.submit(Map.of("password", ana.password()));
      assertThat(browser.page().parameters()).containsKey("code");

      var late = browser.copy(); // Another tab has the same cookies.
      late.open(link);
      assertThat(late.page().title()).contains("another tab");
      assertThat(late.page().text()).contains("signed in to Bank");
      assertThat(late.page().html()).doesNotContain("state-1").doesNotContain("/authorize");
      if (bank.application().startUrl() == null) {
        assertThat(late.page().text()).contains("close this window");
        assertThat(late.page().has("a.primary")).isFalse();
      } else {
        assertThat(late.page().element("a.primary").attr("href")).isEqualTo(home);
      }
    }
  }

  @Test
  void TEN_01_an_application_of_one_tenant_is_unknown_to_another(World world) {
    var acme = Client.web(world, world.tenant("acme"));
    var other = world.tenant("other");

    assertThat(
            world.browser().open(other.url("/authorize?") + Client.encoded(acme.usual())).status())
        .isEqualTo(400);
  }
}
