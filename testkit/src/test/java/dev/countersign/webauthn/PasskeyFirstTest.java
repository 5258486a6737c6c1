package dev.countersign.webauthn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enrolment.SetUp;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.SoftAuthenticator;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A passkey as the first proof, through the pages: whoever is there is asked, and the answer says who it is. */
@WorldTest
class PasskeyFirstTest {
  private static final String PASSKEY = "webauthn-platform";

  private static Company acme(World world) {
    return world.tenant("acme").requiring(PASSKEY, "otp");
  }

  private static Someone ana(Company company) {
    return company.person("ana").enrolledIn(PASSKEY);
  }

  private static SoftAuthenticator device(Someone who) {
    return who.authenticator(PASSKEY);
  }

  /** What the first page asks whoever is there. */
  private static String asked(Visit visit) {
    return visit.page().element("input[data-renew]").attr("data-options");
  }

  private static Visit picks(Visit visit, String credential) {
    var question = visit.page().element("input[name=question]").val();
    visit.browser().submit(Map.of("credential", credential, "question", question));
    return visit;
  }

  private static Visit picks(Visit visit, SoftAuthenticator key) {
    return picks(visit, key.signs(asked(visit)));
  }

  private static Visit comes(World world, Someone who) {
    return who.comesWith(world.browser());
  }

  private static Company set(World world, Company company, String settings) {
    var wiring = world.wiring();
    wiring.ground.database.run(tx ->
        wiring.methods.factorSettings.set(
            tx, company.id(), new FactorId(PASSKEY), settings, world.clock().now()));
    return company;
  }

  private static void remove(World world, Someone who) {
    var wiring = world.wiring();
    wiring.ground.database.run(tx ->
        wiring
            .methods
            .enrolments
            .find(tx, who.company().id(), who.id(), who.enrolment(PASSKEY))
            .ifPresent(it ->
                wiring.enrolling.setUp.remove(
                    tx,
                    new SetUp.Whose(who.company().id(), who.id(), null, null),
                    it,
                    world.node().occasion())));
  }

  private static void isNotIn(Visit visit, String reason) {
    assertThat(visit.page().has("input[name=identifier]")).as("%s", visit.page()).isTrue();
    var audit = audit(visit);
    assertThat(audit.count("user.signed_in")).isZero();
    audit.says("user.sign_in_failed", "reason", reason);
  }

  private static dev.countersign.testkit.AuditTrail audit(Visit visit) {
    return visit.company().audit();
  }

  // A passkey alone

  @Test
  void a_passkey_that_verified_its_user_is_a_whole_sign_in(World world) {
    var acme = acme(world);
    var ana = ana(acme);

    picks(comes(world, ana), device(ana)).isIn();

    acme.audit()
        .says("user.passkey_accepted", "enrolment", ana.enrolment(PASSKEY).value())
        .says("user.signed_in", "acr", "aal2")
        .says("user.signed_in", "methods", PASSKEY);
    assertThat(acme.audit().count("user.mfa_required")).isZero();
  }

  @Test
  void one_used_at_a_place_that_is_new_to_it_is_told_to_its_owner(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    picks(comes(world, ana), device(ana)).isIn();
    assertThat(ana.mails()).isEmpty();
    var phone =
        "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

    picks(ana.comesWith(world.browser().alsoSending(Map.of("user-agent", phone))), device(ana))
        .isIn();

    assertThat(ana.mails()).hasSize(1);
    acme.audit().says("mfa.factor_used_elsewhere", "factor", PASSKEY);
  }

  @Test
  void one_that_cannot_leave_its_device_reaches_the_third_level_alone(World world) {
    var acme = acme(world);
    device(acme.person("ana")).bound();
    var ana = ana(acme);

    picks(comes(world, ana), device(ana)).isIn();

    acme.audit().says("user.signed_in", "acr", "aal3");
  }

