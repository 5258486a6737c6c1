package dev.countersign.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do on their own security page, and what others try there. */
@WorldTest
class AccountStoriesTest {

  private static String csrf(Browser browser) {
    return browser.page().element("input[name=csrf]").val();
  }

  private static List<?> factors(World world, Company company, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> world.wiring().methods.enrolments.of(tx, company.id(), who.id()));
  }

  @Test
  void the_page_says_how_the_account_is_protected_and_what_happened(World world) {
    var ana =
        world
            .tenant("acme")
            .requiring("otp", "recovery-code")
            .person("ana")
            .enrolledIn("otp", "recovery-code");

    var page = ana.signsIn().answers(ana.codeNow()).isIn().page();

    assertThat(page.text())
        .contains("Protected by 1 method", "10 backup codes left", "This device", "Signed in");
  }

  @Test
  void TOTP_07_a_session_by_password_alone_reaches_no_set_up_of_somebody_who_has_a_factor(
      World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var visit = ana.signsIn().isIn();
    var csrf = csrf(visit.browser());
    ana.enrolledIn("otp");
    var before = factors(world, acme, ana);

    for (var path :
        List.of(
            "/account/set-up/otp",
            "/account/codes",
            "/account/password",
            "/account/methods/" + ana.enrolment("otp").value() + "/remove")) {
      var got = visit.browser().copy();
      got.open(acme.url(path));
      assertThat(got.page().has("input[name=code]")).as(path).isTrue();
      assertThat(got.page().has("#key")).as(path).isFalse();
      assertThat(got.page().html()).doesNotContain("otpauth:");

      var posted = visit.browser().copy();
      posted.post(acme.url(path), Map.of("csrf", csrf, "action", "confirm", "code", "123456"));
      assertThat(posted.page().has("#key")).as("posted to " + path).isFalse();
      assertThat(posted.page().has("ol.codes")).as("posted to " + path).isFalse();
    }
    assertThat(factors(world, acme, ana)).isEqualTo(before);
  }

  @Test
  void another_app_is_added_and_named(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();

    visit.browser().follow("a[href=/account/set-up/otp]");
    ana.type(visit.page().element("#key").text());
    visit.browser().submit(Map.of("code", ana.codeNow(), "name", "Pixel 9"));

    assertThat(visit.page().text()).contains("“Pixel 9” was added", "Protected by 2 methods");
    visit.browser().submit(Map.of("name", "Old phone"));
    assertThat(visit.page().text()).contains("Old phone");
    world.later(Duration.ofMinutes(1));
    ana.signsIn().answers(ana.codeNow()).isIn();
  }

  @Test
  void PICK_10_the_last_factor_goes_after_fresh_proof_only_and_a_new_one_is_demanded_at_once(
      World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    var path = "/account/methods/" + ana.enrolment("otp").value() + "/remove";

    world.later(Duration.ofMinutes(59));
    visit.browser().open(acme.url(path));
    visit
        .identifies()
        .isAskedForPassword()
        .givesPassword(ana.password())
        .isAskedForCode()
        .answers(ana.codeNow());
    assertThat(visit.page().uri().getPath()).isEqualTo(path);
    assertThat(visit.page().text()).contains("your organisation requires one");
    assertThat(factors(world, acme, ana)).hasSize(2);

    visit.browser().press("action", "confirm");
    visit.isAskedToSetUp();
    assertThat(visit.page().text()).contains("You need to set up multi-factor", "Step 1 of 3");
    assertThat(factors(world, acme, ana)).isEmpty();
    assertThat(acme.audit().count("mfa.factor_removed")).isEqualTo(1);
    visit.browser().open(acme.url("/account"));
    visit.isAskedToSetUp();
    ana.signsIn().isAskedToSetUp();
  }

  @Test
  void BACK_03_a_new_set_needs_fresh_proof_and_ends_the_old_one_in_sign_ins_under_way_too(
      World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var old = ana.backupCode();
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    var underWay = ana.signsIn().triesAnotherWay("recovery-code").isAskedForCode();

    world.later(Duration.ofMinutes(6));
    visit.browser().open(acme.url("/account/codes"));
    visit.identifies().givesPassword(ana.password()).answers(ana.codeNow());
    visit.browser().press("action", "confirm");
    visit.savesBackupCodes();
    assertThat(visit.page().text()).contains("Your new backup codes are active");

    underWay.answers(old).isRefused("code_invalid");
    assertThat(acme.audit().count("mfa.backup_codes_regenerated")).isEqualTo(1);
    underWay.answers(ana.backupCode()).isIn();
  }

  @Test
  void of_two_tabs_with_new_codes_the_older_is_told_that_its_codes_are_worthless(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    visit.browser().open(acme.url("/account/codes"));
    var tab = visit.browser().copy();
    visit.browser().press("action", "confirm");
    tab.press("action", "confirm");
    var newer = tab.page().document().select("ol.codes code").eachText();

    visit.savesBackupCodes();
    assertThat(visit.page().text())
        .contains("no longer work")
        .doesNotContain("Your new backup codes are active");

    tab.submit(Map.of("saved", "true"));
    assertThat(tab.page().text()).contains("Your new backup codes are active");
    ana.signsIn().triesAnotherWay("recovery-code").answers(newer.getFirst()).isIn();
  }

  @Test
  void other_browsers_are_signed_out_one_by_one_or_all(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var first = ana.signsIn().isIn();
    var second = ana.signsIn().isIn();
    var here = ana.signsIn().isIn();

    var end = here.page().element("form[action$=/end]").attr("action");
    here.browser().post(acme.url(end), Map.of("csrf", csrf(here.browser())));
    assertThat(here.page().text()).contains("That session was signed out");
    assertThat(List.of(stays(first, acme), stays(second, acme)))
        .containsExactlyInAnyOrder(true, false);

    here.browser().open(acme.url("/account/everywhere"));
    here.browser().press("action", "confirm");
    assertThat(List.of(stays(first, acme), stays(second, acme), stays(here, acme)))
        .containsExactly(false, false, true);

    here.browser().post(acme.url("/account/sign-out"), Map.of("csrf", csrf(here.browser())));
    assertThat(here.page().text()).contains("signed out");
    assertThat(stays(here, acme)).isFalse();
  }

  private static boolean stays(Visit visit, Company company) {
    return visit.browser().copy().open(company.url("/account")).uri().getPath().equals("/account");
  }

  @Test
  void a_session_of_somebody_else_cannot_be_ended_by_its_id(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bob = acme.person("bob").signsIn().isIn();
    var ana = acme.person("ana").signsIn().isIn();
    var id =
        world
            .wiring()
            .ground
            .database
            .read(tx ->
                world
                    .wiring()
                    .course
                    .sessions
                    .of(tx, acme.id(), acme.person("bob").id(), world.clock().now()))
            .getFirst()
            .id();

    ana.browser()
        .post(
            acme.url("/account/sessions/" + id.value() + "/end"),
            Map.of("csrf", csrf(ana.browser())));

    assertThat(stays(bob, acme)).isTrue();
  }

  @Test
  void the_password_is_changed_by_whoever_knows_it(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var elsewhere = ana.signsIn().isIn();
    var visit = ana.signsIn().isIn();
    var fresh = "four quiet foxes sing";

    visit.browser().open(acme.url("/account/password"));
    visit
        .browser()
        .submit(Map.of("present_password", "not this one at all", "new_password", fresh));
    assertThat(visit.page().error("present_password")).isNotEmpty();
    visit.browser().submit(Map.of("present_password", ana.password(), "new_password", "short"));
    assertThat(visit.page().error("new_password")).contains("15");
    visit.browser().submit(Map.of("present_password", ana.password(), "new_password", fresh));

    assertThat(visit.page().text()).contains("Your password was changed");
    assertThat(stays(elsewhere, acme)).isFalse();
    ana.remembering(fresh).signsIn().isIn();
  }
}
