package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tickets by which an admin asks somebody to set a factor up. */
@WorldTest
class EnrolmentTicketTest {
  private static String ticket(Someone who, String more) {
    var answered =
        who.company()
            .admin()
            .post("/guardian/enrollments/ticket", "{\"user_id\":\"" + who.id() + "\"" + more + "}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    var url = answered.json().path("ticket_url").stringValue();
    assertThat(answered.json().path("ticket_id").stringValue()).matches("[A-Za-z0-9]{32}");
    assertThat(url)
        .isEqualTo(
            who.company().url("/mfa/enrollment?ticket=")
                + answered.json().path("ticket_id").stringValue());
    return url;
  }

  private static Visit goesOn(Someone who, Browser browser, String url) {
    browser.open(url);
    assertThat(browser.page().status()).as("%s", browser.page()).isEqualTo(200);
    browser.submit(Map.of("csrf", browser.page().element("main input[name=csrf]").val()));
    return who.goesOnIn(browser);
  }

  private static Visit signsInBy(Someone who, Browser browser, String url) {
    return goesOn(who, browser, url).identifies().givesPassword(who.password());
  }

  private static void isOver(Browser browser) {
    assertThat(browser.page().status()).as("%s", browser.page()).isEqualTo(400);
    assertThat(browser.page().title()).contains("no longer works");
  }

  private static String seen(World world, Company company, String ticket) {
    var page = world.browser().open(company.url("/mfa/enrollment?ticket=" + ticket));
    return page.status() + " " + page.element("h1").text() + " " + page.element("main p").text();
  }

  @Test
  void PICK_09_opening_a_ticket_uses_nothing_up_and_it_is_good_once(World world) {
    var ana = world.tenant("acme").inviting("otp").demandingNothing().person("ana");
    var url = ticket(ana, ",\"factor\":\"otp\"");
    for (int times = 0; times < 3; times++) {
      assertThat(world.browser().open(url).status()).isEqualTo(200);
    }
    var browser = world.browser();

    var visit = signsInBy(ana, browser, url).isAskedToSetUp().setsUp("otp");
    if (browser.page().has("ol.codes")) {
      visit.savesBackupCodes();
    }

    assertThat(browser.page().uri().getPath()).isEqualTo("/account");
    assertThat(browser.page().text()).contains("Your new method is ready.");
    isOver(again(world, url));
    assertThat(ana.company().audit().events().stream().map(it -> it.type().code()).toList())
        .contains("mfa.enrolment_ticket_issued", "mfa.factor_enrolled", "user.signed_in");
  }

  private static Browser again(World world, String url) {
    var browser = world.browser();
    browser.open(url);
    return browser;
  }

  @Test
  void PICK_09_whoever_has_a_factor_is_asked_for_it_before_another_is_set_up(World world) {
    var acme = world.tenant("acme").requiring("otp", "webauthn-roaming");
    var ana = acme.person("ana").enrolledIn("otp");
    world.later(Duration.ofMinutes(1));
    var url = ticket(ana, ",\"factor\":\"webauthn-roaming\",\"allow_multiple_enrollments\":true");

    var visit = signsInBy(ana, world.browser(), url).isAskedForCode().answers(ana.codeNow());

    assertThat(visit.page().has("button[name=factor][value=webauthn-roaming]"))
        .as("%s", visit.page())
        .isTrue();
    assertThat(visit.page().document().select("button[name=factor]")).hasSize(1);
    assertThat(visit.page().has("button[value=skip]")).isFalse();
  }

  @Test
  void PICK_09_a_session_that_is_open_does_not_spare_the_sign_in(World world) {
    var ana = world.tenant("acme").inviting("otp", "sms").person("ana").enrolledIn("otp");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(1));
    var url = ticket(ana, ",\"allow_multiple_enrollments\":true");

    goesOn(ana, visit.browser(), url);

    assertThat(
            visit.page().has("input[name=password]") || visit.page().has("input[name=identifier]"))
        .as("%s", visit.page())
        .isTrue();
  }

  @Test
  void PICK_09_who_is_not_meant_gets_nothing_and_takes_nothing_away(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var ben = acme.person("ben");
    var url = ticket(ana, "");

    var bens = signsInBy(ben, world.browser(), url);
    if (bens.page().has("button[name=action][value=skip]")) {
      bens.saysNotNow();
    }

    isOver(bens.browser());
    assertThat(world.browser().open(url).status()).as("still good for Ana").isEqualTo(200);
  }

