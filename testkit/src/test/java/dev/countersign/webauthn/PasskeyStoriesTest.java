package dev.countersign.webauthn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Enrolment;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.SoftAuthenticator;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Passkeys through the pages, as a browser drives them. */
@WorldTest
class PasskeyStoriesTest {
  private static final String PASSKEY = "webauthn-platform";

  private static Company acme(World world) {
    return world.tenant("acme").requiring(PASSKEY, "otp");
  }

  private static String asked(Visit visit) {
    return visit.page().element("input[data-credential]").attr("data-options");
  }

  private static void sends(Visit visit, String credential) {
    visit.browser().submit(Map.of("credential", credential));
  }

  /** The same, with more fields than the page has. */
  private static void sends(Visit visit, String credential, Map<String, String> beside) {
    var form = visit.page().element("form:has(input[data-credential])");
    var fields = new HashMap<String, String>();
    form.select("input[type=hidden]").forEach(it -> fields.put(it.attr("name"), it.val()));
    fields.putAll(beside);
    fields.put("credential", credential);
    visit.browser().post(form.absUrl("action"), fields);
  }

  private static Visit chooses(Someone who) {
    var visit = who.signsIn();
    visit.browser().press("factor", PASSKEY);
    return visit;
  }

  private static SoftAuthenticator device(Someone who) {
    return who.authenticator(PASSKEY);
  }

  private static Visit setsUp(Someone who) {
    var visit = chooses(who);
    sends(visit, device(who).creates(asked(visit)));
    return visit;
  }

  @Test
  void a_passkey_is_set_up_at_the_first_sign_in_and_asked_for_at_the_second(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");

    setsUp(ana).isIn();
    var second = ana.signsIn();
    sends(second, device(ana).signs(asked(second)));

    second.isIn();
    acme.audit().says("user.mfa_succeeded", "factor", PASSKEY);
  }

  @Test
  void what_stopped_the_browser_is_no_answer_and_counts_as_none(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn(PASSKEY);
    var visit = ana.signsIn();
    var question = asked(visit);

    for (int i = 0; i < 10; i++) {
      visit.browser().submit(Map.of("error", "NotAllowedError"));
      assertThat(visit.page().text()).contains("It was not finished.");
    }

    assertThat(asked(visit)).isEqualTo(question);
    assertThat(acme.audit().count("user.mfa_failed")).isZero();
    sends(visit, device(ana).signs(question));
    visit.isIn();
  }

  @Test
  void what_stopped_the_browser_while_setting_up_is_said_in_its_own_words(World world) {
    var visit = chooses(acme(world).person("ana"));

    visit.browser().submit(Map.of("error", "InvalidStateError"));
    assertThat(visit.page().text()).contains("already registered");
    visit.browser().submit(Map.of("error", "ConstraintError"));
    assertThat(visit.page().text()).contains("no screen lock or PIN");
    visit.browser().submit(Map.of("error", "<script>"));
    assertThat(visit.page().text()).contains("It was not finished.").doesNotContain("<script>");
  }

  @Test
  void WA_03_a_challenge_is_erased_by_its_first_answer_good_or_bad(World world) {
    var ana = acme(world).person("ana").enrolledIn(PASSKEY);
    var visit = ana.signsIn();
    var question = asked(visit);

    sends(visit, device(ana).forging().signs(question));
    visit.isRefused("signature_invalid");
    sends(visit, device(ana).honest().signs(question));

    visit.isRefused("challenge_mismatch");
  }

  @Test
  void WA_03_a_challenge_stands_for_five_minutes(World world) {
    var ana = acme(world).person("ana").enrolledIn(PASSKEY);
    var visit = ana.signsIn();
    var answer = device(ana).signs(asked(visit));

    world.later(Duration.ofMinutes(5));
    sends(visit, answer);

    visit.isRefused("code_expired");
  }

  @Test
  void WA_04_what_the_browser_says_beside_its_answer_changes_nothing(World world) {
    var ana = acme(world).person("ana").enrolledIn(PASSKEY);
    var visit = ana.signsIn();
    var origin = "https://evil.example";

    sends(
        visit,
        device(ana).at(origin).signs(asked(visit)),
        Map.of("origin", origin, "challenge", "AAAA", "userHandle", "AAAA"));

    visit.isRefused("origin_mismatch");
  }

  @Test
  void WA_05_another_persons_passkey_lets_nobody_in(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn(PASSKEY);
    var ben = acme.person("ben").enrolledIn(PASSKEY);
    var visit = ana.signsIn();

    sends(visit, device(ben).signs(asked(visit)));

    visit.isRefused("credential_unknown");
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void WA_06_a_passkey_lands_on_whoever_is_signing_in(World world) {
    var acme = acme(world);
    var ben = acme.person("ben");
    var ana = acme.person("ana");
    var visit = chooses(ana);

    sends(
        visit,
        device(ana).creates(asked(visit)),
        Map.of("user", ben.id().value(), "user_id", ben.id().value()));

    visit.isIn();
    assertThat(ana.enrolment(PASSKEY)).isNotNull();
    List<Enrolment> others =
        world
            .wiring()
            .ground
            .database
            .read(tx -> world.wiring().methods.enrolments.of(tx, acme.id(), ben.id()));
    assertThat(others).isEmpty();
  }

  @Test
  void WA_07_a_credential_is_registered_once_in_all_the_world(World world) {
    var acme = acme(world);
    var beta = acme(world);
    var ana = acme.person("ana");
    setsUp(ana).isIn();

    for (var who : List.of(acme.person("ben"), beta.person("ana"))) {
      var visit = chooses(who);
      sends(visit, device(ana).honest().at(who.company().origin()).creates(asked(visit)));

      assertThat(visit.page().text()).contains("already registered");
      who.company()
          .audit()
          .says("mfa.factor_enrolment_failed", "reason", "credential_already_registered");
    }
  }

  @Test
  void WA_07_a_key_under_another_id_is_the_same_key(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    setsUp(ana).isIn();
    var visit = chooses(acme.person("ben"));

    sends(visit, device(ana).called(new byte[] {9, 9, 9, 9}).creates(asked(visit)));

    assertThat(visit.page().text()).contains("already registered");
  }

  @Test
  void a_counter_that_goes_back_is_refused_for_what_it_is(World world) {
    var ana = acme(world).person("ana");
    device(ana).bound().counterAt(5);
    setsUp(ana).isIn();
    var visit = ana.signsIn();

    sends(visit, device(ana).counterAt(3).signs(asked(visit)));

    visit.isRefused("counter_regressed");
  }

  @Test
  void an_authenticator_app_is_offered_beside_it(World world) {
    var visit = acme(world).person("ana").signsIn();

    assertThat(visit.page().document().select("button[name=factor]").eachAttr("value"))
        .containsExactly(PASSKEY, "otp");
  }
}