  @Test
  void WA_11_a_passkey_that_did_not_verify_its_user_is_one_factor_and_the_password_is_asked(
      World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = picks(comes(world, ana), device(ana).withoutVerification());

    visit.isAskedForPassword();
    assertThat(visit.page().text()).contains("Your passkey was accepted.", "ana");
    acme.audit().says("user.mfa_required", "reason", "policy_requires");
    visit.givesPassword("not it").isAskedForPassword();
    acme.audit().says("user.sign_in_failed", "reason", "password_invalid");
    visit.givesPassword(ana.password()).isIn();

    acme.audit().says("user.signed_in", "acr", "aal2");
  }

  @Test
  void WA_11_nothing_leads_past_the_password_that_is_owed(World world) {
    var acme = acme(world);
    var ana = ana(acme).enrolledIn("otp");
    var visit = picks(comes(world, ana), device(ana).withoutVerification());
    var state = visit.page().parameters().get("state");

    for (var path : List.of("/u/mfa/" + PASSKEY, "/u/mfa/otp", "/u/mfa/set-up", "/u/continue")) {
      visit.browser().open(acme.url(path + "?state=" + state));
      visit.isAskedForPassword();
    }
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void where_the_tenant_wants_another_factor_beside_it_the_password_is_asked(World world) {
    var acme = set(world, acme(world), "{\"passkeyIsMultiFactor\":false}");
    var ana = ana(acme);

    var visit = picks(comes(world, ana), device(ana)).isAskedForPassword();
    visit.givesPassword(ana.password()).isIn();

    acme.audit().says("user.signed_in", "acr", "aal2");
  }

  @Test
  void WA_11_whoever_has_no_password_verifies_with_the_passkey_itself(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            tx.sql("delete from passwords where tenant = :tenant and user_id = :user")
                .set("tenant", acme.id())
                .set("user", ana.id())
                .update());
    var visit = picks(comes(world, ana), device(ana).withoutVerification());

    var options = visit.page().element("input[data-credential]").attr("data-options");
    visit.browser().submit(Map.of("credential", device(ana).honest().signs(options)));

    visit.isIn();
    acme.audit().says("user.signed_in", "acr", "aal2");
  }

  @Test
  void where_nothing_more_is_demanded_a_passkey_without_verification_is_enough_for_the_first_level(
      World world) {
    var acme = acme(world);
    var ana = ana(acme);
    acme.demandingNothing();

    picks(comes(world, ana), device(ana).withoutVerification()).isIn();

    acme.audit().says("user.signed_in", "acr", "aal1");
  }

  // Every mix

  @Test
  void a_day_later_the_second_level_is_proven_anew_by_whatever_there_is(World world) {
    var acme = acme(world);
    var ana = ana(acme).enrolledIn("otp");
    var visit = picks(comes(world, ana), device(ana)).isIn();

    world.later(Duration.ofHours(2));
    visit.browser().open(acme.url("/account"));
    // An app alone is a thing that somebody has, as the key was: the password makes it two.
    visit.triesAnotherWay("otp").answers(ana.codeNow()).isAskedForPassword();
    visit.givesPassword(ana.password()).isIn();

    acme.audit().says("step_up.approved", "acr", "aal2");
  }

  @Test
  void a_day_later_the_passkey_itself_will_do(World world) {
    var acme = acme(world);
    var ana = ana(acme).enrolledIn("otp");
    var visit = picks(comes(world, ana), device(ana)).isIn();

    world.later(Duration.ofHours(2));
    visit.browser().open(acme.url("/account"));
    var options = visit.page().element("input[data-credential]").attr("data-options");
    visit.browser().submit(Map.of("credential", device(ana).signs(options)));

    visit.isIn();
  }

  @Test
  void whoever_has_both_comes_in_by_password_and_app_as_before(World world) {
    var ana = ana(acme(world)).enrolledIn("otp");

    ana.signsIn().triesAnotherWay("otp").answers(ana.codeNow()).isIn();
  }

  @Test
  void a_sensitive_page_takes_a_passkey_alone_once_more(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = picks(comes(world, ana), device(ana)).isIn();
    world.later(Duration.ofMinutes(6));
    visit.browser().open(acme.url("/account/set-up/otp"));

    picks(visit, device(ana));

    assertThat(visit.page().has("#key")).as("%s", visit.page()).isTrue();
  }