  @Test
  void PICK_09_TEN_01_unknown_used_old_and_foreign_tickets_look_the_same(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var other = world.tenant("other").inviting("otp");
    var ana = acme.person("ana");
    var url = ticket(ana, ",\"factor\":\"otp\"");
    var id = url.substring(url.indexOf('=') + 1);
    var unknown = seen(world, acme, "x".repeat(32));
    assertThat(seen(world, acme, id)).startsWith("200 ").isNotEqualTo(unknown);
    assertThat(seen(world, other, id)).as("another tenant's").isEqualTo(unknown);
    assertThat(seen(world, acme, "")).isEqualTo(unknown);
    var late = goesOn(ana, world.browser(), url);

    world.later(Duration.ofDays(5));

    assertThat(seen(world, acme, id)).as("after five days").isEqualTo(unknown);
    assertThat(late.page()).isNotNull();
    var blocked = ticket(ana, "");
    ana.blocked();
    assertThat(seen(world, acme, blocked.substring(blocked.indexOf('=') + 1)))
        .as("of somebody blocked")
        .isEqualTo(unknown);
  }

  @Test
  void PICK_09_of_two_tabs_one_sets_the_factor_up(World world) {
    var ana = world.tenant("acme").inviting("otp").person("ana");
    var url = ticket(ana, ",\"factor\":\"otp\"");
    var one = signsInBy(ana, world.browser(), url).isAskedToSetUp();
    var two = signsInBy(ana, world.browser(), url).isAskedToSetUp();

    one.setsUp("otp").isIn();
    two.browser().press("factor", "otp");

    assertThat(two.page().has("#key")).as("%s", two.page()).isFalse();
    assertThat(
            ana.company().audit().events().stream()
                .filter(it -> it.type().code().equals("mfa.factor_enrolled"))
                .filter(it -> "otp".equals(it.details().get("factor"))))
        .hasSize(1);
  }

  @Test
  void a_ticket_that_is_for_the_first_factor_only_is_nothing_to_whoever_has_one(World world) {
    var ana = world.tenant("acme").inviting("otp", "sms").person("ana").enrolledIn("otp");
    world.later(Duration.ofMinutes(1));
    var url = ticket(ana, "");

    var visit = signsInBy(ana, world.browser(), url).isAskedForCode().answers(ana.codeNow());

    isOver(visit.browser());
  }

  @Test
  void a_ticket_is_mailed_in_the_language_and_to_the_address_that_the_admin_names(World world) {
    var ana = world.tenant("acme").inviting("otp").person("ana");

    var url =
        ticket(
            ana, ",\"send_mail\":true,\"email\":\"ana@elsewhere.example\",\"email_locale\":\"de\"");

    var mails = world.mailsTo("ana@elsewhere.example");
    assertThat(mails).hasSize(1);
    assertThat(mails.getFirst().subject()).contains("zweite Anmeldemethode");
    assertThat(mails.getFirst().plain()).contains(url).contains("5 Tagen");
    ticket(ana, ",\"send_mail\":true");
    assertThat(ana.mails().getLast().plain()).contains("/mfa/enrollment?ticket=");
  }

  @Test
  void API_02_API_06_tickets_are_made_for_people_of_this_tenant_and_factors_that_there_are(
      World world) {
    var acme = world.tenant("acme").inviting("otp");
    var bea = world.tenant("other").person("bea");
    var ana = acme.person("ana");
    var admin = acme.admin();
    for (var wrong :
        Map.of(
                "{\"user_id\":\"" + bea.id() + "\"}",
                "404 inexistent_user",
                "{\"user_id\":\"" + ana.id() + "\",\"factor\":\"phone\"}",
                "403 operation_not_supported",
                "{\"user_id\":\"" + ana.id() + "\",\"factor\":\"email\"}",
                "403 operation_not_supported",
                "{\"user_id\":\"" + ana.id() + "\",\"factor\":\"sms\"}",
                "400 invalid_body",
                "{\"user_id\":\"" + ana.id() + "\",\"email\":\"nobody\"}",
                "400 invalid_body",
                "{\"user_id\":\"" + ana.id() + "\",\"expires\":1}",
                "400 invalid_body",
                "{}",
                "400 invalid_body")
            .entrySet()) {
      var answered = admin.post("/guardian/enrollments/ticket", wrong.getKey());
      assertThat(answered.status() + " " + answered.json().path("errorCode").asString(""))
          .as(wrong.getKey())
          .isEqualTo(wrong.getValue());
    }
  }
}
