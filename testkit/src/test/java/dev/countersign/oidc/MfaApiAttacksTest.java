package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is tried at the password and MFA grants and at {@code /mfa/*}. */
@WorldTest
class MfaApiAttacksTest {
  private static final String OTP = "{\"authenticator_types\":[\"otp\"]}";

  private static void refused(Wire.Received received, int status, String error) {
    assertThat(received.status()).as(received.text()).isEqualTo(status);
    assertThat(Client.error(received)).isEqualTo(error);
    assertThat(received.header("www-authenticate")).isEmpty();
  }

  @Test
  void wrong_passwords_and_unknown_names_are_told_alike_and_counted_with_those_of_the_pages(
      World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);

    var wrong = app.password(ana.name(), "wrong", Map.of());
    var unknown = app.password("nobody", "wrong", Map.of());
    refused(wrong, 403, "invalid_grant");
    assertThat(Client.json(wrong).path("error_description").asString())
        .isEqualTo("Wrong email or password.");
    assertThat(unknown.text()).isEqualTo(wrong.text());
    for (int i = 1; i < 9; i++) {
      refused(app.password(ana.name(), "wrong", Map.of()), 403, "invalid_grant");
    }
    var resting = app.password(ana.name(), "wrong", Map.of());
    refused(resting, 429, "too_many_attempts");
    assertThat(resting.header("retry-after")).isPresent();
    refused(app.password(ana), 429, "too_many_attempts");
    assertThat(ana.signsIn().page().status()).as("and on the page").isEqualTo(429);
    world.later(Duration.ofMinutes(11));
    assertThat(app.password(ana).status()).isEqualTo(200);
  }

  @Test
  void TOTP_02_an_accepted_code_is_refused_here_and_one_accepted_here_on_pages(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);
    ana.signsIn().answers(ana.codeNow()).isIn();

    refused(app.otp(token, ana.codeNow()), 403, "invalid_grant");
    acme.audit().says("user.mfa_failed", "reason", "code_reused");
    assertThat(acme.audit().last("token.refused_directly").auth0()).isEqualTo("feotpft");
    world.later(Duration.ofMinutes(2));
    assertThat(app.otp(token, ana.codeNow()).status()).isEqualTo(200);
    ana.signsIn().answers(ana.codeNow()).isRefused("code_reused");
  }

  @Test
  void STEP_02_whose_proof_has_become_too_little_is_told_what_to_bring(World world) {
    var acme = world.tenant("acme").requiring("otp", "push-notification");
    var ana = acme.person("ana").enrolledIn("otp", "push-notification");
    var app = Direct.of(world, acme);
    var handle =
        Direct.handle(
            app.password(
                ana.name(),
                ana.password(),
                Map.of(
                    "audience", app.client().issuer() + "mfa/", "scope", "remove:authenticators")));
    var token = Client.json(app.otp(handle, ana.codeNow())).path("access_token").asString("");
    acme.requiring("push-notification");

    var answered = app.delete(token, "totp|" + ana.enrolment("otp"));

    assertThat(answered.status()).as(answered.text()).isEqualTo(401);
    assertThat(Client.error(answered)).isEqualTo("insufficient_user_authentication");
    assertThat(answered.header("www-authenticate"))
        .hasValue(
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"aal2\", max_age=\"300\"");
  }

  @Test
  void TOTP_07_an_enrolled_person_sets_nothing_up_with_the_password_alone(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);

    var answered = app.associate(token, OTP);

    refused(answered, 403, "access_denied");
    assertThat(Client.json(answered).path("error_description").asString())
        .isEqualTo("User is already enrolled.");
    refused(app.delete(token, "totp|" + ana.enrolment("otp")), 401, "invalid_token");
    assertThat(acme.audit().of("mfa.factor_enrolment_begun", "mfa.factor_removed")).isEmpty();
  }

  @Test
  void RATE_02_guesses_count_for_the_person_whatever_handle_they_come_with(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var app = Direct.of(world, acme);

    for (int i = 0; i < 4; i++) {
      refused(app.otp(app.begun(ana), ana.wrongCode()), 403, "invalid_grant");
    }
    var resting = app.otp(app.begun(ana), ana.wrongCode());
    refused(resting, 429, "too_many_attempts");
    assertThat(resting.header("retry-after")).isPresent();

    var token = app.begun(ana);
    refused(app.otp(token, ana.codeNow()), 429, "too_many_attempts");
    refused(app.challenge(token, Map.of("challenge_type", "otp")), 429, "too_many_attempts");
    assertThat(ana.signsIn().page().has("input[name=code]")).as("nor on the page").isFalse();
    assertThat(acme.audit().count("user.signed_in")).isZero();
    acme.audit().says("user.mfa_failed", "reason", "throttled");
    // Whoever turns to the other factor stands before the door of all together.
    for (int i = 0; i < 2; i++) {
      refused(app.recovery(token, "aaaa-aaaaa-aaaaa"), 403, "invalid_grant");
    }
    refused(app.recovery(token, "aaaa-aaaaa-aaaaa"), 429, "too_many_attempts");
    world.later(Duration.ofMinutes(6));
    assertThat(app.otp(app.begun(ana), ana.codeNow()).status()).isEqualTo(200);
  }

  @Test
  void TOK_02_an_mfa_token_is_no_token_of_another_kind_and_none_of_these_is_one(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var bank = app.client();
    var handle = app.begun(ana);

    refused(bank.userinfo(handle), 401, "invalid_token");
    assertThat(bank.get("/api/v2/users", Map.of("authorization", "Bearer " + handle)).status())
        .isEqualTo(401);
    assertThat(Client.error(bank.refresh(handle))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.redeem(handle))).isEqualTo("invalid_grant");
    // Nor is it the cookie of that sign-in.
    var id = handle.substring(0, handle.indexOf('.'));
    var secret = handle.substring(handle.indexOf('.') + 1);
    var browser = world.browser();
    browser.plant(URI.create(acme.url("/")), "__Host-cs_signin_" + id, secret);
    assertThat(browser.open(acme.url("/u/mfa/otp?state=" + id)).status()).isEqualTo(400);

    var tokens = Client.json(app.otp(handle, ana.codeNow()));
    var visit = ana.signsIn();
    var cookie =
        visit.browser().cookies(visit.page().uri()).entrySet().stream()
            .filter(it -> it.getKey().contains("cs_signin_"))
            .findFirst()
            .orElseThrow();
    var page = cookie.getKey().substring(cookie.getKey().indexOf("si_")) + "." + cookie.getValue();
    world.later(Duration.ofMinutes(1));
    for (var other :
        List.of(
            tokens.path("access_token").asString(),
            tokens.path("id_token").asString(),
            tokens.path("refresh_token").asString(),
            page,
            handle,
            "garbage",
            id + ".",
            id + "." + "A".repeat(43))) {
      var answered = app.otp(other, ana.codeNow());
      refused(answered, 403, "invalid_grant");
      assertThat(Client.json(answered).path("error_description").asString())
          .isEqualTo("Malformed mfa_token");
      refused(app.authenticators(other), 401, "invalid_token");
      refused(app.associate(other, OTP), 401, "invalid_token");
      refused(app.challenge(other, Map.of()), 403, "invalid_grant");
    }
    refused(app.delete(handle, "totp|dev_x"), 401, "invalid_token");
  }

  @Test
  void TEN_01_an_mfa_token_is_worth_nothing_to_another_application_or_tenant(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var beta = world.tenant("beta").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var neighbour = Direct.of(world, acme);
    var stranger = Direct.of(world, beta);
    var token = app.begun(ana);

    refused(neighbour.otp(token, ana.codeNow()), 400, "invalid_request");
    refused(neighbour.challenge(token, Map.of()), 400, "invalid_request");
    refused(stranger.otp(token, ana.codeNow()), 403, "invalid_grant");
    refused(stranger.challenge(token, Map.of()), 403, "invalid_grant");
    refused(stranger.authenticators(token), 401, "invalid_token");
    refused(stranger.associate(token, OTP), 401, "invalid_token");
    assertThat(acme.audit().count("user.mfa_failed")).isZero();
    assertThat(beta.audit().count("token.refused_directly")).isEqualTo(1);
    assertThat(app.otp(token, ana.codeNow()).status()).isEqualTo(200);
  }

  @Test
  void an_mfa_token_lives_ten_minutes_and_ends_with_its_sign_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var early = app.begun(ana);
    var late = app.begun(ana);

    world.later(Duration.ofMinutes(10).minusMillis(1));
    assertThat(app.otp(early, ana.codeNow()).status()).isEqualTo(200);
    refused(app.otp(early, ana.codeNow()), 403, "invalid_grant");
    world.later(Duration.ofMillis(1));
    var expired = app.otp(late, ana.codeNow());
    refused(expired, 401, "expired_token");
    assertThat(Client.json(expired).path("error_description").asString())
        .isEqualTo("mfa_token is expired");
    refused(app.authenticators(late), 401, "expired_token");
  }

  @Test
  void who_is_blocked_meanwhile_or_before_gets_nothing(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);

    ana.blocked();

    refused(app.otp(token, ana.codeNow()), 403, "access_denied");
    refused(app.password(ana), 403, "access_denied");
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void API_01_the_api_is_open_to_nobody_without_a_handle_or_token_of_its_own(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);

    for (var bearer : List.of("x", "a.b.c")) {
      refused(app.authenticators(bearer), 401, "invalid_token");
      refused(app.associate(bearer, OTP), 401, "invalid_token");
      refused(app.delete(bearer, "totp|" + ana.enrolment("otp")), 401, "invalid_token");
    }
    refused(app.client().get("/mfa/authenticators", Map.of()), 401, "invalid_token");
    refused(app.challenge(token, Map.of("client_secret", "wrong")), 401, "access_denied");
    refused(app.challenge(token, Map.of("client_id", "nobody")), 401, "access_denied");
    refused(app.challenge(token, Map.of("challenge_type", "voice")), 400, "invalid_request");
    refused(app.challenge("", Map.of()), 400, "invalid_request");
  }

  @Test
  void IN_04_what_is_malformed_is_refused_and_counts_for_nothing(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ben = acme.person("ben");
    var app = Direct.of(world, acme);
    var token = app.begun(ben);

    for (var body :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "{\"authenticator_types\":\"otp\"}",
            "{\"authenticator_types\":[]}",
            "{\"authenticator_types\":[1]}",
            "{\"authenticator_types\":[\"otp\",\"oob\"]}",
            "{\"authenticator_types\":[\"oob\"]}",
            "{\"authenticator_types\":[\"oob\"],\"oob_channels\":\"sms\"}",
            "{\"authenticator_types\":[\"oob\"],\"oob_channels\":[\"fax\"]}")) {
      refused(app.associate(token, body), 400, "invalid_request");
    }
    refused(app.mfa("otp", Map.of("mfa_token", token)), 400, "invalid_request");
    refused(app.mfa("oob", Map.of("mfa_token", token)), 400, "invalid_request");
    refused(app.mfa("recovery-code", Map.of("mfa_token", token)), 400, "invalid_request");
    refused(app.mfa("otp", Map.of("otp", "123456")), 400, "invalid_request");
    assertThat(acme.audit().of("user.mfa_failed", "mfa.factor_enrolment_begun")).isEmpty();
  }

  @Test
  void registered_origins_may_call_and_read_it(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var app = Direct.of(world, acme);
    var origin = URI.create(Client.CALLBACK).resolve("/").toString().replaceAll("/$", "");

    var answered = app.client().get("/mfa/authenticators", Map.of("origin", origin));

    assertThat(answered.header("access-control-allow-origin")).contains(origin);
    assertThat(
            app.client()
                .get("/mfa/authenticators", Map.of("origin", "https://evil.example"))
                .header("access-control-allow-origin"))
        .isEmpty();
  }
}