  // Whose it is

  @Test
  void WA_05_the_sign_in_belongs_to_whoever_the_passkey_is_and_nobody_else(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var ben = acme.person("ben").enrolledIn(PASSKEY);
    // Ana has given name and password and stands before her challenge; ben begins from there.
    var visit = ana.signsIn();
    visit.browser().follow(".who a");

    picks(visit, device(ben)).isIn();

    assertThat(acme.audit().last("user.signed_in").user()).isEqualTo(ben.id());
    assertThat(visit.page().text()).contains("ben");
    assertThat(acme.audit().last("user.signed_in").details()).containsEntry("methods", PASSKEY);
  }

  @Test
  void WA_05_a_key_that_names_another_person_or_nobody_opens_nothing(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var ben = acme.person("ben").enrolledIn(PASSKEY);
    var visit = comes(world, ben);

    picks(visit, device(ben).knowing(new byte[] {1, 2, 3}));
    isNotIn(visit, "user_handle_mismatch");
    picks(
        visit,
        device(ana)
            .sending(sent -> {
              ((tools.jackson.databind.node.ObjectNode) sent.path("response")).remove("userHandle");
              return sent;
            }));
    isNotIn(visit, "user_handle_mismatch");
  }

  @Test
  void another_tenants_passkey_is_nobodys_here(World world) {
    var acme = acme(world);
    var stranger = ana(world.tenant("beta").requiring(PASSKEY));
    var visit = comes(world, acme.person("ana"));

    picks(visit, device(stranger).at(acme.origin()));

    isNotIn(visit, "credential_unknown");
    assertThat(visit.page().text()).contains("isn’t registered here any more");
    assertThat(acme.audit().last("user.sign_in_failed").user()).isNull();
  }

  @Test
  void a_removed_passkey_is_told_to_the_browser_so_that_it_is_not_offered_again(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    remove(world, ana);
    var visit = comes(world, ana);

    picks(visit, device(ana));

    isNotIn(visit, "credential_unknown");
    assertThat(visit.page().status()).isEqualTo(400);
    var signal = visit.page().element("input[data-signal]");
    assertThat(signal.attr("data-signal")).isEqualTo("signalUnknownCredential");
    var told = Json.tree(signal.attr("data-options"));
    assertThat(told.path("credentialId").asString()).isEqualTo(device(ana).id());
    assertThat(told.path("rpId").asString()).isEqualTo(acme.host());
  }

  @Test
  void a_blocked_person_is_told_that_they_cannot_sign_in(World world) {
    var acme = acme(world);
    var ana = ana(acme).blocked();
    var visit = comes(world, ana);

    picks(visit, device(ana));

    assertThat(visit.page().title()).isEqualTo("You can’t sign in right now");
    acme.audit().says("user.sign_in_failed", "reason", "blocked");
  }

  @Test
  void where_passkeys_are_not_allowed_none_is_asked_for_or_taken(World world) {
    var acme = acme(world);
    var ana = ana(acme).enrolledIn("otp");
    var visit = comes(world, ana);
    var signed = device(ana).signs(asked(visit));
    acme.policy(policy -> policy.allowing(new FactorId(PASSKEY), false));

    picks(visit, signed);

    isNotIn(visit, "factor_not_allowed");
    assertThat(visit.page().has("[data-renew]")).isFalse();
    assertThat(visit.page().element("#identifier").attr("autocomplete")).isEqualTo("username");
  }

  // The question

  @Test
  void WA_03_an_answer_is_taken_once_and_a_refused_one_ends_the_question(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = comes(world, ana);
    var question = visit.page().element("input[name=question]").val();
    var options = asked(visit);
    var form = fields(visit);

    picks(visit, device(ana).forging().signs(options));
    isNotIn(visit, "signature_invalid");
    post(visit, form, device(ana).honest().signs(options), question);
    isNotIn(visit, "code_expired");
    var good = device(ana).signs(asked(visit));
    form = fields(visit);
    question = visit.page().element("input[name=question]").val();
    picks(visit, good).isIn();
    post(visit, form, good, question);

    assertThat(acme.audit().count("user.signed_in")).isEqualTo(1);
    assertThat(acme.audit().count("user.passkey_accepted")).isEqualTo(1);
  }

