package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.StepUp;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Phone;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Transactions that people approve: what they are shown, what they sign, and all that must not pass for it. */
@WorldTest
class TransactionTest {
  static final String API = "https://api.bank.example/payments";

  /** As an application may write it: neither sorted nor short. */
  static final String TO_XAVER =
      """
      [ {"type": "payout", "payee": "Xaver Huber",
         "amount": "10.00", "currency": "EUR", "account": "DE89370400440532013000"} ]\
      """;

  static final String CANONICAL =
      "[{\"account\":\"DE89370400440532013000\",\"amount\":\"10.00\",\"currency\":\"EUR\",\"payee\":\"Xaver Huber\",\"type\":\"payout\"}]";

  static final String TO_YVES =
      "[{\"type\":\"payout\",\"payee\":\"Yves Durand\",\"amount\":\"1000.00\",\"currency\":\"EUR\",\"account\":\"FR7630006000011234567890189\"}]";

  private static final Duration STEP = Duration.ofSeconds(31);

  /** A tenant whose bank has an API that knows payouts. */
  static Company acme(World world) {
    return payingOut(world.tenant("acme"));
  }

  static Company payingOut(Company acme) {
    var answered =
        acme.admin()
            .post(
                "/resource-servers",
                """
                {"identifier": "%s", "name": "Payments",
                 "scopes": [{"value": "transfer:write"}],
                 "authorization_details": [
                   {"type": "payout", "label": {"en": "Payout", "de": "Auszahlung"},
                    "fields": [
                      {"name": "amount", "shown_as": "amount", "currency": "currency"},
                      {"name": "payee", "shown_as": "payee"},
                      {"name": "account", "shown_as": "account"},
                      {"name": "execution", "shown_as": "date", "optional": true},
                      {"name": "reference", "label": {"en": "Reference"}, "optional": true}]},
                   {"type": "consent"}]}
                """
                    .formatted(API));
    assertThat(answered.status()).as(answered.text()).isEqualTo(201);
    return acme;
  }

  static Map<String, String> paying(String details) {
    return Map.of("audience", API, "authorization_details", details, "scope", "openid");
  }

  private static Browser asksToApprove(World world, Client bank, Someone who, String details) {
    var browser = world.browser();
    bank.opensPushed(browser, bank.pushes(paying(details)));
    browser.submit(Map.of("identifier", who.name()));
    browser.submit(Map.of("password", who.password()));
    return browser;
  }

  private static JsonNode approved(Client bank, Browser browser) {
    assertThat(browser.page().isElsewhere()).as("%s", browser.page()).isTrue();
    var redeemed = bank.redeem(browser.page().parameters().get("code"));
    assertThat(redeemed.status()).as(redeemed.text()).isEqualTo(200);
    return Client.json(redeemed);
  }

  private static void isNotApproved(Company acme) {
    assertThat(acme.audit().count("step_up.approved")).isZero();
    assertThat(acme.audit().count("token.issued")).isZero();
  }

