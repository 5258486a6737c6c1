package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.tenant.Tenant;
import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.ListSite;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tenants for trying things out, with a clock of their own, an inbox and authenticators that answer by script. */
@WorldTest
class SandboxTest {
  private static final Duration MONTH = Duration.ofDays(30);

  private static Admin.Answered moves(Company company, String body) {
    return company.admin().call(Method.PATCH, "/sandbox/clock", body);
  }

  private static void later(Company company, Duration by) {
    var answered = moves(company, "{\"by_sec\":" + by.toSeconds() + "}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
  }

  /** An authenticator app of the sandbox's own; its id. */
  private static String authenticator(Someone who) {
    var answered =
        who.company().admin().post("/sandbox/authenticators", "{\"user_id\":\"" + who.id() + "\"}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(201);
    return answered.json().path("id").stringValue();
  }

  private static String inPath(Someone who) {
    return who.id().value().replace("|", "%7C");
  }

  private static String code(Company company, String authenticator) {
    var answered = company.admin().get("/sandbox/authenticators/" + authenticator + "/code");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    return answered.json().path("code").stringValue();
  }

  @Test
  void a_list_of_addresses_is_fetched_at_once_whatever_time_it_is_there(World world)
      throws IOException {
    try (var site = new ListSite().answers(200, "203.0.113.0/24\n")) {
      var acme = world.sandbox("acme");
      later(acme, MONTH);
      var list = "{\"source\": \"custom\", \"url\": \"%s\"}".formatted(site.url());
      var id = acme.admin().post("/risk/lists", list).json().path("id").stringValue();

      for (int fetches = 1; fetches <= 3; fetches++) {
        // Those of other tenants may come first, a handful at a time.
        for (int i = 0; i < 20 && site.keys().size() < fetches; i++) {
          world.wiring().risk.feeds.fetchDue();
        }
        assertThat(site.keys()).as("fetched").hasSize(fetches);
        if (fetches == 1) {
          acme.admin().post("/risk/lists/" + id + "/fetch", "");
        } else {
          acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"weight\": 5}");
        }
      }
      assertThat(acme.admin().get("/risk/lists/" + id).json().path("entries").asInt()).isEqualTo(1);
    }
  }

  // The clock

  @Test
  void the_clock_of_a_sandbox_is_moved_forward_and_by_that_alone(World world) {
    var acme = world.sandbox("acme");
    var start = world.clock().now();
    assertThat(acme.admin().get("/sandbox/clock").json().path("now").stringValue())
        .isEqualTo(start.toString());

    assertThat(moves(acme, "{\"by_sec\":90}").json().path("now").stringValue())
        .isEqualTo(start.plus(Duration.ofSeconds(90)).toString());
    var to = start.plus(Duration.ofDays(2));
    var moved = moves(acme, "{\"now\":\"" + to + "\"}");

    assertThat(moved.json().path("now").stringValue()).isEqualTo(to.toString());
    assertThat(moved.json().path("ahead_sec").longValue()).isEqualTo(2 * 24 * 3_600);
    for (var wrong :
        List.of(
            "{}",
            "{\"now\":\"" + start + "\"}",
            "{\"by_sec\":-1}",
            "{\"by_sec\":1,\"now\":\"" + to + "\"}",
            "{\"by_sec\":315360001}",
            "{\"by_sec\":315360000}",
            "{\"now\":\"soon\"}")) {
      assertThat(moves(acme, wrong).status()).as(wrong).isEqualTo(400);
    }
    world.later(Duration.ofMinutes(1));
    assertThat(acme.admin().get("/sandbox/clock").json().path("now").stringValue())
        .isEqualTo(to.plus(Duration.ofMinutes(1)).toString());
  }

  @Test
  void sessions_and_codes_run_out_by_the_sandboxs_clock_and_in_no_other_tenant(World world) {
    var acme = world.sandbox("acme").requiring("otp");
    var beta = world.tenant("beta").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = beta.person("ben").enrolledIn("otp");
    var anas = ana.signsIn().answers(ana.codeNow()).isIn();
    var bens = ben.signsIn().answers(ben.codeNow()).isIn();

    later(acme, MONTH);

    anas.browser().open(acme.url("/account"));
    bens.browser().open(beta.url("/account"));
    assertThat(anas.page().has("input[name=identifier]") || anas.page().has("input[name=password]"))
        .as("%s", anas.page())
        .isTrue();
    bens.isIn();
    ana.signsIn().isAskedForCode();
    assertThat(acme.audit().events().getLast().occurredAt())
        .isGreaterThan(world.clock().now().plus(Duration.ofDays(29)));
  }

  @Test
  void a_token_that_was_got_before_is_as_old_as_the_clock_says(World world) {
    var acme = world.sandbox("acme");
    var admin = acme.admin();
    later(acme, MONTH);

    assertThat(admin.get("/sandbox/clock").status()).isEqualTo(401);
    assertThat(acme.admin().get("/sandbox/clock").status()).isEqualTo(200);
  }

  @Test
  void tidying_up_goes_by_the_clock_of_each_tenant(World world) {
    var acme = world.sandbox("acme").requiring("otp");
    var beta = world.tenant("beta").requiring("otp");
    acme.person("ana").enrolledIn("otp").signsIn().isAskedForCode();
    beta.person("ben").enrolledIn("otp").signsIn().isAskedForCode();
    later(acme, Duration.ofDays(3));

    world.wiring().upkeep.tidy.sweep();

    assertThat(signIns(world, acme)).isZero();
    assertThat(signIns(world, beta)).isOne();
  }

  private static long signIns(World world, Company company) {
    return world
        .wiring()
        .ground
        .database
        .read(tx ->
            tx.sql("select count(*) as n from sign_ins where tenant = :tenant")
                .set("tenant", company.id())
                .one(row -> row.number("n"))
                .orElseThrow());
  }

  // The inbox

  @Test
  void mails_and_texts_of_a_sandbox_are_kept_and_sent_to_nobody(World world) {
    var acme = world.sandbox("acme").requiring("sms");
    var ana = acme.person("ana");
    var visit = ana.signsIn();
    if (visit.page().has("button[name=factor]")) {
      visit.browser().press("factor", "sms");
    }
    visit.browser().submit(Map.of("phone", ana.phoneNumber(), "action", "begin"));

    var texts = acme.admin().get("/sandbox/inbox?channel=text").json();

    assertThat(texts).as(texts.toString()).hasSize(1);
    assertThat(texts.get(0).path("to").stringValue()).isEqualTo(ana.phoneNumber());
    var code = Pattern.compile("\\b\\d{6}\\b").matcher(texts.get(0).path("text").stringValue());
    assertThat(code.find()).isTrue();
    visit.answers(code.group());
    var mails = acme.admin().get("/sandbox/inbox?channel=mail&to=" + ana.email()).json();
    assertThat(mails).as(mails.toString()).hasSize(1);
    assertThat(mails.get(0).path("subject").stringValue()).contains("New sign-in method");
    assertThat(world.mailsTo(ana.email())).isEmpty();
    assertThat(ana.texts()).isEmpty();
    assertThat(acme.admin().get("/sandbox/inbox").json()).hasSize(2);
    assertThat(acme.admin().call(Method.DELETE, "/sandbox/inbox", "").status()).isEqualTo(204);
    assertThat(acme.admin().get("/sandbox/inbox").json()).isEmpty();
  }

  // Authenticators

  @Test
  void an_authenticator_answers_by_script(World world) {
    var acme = world.sandbox("acme").requiring("otp");
    var ana = acme.person("ana");
    var id = authenticator(ana);

    ana.signsIn().isAskedForCode().answers(code(acme, id)).isIn();
    later(acme, Duration.ofDays(2));
    ana.signsIn().isAskedForCode().answers(code(acme, id)).isIn();

    var listed = acme.admin().get("/sandbox/authenticators?user_id=" + inPath(ana)).json();
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).path("id").stringValue()).isEqualTo(id);
    assertThat(acme.admin().get("/sandbox/authenticators").status()).isEqualTo(400);
    assertThat(acme.admin().get("/sandbox/authenticators/en_nobody/code").status()).isEqualTo(404);
    assertThat(
            acme.admin()
                .post(
                    "/sandbox/authenticators",
                    "{\"user_id\":\"" + ana.id() + "\",\"totp_secret\":\"short\"}")
                .status())
        .isEqualTo(400);
  }

  // Passkeys

  private static JsonNode passkey(Someone who, String more) {
    var answered =
        who.company()
            .admin()
            .post(
                "/sandbox/authenticators",
                "{\"user_id\":\"" + who.id() + "\",\"type\":\"passkey\"" + more + "}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(201);
    return answered.json();
  }

  /** What a page would get from the browser that it asks. */
  private static Admin.Answered asserts(Company company, JsonNode passkey, Page page, String more) {
    var options = page.element("input[name=credential]").attr("data-options");
    return company
        .admin()
        .post(
            "/sandbox/authenticators/" + passkey.path("id").stringValue() + "/assertion",
            "{\"publicKey\":" + options + more + "}");
  }

  @Test
  void a_passkey_answers_by_script_beside_the_password_and_instead_of_it(World world) {
    var acme = world.sandbox("acme").requiring("webauthn-platform");
    var ana = acme.person("ana");
    var passkey = passkey(ana, "");

    for (int i = 0; i < 2; i++) {
      var visit = ana.signsIn();
      var assertion = asserts(acme, passkey, visit.page(), "");
      assertThat(assertion.status()).as(assertion.text()).isEqualTo(200);
      visit.browser().submit(Map.of("credential", assertion.text()));
      visit.isIn();
      assertThat(visit.page().uri().toString()).isNotBlank();
    }
    acme.audit().says("user.mfa_succeeded", "factor", "webauthn-platform");
    var first = world.browser();
    first.open(acme.url("/account"));
    var assertion = asserts(acme, passkey, first.page(), "");
    first.submit(Map.of("credential", assertion.text()));
    assertThat(first.page().uri().getPath()).as("%s", first.page()).isEqualTo("/account");
  }

  @Test
  void a_passkey_signs_nothing_that_no_browser_would_ask_it(World world) {
    var acme = world.sandbox("acme").requiring("webauthn-platform");
    var ana = acme.person("ana");
    var passkey = passkey(ana, "");
    var other = passkey(acme.person("ben"), "");
    var id = passkey.path("id").stringValue();
    var visit = ana.signsIn();

    assertThat(asserts(acme, other, visit.page(), "").status()).isEqualTo(400);
    for (var wrong :
        List.of(
            "{}",
            "{\"publicKey\":{}}",
            "{\"publicKey\":{\"challenge\":\"AAAA\",\"rpId\":\"elsewhere.example\"}}")) {
      assertThat(acme.admin().post("/sandbox/authenticators/" + id + "/assertion", wrong).status())
          .as(wrong)
          .isEqualTo(400);
    }
    var from = asserts(acme, passkey, visit.page(), ",\"origin\":\"https://elsewhere.example\"");
    assertThat(from.status()).isEqualTo(200);
    visit.browser().submit(Map.of("credential", from.text()));
    visit.isRefused("origin_mismatch");
    var unseen = asserts(acme, passkey, visit.page(), ",\"user_verified\":false");
    visit.browser().submit(Map.of("credential", unseen.text()));
    visit.isRefused("user_not_verified");
    assertThat(acme.admin().get("/sandbox/authenticators/" + id + "/code").status()).isEqualTo(404);
  }

  @Test
  void a_passkey_comes_with_all_that_a_virtual_authenticator_is_told(World world)
      throws GeneralSecurityException {
    var acme = world.sandbox("acme").requiring("webauthn-platform");
    var ana = acme.person("ana");
    var made = passkey(ana, ",\"credential_device_type\":\"multi_device\"");
    var told = made.at("/virtual_authenticator/webdriver");
    var cdp = made.at("/virtual_authenticator/devtools");

    var key = Base64.getUrlDecoder().decode(told.path("privateKey").stringValue());
    assertThat(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)))
        .isNotNull();
    assertThat(Base64.getDecoder().decode(cdp.path("privateKey").stringValue())).isEqualTo(key);
    assertThat(told.path("rpId").stringValue()).isEqualTo(URI.create(acme.origin()).getHost());
    assertThat(told.path("signCount").longValue()).isZero();
    assertThat(told.path("backupEligibility").booleanValue()).isTrue();
    var shown = acme.admin().get("/sandbox/authenticators/" + made.path("id").stringValue());
    assertThat(shown.json()).isEqualTo(made);
    var second = passkey(ana, "");
    assertThat(second.at("/virtual_authenticator/webdriver/userHandle"))
        .isEqualTo(told.path("userHandle"));
    assertThat(second.at("/virtual_authenticator/webdriver/backupEligibility").booleanValue())
        .isFalse();
    var methods = acme.admin().get("/users/" + inPath(ana) + "/authentication-methods");
    assertThat(methods.text())
        .contains(told.path("credentialId").stringValue())
        .doesNotContain(told.path("privateKey").stringValue())
        .doesNotContain(cdp.path("privateKey").stringValue());
  }

  @Test
  void a_passkey_that_was_made_elsewhere_cannot_be_answered_for(World world) {
    var acme = world.sandbox("acme").requiring("webauthn-platform");
    var ana = acme.person("ana").enrolledIn("webauthn-platform");
    var path = "/sandbox/authenticators/" + ana.enrolment("webauthn-platform");

    assertThat(acme.admin().get("/sandbox/authenticators?user_id=" + inPath(ana)).json()).isEmpty();
    assertThat(acme.admin().get(path).status()).isEqualTo(404);
    assertThat(
            acme.admin()
                .post(path + "/assertion", "{\"publicKey\":{\"challenge\":\"AAAA\"}}")
                .status())
        .isEqualTo(404);
  }

  // It says so

  @Test
  void tokens_and_pages_of_a_sandbox_say_so_and_no_others(World world) {
    var acme = world.sandbox("acme");
    var beta = world.tenant("beta");

    assertThat(claims(acme)).containsEntry("sandbox", true);
    assertThat(claims(beta)).doesNotContainKey("sandbox");
    assertThat(world.browser().open(acme.url("/")).has(".sandbox")).isTrue();
    assertThat(world.browser().open(beta.url("/")).has(".sandbox")).isFalse();
    assertThat(acme.admin().get("/tenants/settings").json().path("sandbox").asBoolean(false))
        .isTrue();
    assertThat(beta.admin().get("/tenants/settings").json().has("sandbox")).isFalse();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> claims(Company company) {
    var payload = company.admin().bearer().split("\\.", -1)[1];
    return Json.read(
        new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8), Map.class);
  }

  // Nowhere else

  @Test
  void in_any_other_tenant_none_of_it_is_there(World world) {
    var beta = world.tenant("beta").requiring("otp");
    var ben = beta.person("ben").enrolledIn("otp");
    var enrolment = ben.enrolment("otp");
    var admin = beta.admin();

    for (var call :
        List.of(
            admin.get("/sandbox/clock"),
            admin.call(Method.PATCH, "/sandbox/clock", "{\"by_sec\":60}"),
            admin.get("/sandbox/inbox"),
            admin.call(Method.DELETE, "/sandbox/inbox", ""),
            admin.get("/sandbox/authenticators?user_id=" + inPath(ben)),
            admin.post("/sandbox/authenticators", "{\"user_id\":\"" + ben.id() + "\"}"),
            admin.post(
                "/sandbox/authenticators",
                "{\"user_id\":\"" + ben.id() + "\",\"type\":\"passkey\"}"),
            admin.get("/sandbox/authenticators/" + enrolment),
            admin.post(
                "/sandbox/authenticators/" + enrolment + "/assertion",
                "{\"publicKey\":{\"challenge\":\"AAAA\"}}"),
            admin.get("/sandbox/authenticators/" + enrolment + "/code"))) {
      assertThat(call.status()).as(call.text()).isEqualTo(404);
    }
    assertThat(world.wiring().ground.sandboxes.now(beta.id(), new Moment(5)))
        .isEqualTo(new Moment(5));
  }

  @Test
  void TEN_01_a_sandbox_sees_nothing_of_another(World world) {
    var acme = world.sandbox("acme").requiring("otp");
    var beta = world.sandbox("beta").requiring("otp");
    var ben = beta.person("ben");
    var bens = authenticator(ben);
    later(beta, MONTH);

    for (var more : List.of("", "/code")) {
      assertThat(acme.admin().get("/sandbox/authenticators/" + bens + more).status())
          .isEqualTo(404);
    }
    assertThat(
            acme.admin()
                .post("/sandbox/authenticators", "{\"user_id\":\"" + ben.id() + "\"}")
                .status())
        .isEqualTo(404);
    assertThat(acme.admin().get("/sandbox/clock").json().path("ahead_sec").longValue()).isZero();
    assertThat(acme.admin().get("/sandbox/inbox").json()).isEmpty();
  }

  @Test
  void no_tenant_becomes_a_sandbox_afterwards(World world) {
    var beta = world.tenant("beta");
    var admin = beta.admin();

    for (var body :
        List.of(
            "{\"sandbox\":true}",
            "{\"flags\":{\"sandbox\":true}}",
            "{\"friendly_name\":\"Beta\",\"sandbox\":true}")) {
      assertThat(admin.call(Method.PATCH, "/tenants/settings", body).status())
          .as(body)
          .isEqualTo(400);
    }
    // Takes what is sent along and reads it back, whatever it is.
    admin.call(Method.PATCH, "/tenants/settings", "{\"error_page\":{\"sandbox\":true}}");
    admin.call(Method.PATCH, "/tenants/settings", "{\"sandbox_version\":\"22\"}");
    var tenants = world.wiring().ground.tenants;
    var before = tenants.find(beta.id()).orElseThrow();
    var pretended =
        new Tenant(
            before.id(),
            before.slug(),
            before.displayName(),
            before.settings(),
            true,
            before.version(),
            before.createdAt());
    assertThat(tenants.save(pretended)).as("saved, but for the flag").isTrue();

    tenants.read(beta.id());

    assertThat(tenants.find(beta.id()).orElseThrow().sandbox()).isFalse();
    assertThat(admin.get("/sandbox/clock").status()).isEqualTo(404);
    assertThat(beta.admin().get("/tenants/settings").json().has("sandbox")).isFalse();
  }

  @Test
  void a_sandbox_cannot_be_made_a_tenant_in_earnest_either(World world) {
    var acme = world.sandbox("acme");
    var tenants = world.wiring().ground.tenants;
    acme.admin().call(Method.PATCH, "/tenants/settings", "{\"friendly_name\":\"Earnest\"}");

    tenants.read(acme.id());

    assertThat(tenants.find(acme.id()).orElseThrow().displayName()).isEqualTo("Earnest");
    assertThat(tenants.find(acme.id()).orElseThrow().sandbox()).isTrue();
  }
}