  @Test
  void WA_03_an_answer_that_was_taken_is_over_while_the_password_is_still_owed(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = comes(world, ana);
    var question = visit.page().element("input[name=question]").val();
    var signed = device(ana).withoutVerification().signs(asked(visit));
    picks(visit, signed).isAskedForPassword();
    visit.browser().open(visit.page().element(".who a").absUrl("href"));

    post(visit, fields(visit), signed, question);

    isNotIn(visit, "code_expired");
    assertThat(acme.audit().count("user.passkey_accepted")).isEqualTo(1);
  }

  /** The form of the first page, for sending it again by hand. */
  private static Map<String, String> fields(Visit visit) {
    var fields = new HashMap<String, String>();
    var form = visit.page().element("form:has(input[data-renew])");
    form.select("input[type=hidden]").forEach(it -> fields.put(it.attr("name"), it.val()));
    fields.put(" action", form.absUrl("action"));
    return fields;
  }

  private static void post(
      Visit visit, Map<String, String> form, String credential, String question) {
    var fields = new HashMap<>(form);
    var action = fields.remove(" action");
    fields.put("credential", credential);
    fields.put("question", question);
    visit.browser().post(action, fields);
  }

  @Test
  void WA_03_a_question_stands_for_five_minutes(World world) {
    var ana = ana(acme(world));
    var visit = comes(world, ana);
    var signed = device(ana).signs(asked(visit));

    world.later(Duration.ofMinutes(5));
    picks(visit, signed);

    isNotIn(visit, "code_expired");
    assertThat(visit.page().text()).contains("asked your browser anew");
    picks(visit, device(ana)).isIn();
  }

  @Test
  void WA_04_a_question_is_good_in_its_own_sign_in_only_and_cannot_be_made_up(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var other = comes(world, ana);
    var visit = comes(world, ana);
    var signed = device(ana).signs(asked(other));
    var question = other.page().element("input[name=question]").val();

    for (var forged : List.of(question, "", "AAAA", question.substring(0, 40), "{}", "%%%")) {
      visit.browser().submit(Map.of("credential", signed, "question", forged));
      isNotIn(visit, "code_expired");
    }
  }

  @Test
  void LS_04_another_browser_cannot_answer(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = comes(world, ana);
    var thief = world.browser();
    thief.open(acme.url("/account"));
    var fields = new HashMap<>(fields(visit));
    var action = fields.remove(" action");
    fields.put("csrf", thief.page().element("input[name=csrf]").val());
    fields.put("credential", device(ana).signs(asked(visit)));

    thief.post(action, fields);

    assertThat(thief.page().title()).isEqualTo("This sign-in began in another browser");
    assertThat(acme.audit().count("user.passkey_accepted")).isZero();
  }

  @Test
  void a_sign_in_that_has_expired_says_so(World world) {
    var ana = ana(acme(world));
    var visit = comes(world, ana);
    var signed = device(ana).signs(asked(visit));

    world.later(Duration.ofMinutes(61));
    picks(visit, signed);

    assertThat(visit.page().title()).isEqualTo("This sign-in has expired");
  }

  @Test
  void what_stopped_the_browser_is_no_answer_and_blames_nobody(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = comes(world, ana);

    for (int i = 0; i < 60; i++) {
      visit.browser().submit(Map.of("question", "", "error", "NotAllowedError"));
    }

    assertThat(visit.page().text()).contains("No passkey was used.");
    assertThat(visit.page().has(".notice.information")).isTrue();
    assertThat(acme.audit().count("user.sign_in_failed")).isZero();
    picks(visit, device(ana)).isIn();
  }