  private static String hash(String canonical) throws Exception {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            MessageDigest.getInstance("SHA-256")
                .digest(canonical.getBytes(StandardCharsets.UTF_8)));
  }

  // What is shown is what is approved, and what the tokens say

  @Test
  void STEP_03_a_payout_is_shown_whole_approved_and_named_by_token_and_receipt(World world)
      throws Exception {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");

    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    assertThat(browser.page().title()).contains("Do you approve this?");
    assertThat(browser.page().element(".transaction").text())
        .isEqualTo("Payout Amount €10.00 Payee Xaver Huber Account DE89 3704 0044 0532 0130 00");
    assertThat(browser.page().text()).contains("Bank asks for your approval").contains("Reject");
    assertThat(browser.page().has("input[name=trust]")).isFalse();
    browser.submit(Map.of("code", ana.codeNow()));

    var tokens = approved(bank, browser);
    assertThat(tokens.path("authorization_details")).isEqualTo(Json.tree(CANONICAL));
    assertThat(tokens.path("expires_in").asInt(0)).isEqualTo(300);
    assertThat(tokens.has("refresh_token")).isFalse();
    var access = Client.claims(tokens.path("access_token").asString(""));
    assertThat(access.path("authorization_details")).isEqualTo(Json.tree(CANONICAL));
    assertThat(access.path("aud").asString("")).isEqualTo(API);
    assertThat(access.path("exp").asLong(0) - access.path("iat").asLong(0)).isEqualTo(300);
    assertThat(access.path("acr").asString("")).isEqualTo("aal2");

    var receipt = SignedJWT.parse(tokens.path("transaction_receipt").asString(""));
    assertThat(receipt.getHeader().getType().getType()).isEqualTo("transaction-receipt+jwt");
    var keys = JWKSet.parse(bank.get("/.well-known/jwks.json", Map.of()).text());
    var key = keys.getKeyByKeyId(receipt.getHeader().getKeyID()).toRSAKey();
    assertThat(receipt.verify(new RSASSAVerifier(key))).isTrue();
    var says = Client.claims(receipt.serialize());
    assertThat(says.path("transaction_hash").asString("")).isEqualTo(hash(CANONICAL));
    assertThat(says.path("authorization_details")).isEqualTo(Json.tree(CANONICAL));
    assertThat(says.path("sub").asString("")).isEqualTo(ana.id().value());
    assertThat(Client.texts(says.path("aud"))).containsExactly(bank.id(), API);
    assertThat(says.path("acr").asString("")).isEqualTo("aal2");
    assertThat(Client.texts(says.path("amr"))).containsExactly("pwd", "otp", "mfa");
    assertThat(says.path("binding").asString("")).isEqualTo("shown");
    assertThat(says.path("approved_at").asLong(0)).isEqualTo(world.clock().now().seconds());

    acme.audit()
        .endsWith("step_up.requested", "user.mfa_succeeded", "step_up.approved", "token.issued");
    acme.audit()
        .says("step_up.requested", "operation", "payout")
        .says("step_up.approved", "transaction", hash(CANONICAL));
  }

  @Test
  void STEP_03_an_api_that_asks_learns_that_the_kind_of_transaction_was_approved_and_no_other(
      World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    browser.submit(Map.of("code", ana.codeNow()));
    var token = approved(bank, browser).path("access_token").asString("");
    var api =
        Client.of(
            world, acme, Application.Type.RESOURCE_SERVER, it -> it.with(draft -> draft.api = API));

    world.later(Duration.ofMinutes(1));
    assertThat(isEnough(api, token, "operation:payout")).isTrue();
    assertThat(isEnough(api, token, "operation:consent")).isFalse();
  }

  private static boolean isEnough(Client api, String token, String act) {
    var said =
        Client.json(
            api.postForm(
                "/oauth/introspect",
                Client.encoded(
                    Map.of(
                        "client_id",
                        api.id(),
                        "client_secret",
                        api.secret(),
                        "token",
                        token,
                        "act",
                        act))));
    assertThat(said.path("active").asBoolean(false)).as("%s", said).isTrue();
    return said.path("step_up").path("enough").booleanValue();
  }

  @Test
  void STEP_03_a_receipt_opens_nothing(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    browser.submit(Map.of("code", ana.codeNow()));
    var tokens = approved(bank, browser);

    assertThat(bank.userinfo(tokens.path("transaction_receipt").asString("")).status())
        .isEqualTo(401);
    assertThat(bank.userinfo(tokens.path("access_token").asString("")).status())
        .as("the token is for the payout and nothing else")
        .isEqualTo(401);
  }

  @Test
  void STEP_03_the_token_allows_nothing_beside_what_was_approved(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    var asked = new HashMap<>(paying(TO_XAVER));
    asked.put("scope", "openid offline_access transfer:write");
    bank.opensPushed(browser, bank.pushes(asked));
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    browser.submit(Map.of("code", ana.codeNow()));

    var tokens = approved(bank, browser);

    assertThat(tokens.path("scope").asString("")).isEqualTo("openid");
    assertThat(tokens.has("refresh_token")).isFalse();
  }

  @Test
  void amounts_are_written_as_the_reader_writes_them(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser().speaking("de");
    bank.opensPushed(
        browser,
        bank.pushes(
            paying(
                "[{\"type\":\"payout\",\"payee\":\"Xaver\",\"amount\":1234567.5,\"currency\":\"EUR\",\"account\":\"1234\",\"execution\":\"2026-03-07\",\"reference\":\"Miete\"}]")));
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));

    assertThat(browser.page().title()).contains("Geben Sie das frei?");
    assertThat(browser.page().element(".transaction").text().replace('\u00a0', ' '))
        .isEqualTo(
            "Auszahlung Betrag 1.234.567,50 € Empfänger Xaver Konto 1234 Datum 7. März 2026 Reference Miete");
  }

  @Test
  void of_a_type_without_fields_all_is_shown_that_was_sent(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");

    var browser =
        asksToApprove(
            world,
            bank,
            ana,
            "[{\"type\":\"consent\",\"to\":{\"whom\":\"<b>Ex</b>\"},\"actions\":[\"read\",\"list\"]}]");

    assertThat(browser.page().element(".transaction").text())
        .isEqualTo("consent actions read, list to.whom <b>Ex</b>");
  }

  @Test
  void what_an_api_does_not_know_or_nobody_would_see_is_refused(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var good =
        "\"type\":\"payout\",\"payee\":\"X\",\"amount\":\"1.00\",\"currency\":\"EUR\",\"account\":\"1\"";
    var wrong =
        List.of(
            "",
            "{}",
            "[]",
            "[7]",
            "[{}]",
            "[{\"type\":\"payday\"}]",
            "[{\"type\":\"payout\"}]",
            "[{" + good + ",\"hidden\":\"field\"}]",
            "[{" + good + ",\"hidden\":{}}]",
            "[{" + good + ",\"null\":1}]",
            "[{" + good.replace("1.00", "-1.00") + "}]",
            "[{" + good.replace("1.00", "1e3") + "}]",
            "[{" + good.replace("\"1.00\"", "0.1234567890123456789") + "}]",
            "[{" + good.replace("EUR", "EURO") + "}]",
            "[{" + good.replace("\"EUR\"", "7") + "}]",
            "[{" + good.replace("\"X\"", "\"\"") + "}]",
            "[{" + good.replace("\"X\"", "\"X\\u202eY\"") + "}]",
            "[{" + good.replace("\"X\"", "\"X\\u0000Y\"") + "}]",
            "[{" + good.replace("\"X\"", "\"X\\nY\"") + "}]",
            "[{" + good.replace("\"X\"", "\"X\\ud800\"") + "}]",
            "[{" + good.replace("\"X\"", "\"" + "X".repeat(141) + "\"") + "}]",
            "[{" + good.replace("\"X\"", "{\"name\":\"X\"}") + "}]",
            "[{" + good + ",\"payee\":\"Y\"}]",
            "[{" + good + ",\"execution\":\"2026-02-30\"}]",
            "[" + ("{" + good + "},").repeat(5) + "{" + good + "}]");
    for (var details : wrong) {
      var pushed = bank.pushes(paying(details.isEmpty() ? "[" : details));
      assertThat(pushed.status()).as(details).isEqualTo(400);
      assertThat(Client.error(pushed)).as(details).isEqualTo("invalid_authorization_details");
      assertThat(
              bank.opens(world.browser(), paying(details.isEmpty() ? "[" : details)).parameters())
          .containsEntry("error", "invalid_authorization_details");
    }
    assertThat(bank.pushes(paying("[{" + good + "}]")).status()).isEqualTo(201);
    assertThat(Client.error(bank.pushes(Map.of("authorization_details", "[{" + good + "}]"))))
        .as("no audience")
        .isEqualTo("invalid_authorization_details");
    assertThat(
            Client.error(
                bank.pushes(
                    Map.of(
                        "authorization_details",
                        "[{" + good + "}]",
                        "audience",
                        bank.issuer() + "mfa/"))))
        .isEqualTo("invalid_authorization_details");
  }

  // Nothing else will do

  @Test
  void STEP_03_what_was_proven_before_approves_nothing(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    bank.signsIn(ana, browser, Map.of());
    world.later(STEP);

    bank.opensPushed(browser, bank.pushes(paying(TO_XAVER)));
    assertThat(browser.page().has(".transaction")).as("asked although just proven").isTrue();
    assertThat(
            bank.opensPushed(
                    browser.copy(),
                    bank.pushes(
                        Map.of(
                            "audience", API, "authorization_details", TO_XAVER, "prompt", "none")))
                .parameters())
        .containsEntry("error", "interaction_required");
    browser.submit(Map.of("code", ana.codeNow()));
    approved(bank, browser);

    world.later(STEP);
    bank.opensPushed(browser, bank.pushes(paying(TO_XAVER)));
    assertThat(browser.page().has(".transaction")).as("the same payout again").isTrue();
  }

  @Test
  void STEP_03_an_approval_raises_no_session(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    browser.submit(Map.of("code", ana.codeNow()));
    approved(bank, browser);
    world.later(STEP);

    bank.opens(browser, Map.of("acr_values", "aal2"));

    assertThat(browser.page().has("input[name=code]"))
        .as("a code for a payout signs nobody in")
        .isTrue();
  }

  @Test
  void STEP_03_a_code_that_was_texted_for_one_payout_approves_no_other(World world) {
    var acme = payingOut(world.tenant("acme").texting().requiring("sms"));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("sms");
    var small = asksToApprove(world, bank, ana, TO_XAVER);
    var toXaver = ana.textedCode();
    assertThat(ana.texts().getLast().body())
        .startsWith(toXaver + " approves: €10.00 to Xaver Huber. ")
        .endsWith("\n\n@" + acme.host() + " #" + toXaver);
    world.later(Duration.ofSeconds(40));
    var large = asksToApprove(world, bank, ana, TO_YVES);
    assertThat(ana.texts().getLast().body()).contains("€1,000.00 to Yves Durand");

    large.submit(Map.of("code", toXaver));

    assertThat(large.page().isElsewhere()).isFalse();
    isNotApproved(acme);
    small.submit(Map.of("code", toXaver));
    assertThat(approved(bank, small).path("authorization_details")).isEqualTo(Json.tree(CANONICAL));
    acme.audit().says("user.mfa_succeeded", "factor", "sms");
  }

  @Test
  void STEP_03_a_code_is_good_for_five_minutes(World world) {
    var acme = payingOut(world.tenant("acme").texting().requiring("sms"));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("sms");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    world.later(Duration.ofMinutes(5));

    browser.submit(Map.of("code", ana.textedCode()));

    assertThat(browser.page().isElsewhere()).isFalse();
    isNotApproved(acme);
  }

  @Test
  void STEP_03_a_passkey_signs_the_payout_that_is_shown_and_no_other(World world) {
    var acme = payingOut(world.tenant("acme").requiring("webauthn-platform"));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("webauthn-platform");
    var small = asksToApprove(world, bank, ana, TO_XAVER);
    var large = asksToApprove(world, bank, ana, TO_YVES);
    var device = ana.authenticator("webauthn-platform");
    var forXaver = device.signs(options(small));

    large.submit(Map.of("credential", forXaver));
    assertThat(large.page().isElsewhere()).isFalse();
    isNotApproved(acme);

    small.submit(Map.of("credential", forXaver));
    var receipt = Client.claims(approved(bank, small).path("transaction_receipt").asString(""));
    assertThat(receipt.path("binding").asString("")).isEqualTo("signed");
    assertThat(receipt.path("authorization_details")).isEqualTo(Json.tree(CANONICAL));
  }

  private static String options(Browser browser) {
    return browser.page().element("input[data-credential]").attr("data-options");
  }

  @Test
  void STEP_03_a_phone_shows_the_payout_and_signs_which_one_it_was(World world) {
    var acme = payingOut(world.tenant("acme").requiring("push-notification"));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("push-notification");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    var question = ana.phone().asks().path("questions").get(0);
    var number = browser.page().element(".number strong").text();

    assertThat(question.path("transaction").path("parts").get(0).path("rows").toString())
        .contains("€10.00", "Xaver Huber");
    var id = question.path("id").asString("");
    var phone = ana.phone();
    assertThat(outcome(phone, id, number, "")).as("says not what it approves").isEqualTo("nothing");
    assertThat(outcome(phone, id, number, "{\"transaction\":\"another\"}")).isEqualTo("nothing");
    isNotApproved(acme);
    assertThat(
            outcome(
                phone,
                id,
                number,
                Json.write(
                    Map.of("transaction", question.path("transaction").path("hash").asString("")))))
        .isEqualTo("noted");
    browser.submit(Map.of("csrf", browser.page().element("main input[name=csrf]").val()));
    var receipt = Client.claims(approved(bank, browser).path("transaction_receipt").asString(""));
    assertThat(receipt.path("binding").asString("")).isEqualTo("signed");
  }

  private static String outcome(Phone phone, String question, String number, String attachment) {
    return Phone.outcome(
        phone.tells("/approver/answers", phone.saying("approve", question, number, attachment)));
  }

  @Test
  void STEP_03_what_the_browser_adds_to_a_pushed_request_changes_nothing(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    var name = Client.json(bank.pushes(paying(TO_XAVER))).path("request_uri").asString("");
    browser.open(
        bank.pushedUrl(name) + "&" + Client.encoded(Map.of("authorization_details", TO_YVES)));
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", acme.person("ana").password()));

    assertThat(browser.page().element(".transaction").text()).contains("Xaver Huber");
    assertThat(browser.page().text()).doesNotContain("Yves");
  }

  @Test
  void STEP_03_whoever_rejects_is_taken_back_and_nothing_is_approved(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);

    browser.press("action", "reject");

    assertThat(browser.page().parameters())
        .containsEntry("error", "access_denied")
        .containsEntry("state", "state-1")
        .doesNotContainKey("code");
    acme.audit().endsWith("step_up.requested", "step_up.denied");
    acme.audit().says("step_up.denied", "operation", "payout");
    isNotApproved(acme);
  }

  @Test
  void STEP_04_whoever_has_nothing_to_approve_with_sets_nothing_up_on_the_spot(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana");

    var browser = asksToApprove(world, bank, ana, TO_XAVER);

    assertThat(browser.page().parameters())
        .containsEntry("error", "unmet_authentication_requirements")
        .hasEntrySatisfying(
            "error_description",
            it ->
                assertThat(it)
                    .contains("a method that was set up before")
                    .contains(acme.url("/account")));
    acme.audit().says("step_up.denied", "reason", "level_out_of_reach");
  }

  @Test
  void STEP_04_a_backup_code_approves_nothing(World world) {
    var acme = acme(world);
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    var page = browser.page();

    browser.post(
        page.uri().toString().replace("/u/mfa/otp", "/u/mfa/recovery-code"),
        Map.of(
            "csrf",
            page.element("main input[name=csrf]").val(),
            "state",
            page.element("main input[name=state]").val(),
            "code",
            ana.backupCode()));

    assertThat(browser.page().isElsewhere()).isFalse();
    isNotApproved(acme);
  }

  @Test
  void STEP_04_a_code_by_mail_approves_nothing(World world) {
    var acme = payingOut(world.tenant("acme").requiring("email", "otp"));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana");
    ana.given("email", Map.of("email", ana.email()));

    var browser = asksToApprove(world, bank, ana, TO_XAVER);

    assertThat(browser.page().parameters())
        .containsEntry("error", "unmet_authentication_requirements");
  }

  @Test
  void STEP_04_a_trusted_browser_is_asked_all_the_same(World world) {
    var acme = acme(world).policy(policy -> policy.trustingFor(30));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    bank.opens(browser, Map.of());
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    browser.submit(Map.of("code", ana.codeNow(), "trust", "true"));
    acme.audit().says("mfa.browser_trusted", "factor", "otp");
    world.later(STEP);

    bank.opensPushed(browser, bank.pushes(paying(TO_XAVER)));

    assertThat(browser.page().has(".transaction")).isTrue();
    assertThat(browser.page().has("input[name=trust]")).isFalse();
  }

  @Test
  void STEP_04_where_a_rule_wants_a_key_no_code_is_asked_for(World world) {
    var acme =
        payingOut(world.tenant("acme").requiring("otp", "webauthn-platform"))
            .policy(policy ->
                policy.steppingUp(
                    List.of(
                        new StepUp(
                            "payouts",
                            "Payouts",
                            Set.of("operation:payout"),
                            Level.AAL2,
                            StepUp.Kind.PHISHING_RESISTANT,
                            0))));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "webauthn-platform");
    var ben = acme.person("ben").enrolledIn("otp");

    var browser = asksToApprove(world, bank, ana, TO_XAVER);
    assertThat(browser.page().has("input[data-credential]")).isTrue();
    acme.audit().says("step_up.requested", "reason", "step_up");
    browser.submit(
        Map.of("credential", ana.authenticator("webauthn-platform").signs(options(browser))));
    approved(bank, browser);

    assertThat(asksToApprove(world, bank, ben, TO_XAVER).page().parameters())
        .containsEntry("error", "unmet_authentication_requirements");
  }

  // Registering types

  @Test
  void an_api_says_which_transactions_it_knows(World world) {
    var admin = acme(world).admin();

    var read = admin.get("/resource-servers/" + Client.encoded(Map.of("x", API)).substring(2));
    assertThat(read.json().path("authorization_details").size()).isEqualTo(2);
    assertThat(read.json().path("authorization_details").get(1))
        .isEqualTo(Json.tree("{\"type\":\"consent\"}"));
    var id = read.json().path("id").asString("");
    for (var wrong :
        List.of(
            "[{\"type\":\"a b\"}]",
            "[{\"type\":\"a\"},{\"type\":\"a\"}]",
            "[{}]",
            "[{\"type\":\"a\",\"fields\":[{\"name\":\"a..b\"}]}]",
            "[{\"type\":\"a\",\"fields\":[{\"name\":\"a\"},{\"name\":\"a\"}]}]",
            "[{\"type\":\"a\",\"fields\":[{\"name\":\"a\",\"shown_as\":\"secret\"}]}]",
            "[{\"type\":\"a\",\"fields\":[{\"name\":\"a\",\"currency\":\"b\"}]}]",
            "[{\"type\":\"a\",\"fields\":[{\"name\":\"c\"},{\"name\":\"a\",\"shown_as\":\"amount\",\"currency\":\"c\"}]}]")) {
      assertThat(
              admin
                  .call(
                      Method.PATCH,
                      "/resource-servers/" + id,
                      "{\"authorization_details\":" + wrong + "}")
                  .status())
          .as(wrong)
          .isEqualTo(400);
    }
    assertThat(
            admin
                .call(Method.PATCH, "/resource-servers/" + id, "{\"authorization_details\":null}")
                .json()
                .has("authorization_details"))
        .isFalse();
  }
}
