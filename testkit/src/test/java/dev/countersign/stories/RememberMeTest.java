package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guardian's settings of 'remember me': each does what its name says. */
@WorldTest
class RememberMeTest {
  private static final String PATH = "/guardian/settings";
  private static final long DAY = 86_400;

  private static Admin.Answered set(
      Admin admin, boolean box, boolean ticked, long idle, long overall) {
    return admin.call(
        Method.PUT,
        PATH,
        Json.write(
            Json.object()
                .put("display_remember_me_checkbox", box)
                .put("remember_me_default_value", ticked)
                .put("mfa_session_inactivity_timeout", idle)
                .put("mfa_session_overall_timeout", overall)));
  }

  private static Browser signedOut(Someone who, Browser browser) {
    browser.open(who.company().url("/account"));
    browser.post(
        who.company().url("/account/sign-out"),
        Map.of("csrf", browser.page().element("input[name=csrf]").val()));
    return browser;
  }

  private static Browser trustedBy(Someone who) {
    var browser = who.signsIn().browser();
    browser.submit(Map.of("code", who.codeNow(), "trust", "true"));
    return signedOut(who, browser);
  }

  @Test
  void the_box_is_shown_and_ticked_as_it_was_set(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var admin = acme.admin();
    assertThat(admin.get(PATH).text())
        .as("no browser is trusted until somebody wants it so")
        .isEqualTo(
            "{\"display_remember_me_checkbox\":false,\"remember_me_default_value\":false,"
                + "\"mfa_session_inactivity_timeout\":604800,\"mfa_session_overall_timeout\":2592000}");
    assertThat(ana.signsIn().page().has("input[name=trust]")).isFalse();

    var sent = set(admin, true, true, 7 * DAY, 30 * DAY);
    assertThat(sent.status()).isEqualTo(200);
    assertThat(admin.get(PATH).text()).isEqualTo(sent.text());
    var page = ana.signsIn().page();
    assertThat(page.element("input[name=trust]").hasAttr("checked")).isTrue();
    assertThat(page.text()).contains("for 30 days");

    set(admin, true, false, 7200, 7200);
    page = ana.signsIn().page();
    assertThat(page.element("input[name=trust]").hasAttr("checked")).isFalse();
    assertThat(page.text()).contains("for 2 hours");

    set(admin, false, false, 3600, 3600);
    assertThat(ana.signsIn().page().has("input[name=trust]")).isFalse();
  }

  @Test
  void a_browser_that_lies_unused_for_too_long_is_trusted_no_more(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    set(acme.admin(), true, false, 2 * DAY, 30 * DAY);
    var browser = trustedBy(ana);

    for (int times = 0; times < 3; times++) {
      world.later(Duration.ofHours(47));
      ana.signsInWith(browser).isIn();
      signedOut(ana, browser);
    }
    world.later(Duration.ofHours(48));
    ana.signsInWith(browser).isAskedForCode().answers(ana.codeNow()).isIn();
    signedOut(ana, browser);
    world.later(Duration.ofMinutes(1));
    ana.signsInWith(browser).isAskedForCode();
  }

  @Test
  void nor_longer_than_overall_and_a_shorter_time_counts_at_once(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var admin = acme.admin();
    set(admin, true, false, 7200, 7200);
    var browser = trustedBy(ana);
    world.later(Duration.ofMinutes(119));
    ana.signsInWith(browser).isIn();
    signedOut(ana, browser);
    world.later(Duration.ofMinutes(1));
    ana.signsInWith(browser).isAskedForCode();

    set(admin, true, false, 7 * DAY, 30 * DAY);
    var other = trustedBy(ana);
    world.later(Duration.ofHours(2));
    ana.signsInWith(other).isIn();
    signedOut(ana, other);
    set(admin, true, false, 3600, 3600);
    ana.signsInWith(other).isAskedForCode();
  }

  @Test
  void what_does_not_fit_is_refused_and_the_policys_days_stand_beside_it(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var admin = acme.admin();
    assertThat(set(admin, true, false, 7200, 3600).status()).isEqualTo(400);
    assertThat(set(admin, true, false, 3599, 7200).status()).isEqualTo(400);
    assertThat(set(admin, true, false, 3600, 7_776_001).status()).isEqualTo(400);
    assertThat(admin.call(Method.PUT, PATH, "{\"display_remember_me_checkbox\":true}").status())
        .isEqualTo(400);
    assertThat(acme.admin("read:guardian_factors").get(PATH).status()).isEqualTo(403);

    set(admin, true, true, 7 * DAY, 10 * DAY);
    assertThat(admin.get("/enforcement").json().path("trusted_browser_days").asInt()).isEqualTo(10);
    admin.call(
        Method.PUT, "/enforcement", "{\"mode\": \"required\", \"trusted_browser_days\": 60}");
    var now = admin.get(PATH).json();
    assertThat(now.path("mfa_session_overall_timeout").asLong()).isEqualTo(60 * DAY);
    assertThat(now.path("remember_me_default_value").asBoolean()).isTrue();
    assertThat(now.path("mfa_session_inactivity_timeout").asLong()).isEqualTo(7 * DAY);
  }
}