  @Test
  void refused_answers_are_counted_for_the_network_together_with_wrong_passwords(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = comes(world, ana);
    for (int i = 0; i < 50; i++) {
      picks(visit, device(ana).forging().signs(asked(visit)));
    }

    picks(visit, device(ana).honest().signs(asked(visit))).isThrottled();

    assertThat(visit.page().received().header("retry-after")).isPresent();
    acme.audit().says("user.sign_in_failed", "reason", "throttled");
    comes(world, ana).identifies().givesPassword(ana.password()).isThrottled();
    // Nobody's door is closed by what strangers send: from elsewhere, or later, the key opens.
    world.later(Duration.ofMinutes(11));
    picks(comes(world, ana), device(ana)).isIn();
  }

  @Test
  void a_factor_that_was_locked_by_wrong_answers_opens_nothing(World world) {
    var acme = acme(world);
    var ana = ana(acme);
    var visit = ana.signsIn();
    for (int i = 0; i < 5; i++) {
      var options = visit.page().element("input[data-credential]").attr("data-options");
      visit.browser().submit(Map.of("credential", device(ana).forging().signs(options)));
    }

    var first = comes(world, ana);
    picks(first, device(ana).honest()).isThrottled();

    world.later(Duration.ofMinutes(6));
    picks(comes(world, ana), device(ana)).isIn();
  }

  @Test
  void a_counter_that_goes_back_is_refused_here_too(World world) {
    var acme = acme(world);
    device(acme.person("ana")).bound().counterAt(5);
    var ana = ana(acme);
    picks(comes(world, ana), device(ana).counterAt(8)).isIn();
    var visit = comes(world, ana);

    picks(visit, device(ana).counterAt(3));

    acme.audit().says("user.sign_in_failed", "reason", "counter_regressed");
    assertThat(acme.audit().count("user.signed_in")).isEqualTo(1);
  }

  // WA-14

  /** The page without what is random in it. */
  private static String levelled(Browser browser, String name) {
    var page = browser.page();
    return page.status()
        + page.html()
            .replaceAll("si_[a-z0-9]+", "STATE")
            .replaceAll("(name=\"(csrf|question)\" value=\")[^\"]+", "$1")
            .replaceAll("data-browser-key=\"[^\"]+", "")
            .replaceAll("&#34;challenge&#34;:&#34;[A-Za-z0-9_-]+", "challenge")
            .replaceAll("\"challenge\":\"[A-Za-z0-9_-]+|challenge&quot;:&quot;[A-Za-z0-9_-]+", "")
            .replace(name, "NAME");
  }

  @Test
  void WA_14_before_the_first_proof_there_is_no_list_of_keys_for_any_name(World world) {
    var acme = world.tenant("acme").inviting(PASSKEY, "otp");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("nobody", "nobody");
    names.put("without a key", acme.person("ana-an").name());
    names.put("with a key", acme.person("ben-be").enrolledIn(PASSKEY).name());
    Map<String, List<String>> seen = new LinkedHashMap<>();
    names.forEach((kind, name) -> {
      var browser = world.browser();
      browser.open(acme.url("/account"));
      var first = levelled(browser, name);
      browser.submit(Map.of("identifier", name));
      var second = levelled(browser, name);
      browser.submit(Map.of("password", "wrong password"));
      var third = levelled(browser, name);
      browser.open(
          acme.url("/u/login/identifier?state=" + browser.page().parameters().get("state")));
      var again = levelled(browser, name);
      seen.put(kind, List.of(first, second, third, again));
    });

    assertThat(seen.get("nobody").getFirst()).contains("allowCredentials");
    assertThat(seen.get("nobody").getFirst().replace("&#34;", "\"").replace("&quot;", "\""))
        .contains("\"allowCredentials\":[]");
    seen.forEach((kind, pages) -> {
      assertThat(pages).as(kind).isEqualTo(seen.get("nobody"));
      assertThat(pages.get(1)).doesNotContain("allowCredentials");
    });
  }

  // Browsers that keep keys

  private static Map<String, String> told(Visit visit) {
    Map<String, String> told = new HashMap<>();
    visit
        .page()
        .document()
        .select("input[data-signal]")
        .forEach(it -> told.put(it.attr("data-signal"), it.attr("data-options")));
    return told;
  }

