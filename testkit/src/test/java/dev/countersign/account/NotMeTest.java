package dev.countersign.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.mail.Mail;
import dev.countersign.factor.Enrolment;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people are told about their factors, and what comes of saying that it was not them. */
@WorldTest
class NotMeTest {
  private static final Pattern LINK = Pattern.compile("https://\\S+/u/not-me\\?ticket=\\S+");
  private static final Map<String, String> ELSEWHERE = Map.of("user-agent", phone());

  private static String phone() {
    return "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
  }

  private static Mail newest(Someone who) {
    return who.mails().getLast();
  }

  private static String link(Someone who) {
    var found = LINK.matcher(newest(who).plain());
    assertThat(found.find()).as("a link in\n%s", newest(who).plain()).isTrue();
    return found.group();
  }

  private static void presses(Browser browser) {
    browser.submit(Map.of("csrf", browser.page().element("main input[name=csrf]").val()));
  }

  private static Visit signedIn(Someone who) {
    return who.signsIn().answers(who.codeNow()).isIn();
  }

  private static List<Enrolment> factors(World world, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> world.wiring().methods.enrolments.of(tx, who.company().id(), who.id()));
  }

  /** Whoever is signed in adds another app, as an attacker would who has the session. */
  private static void addsApp(World world, Someone who, Browser browser) {
    world.later(Duration.ofMinutes(1));
    browser.open(who.company().url("/account/set-up/otp"));
    var theirs = AuthenticatorApp.typed(browser.page().element("#key").text());
    browser.submit(Map.of("code", theirs.codeAt(world.clock().instant())));
    assertThat(browser.page().text()).contains("was added");
  }

  // Told

  @Test
  void a_factor_used_at_a_place_that_is_new_to_it_is_told_once(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    signedIn(ana);
    assertThat(ana.mails()).as("where it was set up").isEmpty();

    for (int times = 0; times < 2; times++) {
      world.later(Duration.ofMinutes(1));
      var visit = ana.signsInWith(world.browser().alsoSending(ELSEWHERE));
      visit.answers(ana.codeNow()).isIn();
      assertThat(ana.mails()).as("on a phone, time %s", times).hasSize(1);
    }
    assertThat(newest(ana).subject()).contains("new place");
    assertThat(newest(ana).plain()).contains("Chrome, Android", "This was not me");
    acme.audit().says("mfa.factor_used_elsewhere", "factor", "otp");
  }

  @Test
  @WorldTest(proxies = "127.0.0.0/8")
  void who_is_at_ten_new_places_in_a_day_is_told_of_the_first_few_and_the_rest_is_recorded(
      World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");

    for (int place = 1; place <= 10; place++) {
      world.later(Duration.ofMinutes(1));
      var browser = world.browser().forwardedFor("198.51." + place + ".7");
      ana.signsInWith(browser).answers(ana.codeNow()).isIn();
    }

    assertThat(ana.mails()).hasSize(5);
    assertThat(acme.audit().of("mfa.factor_used_elsewhere")).hasSize(10);
    acme.audit().says("mfa.factor_used_elsewhere", "notice", "held_back");
    world.later(Duration.ofDays(1));
    ana.signsInWith(world.browser().forwardedFor("198.51.11.7")).answers(ana.codeNow()).isIn();
    assertThat(ana.mails()).hasSize(6);
  }

  @Test
  void each_change_to_a_factor_is_told_with_a_way_to_say_that_it_was_not_oneself(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = signedIn(ana);
    addsApp(world, ana, visit.browser());
    var added = link(ana);
    visit.browser().open(acme.url("/account/methods/" + ana.enrolment("otp").value() + "/remove"));
    visit.browser().press("action", "confirm");
    assertThat(ana.mails()).hasSize(2);
    assertThat(link(ana)).isNotEqualTo(added);
    assertThat(newest(ana).html()).contains("This was not me");
  }

  // Not me

  @Test
  void opening_the_link_changes_nothing_and_pressing_closes_everything_once(World world) {
    var acme = world.tenant("acme").requiring("otp").policy(policy -> policy.trustingFor(30));
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var old = ana.enrolment("otp");
    var intruder = signedIn(ana);
    addsApp(world, ana, intruder.browser());
    var link = link(ana);

    var owner = world.browser();
    for (int scans = 0; scans < 3; scans++) {
      owner.open(link);
      assertThat(owner.page().status()).isEqualTo(200);
    }
    intruder.browser().open(acme.url("/account"));
    intruder.isIn();
    assertThat(factors(world, ana)).hasSize(3);

    owner.open(link);
    assertThat(owner.page().title()).isEqualTo("Was this somebody else?");
    presses(owner);
    assertThat(owner.page().text()).contains("Your account is closed for now");

    intruder.browser().open(acme.url("/account"));
    assertThat(intruder.page().uri().getPath()).isEqualTo("/u/login/identifier");
    assertThat(factors(world, ana))
        .as("what was there before stays")
        .extracting(Enrolment::id)
        .contains(old)
        .hasSize(2);
    acme.audit()
        .says("user.reported_not_me", "about", "mfa.factor_enrolled")
        .says("mfa.factor_removed", "reason", "reported_not_me");

    world.later(Duration.ofMinutes(1));
    ana.signsIn().isAskedForPassword().isRefused("password_invalid");
    owner.open(link);
    assertThat(owner.page().status()).isEqualTo(400);
    assertThat(owner.page().text()).contains("no longer works");
    assertThat(acme.audit().count("user.reported_not_me")).isEqualTo(1);
  }

  @Test
  void afterwards_a_new_password_and_the_factors_from_before_lead_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    addsApp(world, ana, signedIn(ana).browser());
    var owner = world.browser();
    owner.open(link(ana));
    presses(owner);

    owner.follow("main a.button");
    owner.submit(Map.of("identifier", "ana"));
    var reset = Pattern.compile("https://\\S+/u/password/reset\\S+").matcher(newest(ana).plain());
    assertThat(reset.find()).isTrue();
    owner.open(reset.group());
    owner.submit(Map.of("new_password", "purple bicycle in the rain 7"));
    ana.remembering("purple bicycle in the rain 7");
    world.later(Duration.ofMinutes(1));
    ana.signsIn().isAskedForCode().answers(ana.codeNow()).isIn();
  }

  @Test
  void whoever_only_has_the_mailbox_turns_no_second_factor_off(World world) {
    var acme = world.tenant("acme").inviting("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.signsIn().setsUp("otp").savesBackupCodes().isIn();
    var thief = world.browser();
    thief.open(link(ana));
    presses(thief);

    visit.browser().open(acme.url("/account"));
    assertThat(visit.page().has("input[name=identifier]")).isTrue();
    resetPassword(ana, thief, acme);
    world.later(Duration.ofMinutes(1));
    ana.signsInWith(thief);
    assertThat(thief.page().status()).as("kept out on\n%s", thief.page()).isEqualTo(403);
    assertThat(thief.page().text()).contains("Your methods are locked");
    assertThat(factors(world, ana))
        .singleElement()
        .extracting(Enrolment::state)
        .isEqualTo(Enrolment.State.DISABLED);
    acme.audit().says("mfa.factor_disabled", "reason", "reported_not_me");
  }

  private static void resetPassword(Someone who, Browser browser, Company company) {
    browser.open(company.url("/u/password/forgot"));
    browser.submit(Map.of("identifier", who.name()));
    var reset = Pattern.compile("https://\\S+/u/password/reset\\S+").matcher(newest(who).plain());
    assertThat(reset.find()).isTrue();
    browser.open(reset.group());
    browser.submit(Map.of("new_password", "purple bicycle in the rain 7"));
    who.remembering("purple bicycle in the rain 7");
  }

  @Test
  void codes_kept_from_before_lead_back_in_codes_made_with_the_factor_do_not(World world) {
    var acme = world.tenant("acme").inviting("otp", "recovery-code");
    var ana = acme.person("ana");
    ana.signsIn().setsUp("otp").savesBackupCodes().isIn();
    var intruders = ana.backupCode();
    var owner = world.browser();
    owner.open(link(ana));
    presses(owner);
    resetPassword(ana, owner, acme);
    assertThat(ana.signsInWith(owner).page().status()).isEqualTo(403);
    assertThat(intruders).isNotEmpty();
    assertThat(factors(world, ana)).extracting(Enrolment::isActive).containsOnly(false);
  }

  @Test
  void a_link_is_over_after_a_week_and_good_in_its_own_tenant_only(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    addsApp(world, ana, signedIn(ana).browser());
    var link = link(ana);
    var other = world.tenant("other");
    var browser = world.browser();
    browser.open(link.replace(acme.origin(), other.origin()));
    assertThat(browser.page().status()).isEqualTo(400);
    browser.open(link.substring(0, link.length() - 1));
    assertThat(browser.page().status()).isEqualTo(400);

    browser.open(link);
    world.later(Duration.ofDays(7));
    presses(browser);
    assertThat(browser.page().status()).isEqualTo(400);
    assertThat(acme.audit().count("user.reported_not_me")).isZero();
  }

  @Test
  void a_browser_that_was_trusted_is_asked_again(World world) {
    var acme = world.tenant("acme").requiring("otp").policy(policy -> policy.trustingFor(30));
    var ana = acme.person("ana").enrolledIn("otp");
    addsApp(world, ana, signedIn(ana).browser());
    var link = link(ana);
    world.later(Duration.ofMinutes(1));
    var visit = ana.signsIn();
    visit.browser().submit(Map.of("code", ana.codeNow(), "trust", "true"));
    visit.isIn();

    var owner = world.browser();
    owner.open(link);
    presses(owner);
    List<TrustedBrowser> left =
        world
            .wiring()
            .ground
            .database
            .read(tx ->
                world
                    .wiring()
                    .course
                    .trustedBrowsers
                    .of(tx, acme.id(), ana.id(), world.clock().now()));
    assertThat(left).isEmpty();
  }
}
