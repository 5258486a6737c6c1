package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Phone;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Applications that ask their people by themselves: the password grants, the MFA grants and {@code /mfa/*}. */
@WorldTest
class MfaApiTest {
  private static final String OTP = "{\"authenticator_types\":[\"otp\"]}";
  private static final String PUSH =
      "{\"authenticator_types\":[\"oob\"],\"oob_channels\":[\"auth0\"]}";

  private static String sms(Someone who) {
    return "{\"authenticator_types\":[\"oob\"],\"oob_channels\":[\"sms\"],\"phone_number\":\""
        + who.phoneNumber()
        + "\"}";
  }

  private static void signedIn(Wire.Received received, String level) {
    assertThat(received.status()).as(received.text()).isEqualTo(200);
    var tokens = Client.json(received);
    assertThat(tokens.path("token_type").asString()).isEqualTo("Bearer");
    assertThat(Client.claims(tokens.path("access_token").asString()).path("acr").asString())
        .isEqualTo(level);
    var amr = Client.texts(Client.claims(tokens.path("id_token").asString()).path("amr"));
    if (level.equals("aal1")) {
      assertThat(amr).containsExactly("pwd");
    } else {
      assertThat(amr).contains("pwd", "mfa");
    }
  }

  private static void refused(Wire.Received received, int status, String error, String words) {
    assertThat(received.status()).as(received.text()).isEqualTo(status);
    assertThat(Client.error(received)).isEqualTo(error);
    assertThat(Client.json(received).path("error_description").asString()).contains(words);
    assertThat(received.header("www-authenticate")).isEmpty();
  }

  private static List<String> types(Wire.Received received, String what) {
    return Client.json(received)
        .path("mfa_requirements")
        .path(what)
        .valueStream()
        .map(it -> it.path("type").asString())
        .toList();
  }

  // The first proof

  @Test
  void where_nothing_more_is_demanded_the_password_gives_tokens(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);

    signedIn(app.password(ana), "aal1");
    signedIn(
        app.password(
            ana.email(),
            ana.password(),
            Map.of(
                "grant_type",
                "http://auth0.com/oauth/grant-type/password-realm",
                "realm",
                "Username-Password-Authentication")),
        "aal1");

    refused(
        app.password(ana.name(), ana.password(), Map.of("realm", "other")),
        400,
        "invalid_request",
        "Unknown realm");
    refused(
        app.password(ana.name(), ana.password(), Map.of("audience", "https://api.example")),
        403,
        "access_denied",
        "Service not found");
    assertThat(acme.audit().last("token.issued_directly").auth0()).isEqualTo("sepft");
    assertThat(acme.audit().last("token.refused_directly").auth0()).isEqualTo("fepft");
  }

  @Test
  void who_is_only_invited_gets_tokens_and_is_invited_on_the_next_page(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");

    signedIn(Direct.of(world, acme).password(ana), "aal1");

    ana.signsIn().isAskedToSetUp();
  }

  @Test
  void a_new_application_has_to_be_given_each_of_these_grants(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var usual = Client.web(world, acme);

    for (var grant :
        List.of(
            "password",
            "http://auth0.com/oauth/grant-type/password-realm",
            Direct.MFA + "otp",
            Direct.MFA + "oob",
            Direct.MFA + "recovery-code")) {
      refused(
          usual.token(
              Map.of("grant_type", grant, "username", ana.name(), "password", ana.password())),
          403,
          "unauthorized_client",
          "Grant type '" + grant + "' not allowed for the client.");
    }
    assertThat(
            Client.texts(
                Client.json(usual.get("/.well-known/openid-configuration", Map.of()))
                    .path("grant_types_supported")))
        .contains("password", Direct.MFA + "otp", Direct.MFA + "oob");
  }

  @Test
  void the_session_behind_such_tokens_is_ended_like_any_other(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);
    var tokens = Client.json(app.password(ana));
    var refreshed = Client.json(app.client().refresh(tokens.path("refresh_token").asString()));
    var access = refreshed.path("access_token").asString();
    assertThat(app.client().userinfo(access).status()).isEqualTo(200);

    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .course
                .endAccess
                .everywhere(tx, acme.id(), ana.id(), world.clock().now()));

    assertThat(app.client().userinfo(access).status()).isEqualTo(401);
    assertThat(Client.error(app.client().refresh(refreshed.path("refresh_token").asString())))
        .isEqualTo("invalid_grant");
  }

  @Test
  void an_application_without_a_secret_asks_in_json_and_is_answered_the_same(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var app =
        Client.of(
            world,
            acme,
            Application.Type.NATIVE,
            it -> it.with(draft -> draft.grantTypes = Application.DIRECT));

    var token = Direct.handle(json(world, app, asking(ana, "password")));
    var wanted = asking(ana, Direct.MFA + "otp");
    wanted.put("mfa_token", token);
    wanted.put("otp", ana.codeNow());
    var in = json(world, app, wanted);

    signedIn(in, "aal2");
    assertThat(Client.json(in).has("refresh_token"))
        .as("the application may not refresh")
        .isFalse();
  }

  private static Map<String, String> asking(Someone who, String grant) {
    var params = new TreeMap<String, String>();
    params.put("grant_type", grant);
    params.put("username", who.name());
    params.put("password", who.password());
    params.put("scope", "openid offline_access");
    return params;
  }

  private static Wire.Received json(World world, Client app, Map<String, String> params) {
    params.put("client_id", app.id());
    return app.post(world.node(), "/oauth/token", "application/json", Json.write(params), Map.of());
  }

  // Authenticator apps

  @Test
  void an_app_is_set_up_with_the_first_sign_in_and_asked_for_at_the_next(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);

    var demanded = app.password(ana);
    var token = Direct.handle(demanded);
    assertThat(types(demanded, "enroll")).containsExactly("otp");
    assertThat(app.authenticators(token).text()).isEqualTo("[]");
    refused(app.challenge(token, Map.of()), 401, "unsupported_challenge_type", "/mfa/associate");
    refused(app.otp(token, "123456"), 401, "unsupported_challenge_type", "/mfa/associate");
    var set = Client.json(app.associate(token, OTP));
    assertThat(set.path("authenticator_type").asString()).isEqualTo("otp");
    assertThat(set.path("barcode_uri").asString()).startsWith("otpauth://totp/");
    ana.scan(set.path("barcode_uri").asString());
    assertThat(ana.app().key()).isEqualTo(set.path("secret").asString());
    var codes = Client.texts(set.path("recovery_codes"));
    assertThat(codes).hasSize(10).doesNotHaveDuplicates();
    ana.keepCodes(codes);
    assertThat(app.authenticators(token).text()).as("until it is confirmed").isEqualTo("[]");
    refused(app.otp(token, ana.wrongCode()), 403, "invalid_grant", "Invalid otp_code.");
    signedIn(app.otp(token, ana.codeNow()), "aal2");

    world.later(Duration.ofMinutes(2));
    demanded = app.password(ana);
    token = Direct.handle(demanded);
    assertThat(types(demanded, "challenge")).containsExactly("otp", "recovery-code");
    var mine = app.authenticator(token, "otp");
    assertThat(mine.path("id").asString()).startsWith("totp|dev_");
    assertThat(mine.path("authenticator_type").asString()).isEqualTo("otp");
    assertThat(mine.path("active").asBoolean()).isTrue();
    assertThat(app.authenticator(token, "recovery-code").path("id").asString())
        .startsWith("recovery-code|dev_");
    assertThat(
            app.challenge(
                    token,
                    Map.of("challenge_type", "otp", "authenticator_id", mine.path("id").asString()))
                .text())
        .isEqualTo("{\"challenge_type\":\"otp\"}");
    refused(
        app.challenge(token, Map.of("challenge_type", "oob")),
        401,
        "unsupported_challenge_type",
        "no authenticator of this type");
    signedIn(app.otp(token, ana.codeNow()), "aal2");

    assertThat(acme.audit().last("token.issued_directly").auth0()).isEqualTo("seotpft");
    acme.audit()
        .endsWith("user.mfa_required", "user.mfa_succeeded", "user.signed_in")
        .says("mfa.factor_enrolled", "factor", "otp");
    ana.signsIn().isAskedForCode();
  }

  @Test
  void what_was_set_up_halfway_is_shown_again_and_worth_nothing_on_a_page(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);

    var first = Client.json(app.associate(token, OTP));
    var again = Client.json(app.associate(token, OTP));

    assertThat(again.path("secret")).isEqualTo(first.path("secret"));
    assertThat(Client.texts(again.path("recovery_codes")))
        .as("of two sheets the newer counts")
        .hasSize(10)
        .doesNotContainAnyElementsOf(Client.texts(first.path("recovery_codes")));
    ana.signsIn().isAskedToSetUp();
  }

  @Test
  void policy_is_asked_anew_at_each_step(World world) {
    var acme = world.tenant("acme").texting().requiring("otp", "sms");
    var ana = acme.person("ana").enrolledIn("otp").inGroup("staff");
    var ben = acme.person("ben").inGroup("staff");
    var app = Direct.of(world, acme);
    var anas = app.begun(ana);
    var bens = app.begun(ben);

    var byText = world.wiring().methods.factors.byGuardianName("sms").orElseThrow().profile().id();
    acme.policy(policy ->
        policy.withRules(
            List.of(
                new Policy.Rule(
                    "staff", "Staff", Set.of("staff"), Set.of(), Mode.REQUIRED, Set.of(byText)))));

    // What Ana has satisfies nothing any more, so she sets up what does.
    var owed = app.otp(anas, ana.codeNow());
    assertThat(Direct.handle(owed)).isEqualTo(anas);
    assertThat(types(owed, "enroll")).containsExactly("phone");
    refused(app.associate(bens, OTP), 403, "access_denied", "not demanded any more");
    acme.policy(policy -> policy.withRules(List.of())).demandingNothing();
    signedIn(app.password(ben), "aal1");
  }

  @Test
  void of_an_app_and_a_token_the_one_is_meant_that_was_asked_for(World world) {
    var acme = world.tenant("acme").requiring("otp", "hardware-otp");
    var ana = acme.person("ana").enrolledIn("otp").holdingToken();
    var app = Direct.of(world, acme);
    var byApp = app.begun(ana);
    var byToken = app.begun(ana);
    var ids = new TreeMap<String, String>();
    for (var each : Client.json(app.authenticators(byApp))) {
      ids.put(
          each.path("id").asString().endsWith(ana.enrolment("otp").value()) ? "app" : "token",
          each.path("id").asString());
    }

    app.challenge(byApp, Map.of("authenticator_id", ids.get("app")));
    app.challenge(byToken, Map.of("authenticator_id", ids.get("token")));

    signedIn(app.otp(byApp, ana.codeNow()), "aal2");
    signedIn(app.otp(byToken, ana.token().press()), "aal2");
  }

  // What reaches people

  @Test
  void a_number_is_set_up_and_texted_to_from_then_on(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);

    var token = app.begun(ana);
    refused(
        app.associate(token, "{\"authenticator_types\":[\"oob\"],\"oob_channels\":[\"sms\"]}"),
        400,
        "invalid_request",
        "phone_number");
    refused(
        app.associate(token, sms(ana).replace(ana.phoneNumber(), "12")),
        400,
        "invalid_request",
        "number_invalid");
    var set = Client.json(app.associate(token, sms(ana)));
    assertThat(set.path("authenticator_type").asString()).isEqualTo("oob");
    assertThat(set.path("oob_channel").asString()).isEqualTo("sms");
    assertThat(set.path("binding_method").asString()).isEqualTo("prompt");
    assertThat(set.has("recovery_codes")).as("the tenant has them off").isFalse();
    var oobCode = set.path("oob_code").asString();
    refused(app.oob(token, oobCode), 400, "invalid_request", "binding_code");
    refused(app.oob(token, oobCode, "000"), 403, "invalid_grant", "Invalid binding_code.");
    signedIn(app.oob(token, oobCode, ana.textedCode()), "aal2");

    world.later(Duration.ofMinutes(2));
    var demanded = app.password(ana);
    token = Direct.handle(demanded);
    assertThat(types(demanded, "challenge")).containsExactly("phone", "oob");
    var mine = app.authenticator(token, "phone");
    assertThat(mine.path("id").asString()).startsWith("sms|dev_");
    assertThat(mine.path("oob_channel").asString()).isEqualTo("sms");
    assertThat(Client.texts(mine.path("oob_channels"))).containsExactly("sms");
    assertThat(mine.path("name").asString())
        .hasSameSizeAs(ana.phoneNumber())
        .matches("X+[0-9]{4}")
        .endsWith(ana.phoneNumber().substring(ana.phoneNumber().length() - 4));
    assertThat(ana.texts()).as("the password sends nothing").hasSize(1);
    var asked = Client.json(app.challenge(token, Map.of("challenge_type", "otp oob")));
    assertThat(asked.path("challenge_type").asString()).isEqualTo("oob");
    assertThat(asked.path("binding_method").asString()).isEqualTo("prompt");
    assertThat(ana.texts()).hasSize(2);
    signedIn(app.oob(token, asked.path("oob_code").asString(), ana.textedCode()), "aal2");
    assertThat(acme.audit().last("token.issued_directly").auth0()).isEqualTo("seoobft");
  }

  @Test
  void SMS_02_a_code_is_good_for_the_sign_in_and_the_question_it_was_asked_for(World world) {
    var acme = world.tenant("acme").texting().requiring("sms", "otp");
    var ana = acme.person("ana").enrolledIn("sms", "otp");
    var app = Direct.of(world, acme);
    var one = app.begun(ana);
    var asked = Client.json(app.challenge(one, Map.of("challenge_type", "oob")));
    var oobCode = asked.path("oob_code").asString();
    var code = ana.textedCode();
    world.later(Duration.ofSeconds(30));
    var two = app.begun(ana);

    refused(app.oob(two, oobCode, code), 400, "invalid_request", "another transaction");
    refused(app.oob(one, "x".repeat(43), code), 400, "invalid_request", "another transaction");
    world.later(Duration.ofMinutes(9).plusSeconds(20));
    signedIn(app.oob(one, oobCode, code), "aal2");
    refused(app.oob(one, oobCode, code), 403, "invalid_grant", "Malformed mfa_token");
  }

  @Test
  void MAIL_01_a_code_by_mail_is_asked_for_where_an_admin_gave_it_and_set_up_by_nobody(
      World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = acme.person("ana");
    ana.given("email", Map.of("email", ana.email()));
    var app = Direct.of(world, acme);
    var token = app.begun(ana);
    var mine = app.authenticator(token, "email");
    assertThat(mine.path("name").asString()).startsWith("****@").doesNotContain("ana");

    var asked =
        Client.json(app.challenge(token, Map.of("authenticator_id", mine.path("id").asString())));
    var in = app.oob(token, asked.path("oob_code").asString(), ana.mailedCode());

    assertThat(in.status()).isEqualTo(200);
    assertThat(
            Client.claims(Client.json(in).path("access_token").asString()).path("acr").asString())
        .as("reaching an address raises nothing")
        .isEqualTo("aal1");
    acme.requiring("otp", "email");
    refused(
        app.associate(
            app.begun(acme.person("ben")),
            "{\"authenticator_types\":[\"oob\"],\"oob_channels\":[\"email\"]}"),
        400,
        "invalid_request",
        "cannot be set up here");
  }

  @Test
  void a_phone_is_paired_and_approves_the_number_that_the_application_shows(World world) {
    var acme = world.tenant("acme").requiring("push-notification");
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);
    var token = app.begun(ana);
    var set = Client.json(app.associate(token, PUSH));
    assertThat(set.path("oob_channel").asString()).isEqualTo("auth0");
    assertThat(set.has("binding_method")).isFalse();
    var oobCode = set.path("oob_code").asString();
    refused(app.oob(token, oobCode), 400, "authorization_pending", "not answered");
    ana.carrying(Phone.scanning(acme, set.path("barcode_uri").asString()));
    world.later(Duration.ofSeconds(2));
    signedIn(app.oob(token, oobCode), "aal2");

    token = app.begun(ana);
    var asked = Client.json(app.challenge(token, Map.of()));
    var number = asked.path("binding_number").asString();
    assertThat(number).matches("[0-9]{2}");
    oobCode = asked.path("oob_code").asString();
    assertThat(oobCode).as("for libraries that hide other fields").startsWith(number + ".");
    assertThat(asked.has("binding_method")).isFalse();
    refused(app.oob(token, oobCode), 400, "authorization_pending", "not answered");
    refused(app.oob(token, oobCode), 400, "slow_down", "second");
    world.later(Duration.ofSeconds(2));
    assertThat(ana.phone().approves(number)).isEqualTo("noted");
    signedIn(app.oob(token, oobCode), "aal2");
  }

  @Test
  void an_approval_that_is_refused_or_answered_wrongly_signs_nobody_in(World world) {
    var acme = world.tenant("acme").requiring("push-notification");
    var ana = acme.person("ana").enrolledIn("push-notification");
    var app = Direct.of(world, acme);

    var wrong = app.begun(ana);
    var asked = Client.json(app.challenge(wrong, Map.of()));
    var number = asked.path("binding_number").asString();
    ana.phone().approves(number.equals("42") ? "43" : "42");
    refused(
        app.oob(wrong, asked.path("oob_code").asString()),
        403,
        "invalid_grant",
        "MFA Authorization rejected.");
    asked = Client.json(app.challenge(wrong, Map.of()));
    world.later(Duration.ofMinutes(6));
    refused(
        app.oob(wrong, asked.path("oob_code").asString()),
        403,
        "invalid_grant",
        "MFA Authorization rejected.");

    var disowned = app.begun(ana);
    asked = Client.json(app.challenge(disowned, Map.of()));
    ana.phone().disowns();
    refused(
        app.oob(disowned, asked.path("oob_code").asString()),
        403,
        "invalid_grant",
        "MFA Authorization rejected.");
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  // Backup codes

  @Test
  void BACK_01_a_backup_code_is_good_once_and_is_replaced_by_one_more(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var app = Direct.of(world, acme);
    var used = ana.backupCode();

    refused(
        app.recovery(app.begun(ana), "aaaa-aaaaa-aaaaa"),
        403,
        "invalid_grant",
        "MFA Authorization rejected.");
    var in = app.recovery(app.begun(ana), used);
    signedIn(in, "aal2");
    var fresh = Client.json(in).path("recovery_code").asString();
    world.canaries().backupCode(fresh);
    refused(
        app.recovery(app.begun(ana), used), 403, "invalid_grant", "MFA Authorization rejected.");
    signedIn(app.recovery(app.begun(ana), fresh), "aal2");
    signedIn(app.recovery(app.begun(ana), ana.backupCode()), "aal2");

    assertThat(acme.audit().count("mfa.backup_code_replaced")).isEqualTo(3);
    assertThat(acme.audit().last("token.issued_directly").auth0()).isEqualTo("sercft");
    assertThat(acme.audit().last("token.refused_directly").auth0()).isEqualTo("fercft");
  }

  // Own factors, by an access token for the MFA API

  private static final String SCOPES = "openid enroll read:authenticators remove:authenticators";

  private static String access(World world, Direct app, Someone who) {
    var code =
        app.client()
            .signsIn(
                who,
                world.browser(),
                Map.of("audience", app.client().issuer() + "mfa/", "scope", SCOPES))
            .get("code");
    return Client.json(app.client().redeem(code)).path("access_token").asString();
  }

  @Test
  void whoever_is_signed_in_adds_lists_and_removes_factors_by_an_access_token(World world) {
    var acme = world.tenant("acme").texting().demandingNothing();
    acme.policy(policy ->
        policy.allowing(
            world.wiring().methods.factors.byGuardianName("sms").orElseThrow().profile().id(),
            true));
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);
    var access = access(world, app, ana);
    assertThat(Client.claims(access).path("exp").asLong())
        .as("ten minutes")
        .isEqualTo(Client.claims(access).path("iat").asLong() + 600);

    assertThat(app.authenticators(access).text()).isEqualTo("[]");
    var set = Client.json(app.associate(access, OTP));
    ana.scan(set.path("barcode_uri").asString());
    refused(app.otp(access, ana.wrongCode()), 403, "invalid_grant", "Invalid otp_code.");
    assertThat(app.otp(access, ana.codeNow()).status()).isEqualTo(200);
    var oob = Client.json(app.associate(access, sms(ana))).path("oob_code").asString();
    assertThat(app.oob(access, oob, ana.textedCode()).status()).isEqualTo(200);
    assertThat(Client.json(app.authenticators(access))).hasSize(2);

    var id = app.authenticator(access, "phone").path("id").asString();
    assertThat(app.delete(access, id).status()).isEqualTo(204);
    assertThat(app.delete(access, id).status()).isEqualTo(404);
    acme.audit().says("mfa.factor_removed", "factor", "sms");
  }

  @Test
  void TOTP_07_whoever_has_a_factor_proves_it_for_such_a_token_whatever_the_policy(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var app = Direct.of(world, acme);
    var mfa = Map.of("audience", app.client().issuer() + "mfa/", "scope", SCOPES);

    var browser = world.browser();
    app.client().opens(browser, Map.of());
    browser.submit(Map.of("identifier", ana.name()));
    browser.submit(Map.of("password", ana.password()));
    assertThat(browser.page().isElsewhere()).as("nothing is demanded for itself").isTrue();
    assertThat(app.client().opens(browser, mfa).has("input[name=code]")).isTrue();
    Direct.handle(app.password(ana.name(), ana.password(), mfa));

    var access = access(world, app, ana);
    assertThat(Client.claims(access).path("acr").asString()).isEqualTo("aal2");
    var id = app.authenticator(access, "otp").path("id").asString();
    assertThat(app.delete(access, id).status()).isEqualTo(204);
  }

  @Test
  void API_01_such_a_token_does_what_its_scopes_say_and_only_while_it_lives(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var app = Direct.of(world, acme);
    var audience = app.client().issuer() + "mfa/";
    var reading =
        Client.json(
                app.password(
                    ana.name(),
                    ana.password(),
                    Map.of("audience", audience, "scope", "read:authenticators offline_access")))
            .path("access_token")
            .asString();

    assertThat(app.authenticators(reading).status()).isEqualTo(200);
    refused(app.associate(reading, OTP), 403, "insufficient_scope", "enroll");
    refused(app.delete(reading, "totp|dev_x"), 403, "insufficient_scope", "remove:");
    refused(app.otp(reading, "123456"), 403, "invalid_grant", "Malformed mfa_token");
    var whole =
        app.password(
            ana.name(),
            ana.password(),
            Map.of("audience", audience, "scope", SCOPES + " offline_access"));
    assertThat(Client.json(whole).has("refresh_token")).as("rests on fresh proofs").isFalse();
    var other = Client.json(app.password(ana)).path("access_token").asString();
    refused(app.authenticators(other), 401, "invalid_token", "");
    world.later(Duration.ofMinutes(10));
    refused(app.authenticators(reading), 401, "invalid_token", "");
  }

  @Test
  void API_03_nobody_sees_or_removes_what_is_somebody_elses(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var ben = acme.person("ben").enrolledIn("otp");
    var app = Direct.of(world, acme);
    var id = "totp|" + ben.enrolment("otp");

    assertThat(app.delete(access(world, app, ana), id).status()).isEqualTo(404);
    acme.requiring("otp");
    ana.enrolledIn("otp");
    refused(
        app.challenge(app.begun(ana), Map.of("authenticator_id", id)),
        401,
        "unsupported_challenge_type",
        "");
    assertThat(app.authenticators(app.begun(ana)).text()).doesNotContain(id);
  }
}