  @Test
  void the_security_page_tells_the_browser_which_keys_there_are_and_what_their_owner_is_called(
      World world) {
    var acme = world.tenant("acme").inviting(PASSKEY, "otp");
    var ana = ana(acme).enrolledIn("otp");
    var key = device(ana);
    var visit = picks(comes(world, ana), key).isIn();

    var all = Json.tree(told(visit).get("signalAllAcceptedCredentials"));
    assertThat(all.path("rpId").asString()).isEqualTo(acme.host());
    assertThat(all.path("allAcceptedCredentialIds").size()).isEqualTo(1);
    assertThat(all.path("allAcceptedCredentialIds").path(0).asString()).isEqualTo(key.id());
    var details = Json.tree(told(visit).get("signalCurrentUserDetails"));
    assertThat(details.path("name").asString()).isEqualTo("ana");
    assertThat(details.path("userId")).isEqualTo(all.path("userId"));

    remove(world, ana);
    visit.browser().open(acme.url("/account"));

    var none = Json.tree(told(visit).get("signalAllAcceptedCredentials"));
    assertThat(none.path("allAcceptedCredentialIds").isEmpty()).isTrue();
    assertThat(none.path("userId")).isEqualTo(all.path("userId"));
    assertThat(told(visit)).doesNotContainKey("signalCurrentUserDetails");
  }

  @Test
  void keys_of_both_kinds_are_told_in_one_list_or_browsers_would_hide_the_others(World world) {
    var acme = world.tenant("acme").inviting(PASSKEY, "webauthn-roaming");
    var ana = ana(acme).enrolledIn("webauthn-roaming");

    var visit = picks(comes(world, ana), device(ana)).isIn();

    var all = Json.tree(told(visit).get("signalAllAcceptedCredentials"));
    assertThat(all.path("allAcceptedCredentialIds").size()).isEqualTo(2);
  }

  @Test
  void whoever_never_had_a_key_is_not_spoken_of(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana").enrolledIn("otp");

    var visit = ana.signsIn().answers(ana.codeNow()).isIn();

    assertThat(told(visit)).isEmpty();
    assertThat(visit.page().html()).doesNotContain("credential.");
  }

  // One domain for several hosts

  @Test
  void related_origins_are_told_at_the_shared_domain_and_nowhere_else(World world) {
    var acme = acme(world);
    var other = "https://" + acme.slug() + "-de.countersign.test";
    assertThat(world.wiring().ground.tenants.addHost(acme.id(), other.substring(8))).isTrue();
    var browser = world.browser();
    assertThat(browser.open(acme.url("/.well-known/webauthn")).status()).isEqualTo(404);
    set(
        world,
        acme,
        "{\"overrideRelyingParty\":true,\"relyingPartyIdentifier\":\"" + acme.host() + "\"}");

    var told = browser.open(acme.url("/.well-known/webauthn"));

    assertThat(told.received().header("content-type").orElseThrow()).startsWith("application/json");
    var origins = Json.tree(told.received().text()).path("origins");
    assertThat(List.of(origins.path(0).asString(), origins.path(1).asString()))
        .containsExactlyInAnyOrder(acme.origin(), other);
    assertThat(browser.open(other + "/.well-known/webauthn").status()).isEqualTo(404);
    assertThat(browser.open(world.tenant("beta").url("/.well-known/webauthn")).status())
        .isEqualTo(404);
  }

  @Test
  void a_passkey_of_the_shared_domain_opens_at_every_host_of_the_tenant(World world) {
    var acme = acme(world);
    var other = "https://" + acme.slug() + "-de.countersign.test";
    assertThat(world.wiring().ground.tenants.addHost(acme.id(), other.substring(8))).isTrue();
    set(
        world,
        acme,
        "{\"overrideRelyingParty\":true,\"relyingPartyIdentifier\":\"" + acme.host() + "\"}");
    var ana = ana(acme);
    var visit = comes(world, ana);
    visit.browser().open(other + "/account");
    assertThat(Json.tree(asked(visit)).path("rpId").asString()).isEqualTo(acme.host());

    picks(visit, device(ana).at(other));

    assertThat(visit.page().uri().toString()).isEqualTo(other + "/account");
    assertThat(visit.page().status()).isEqualTo(200);
  }
}
