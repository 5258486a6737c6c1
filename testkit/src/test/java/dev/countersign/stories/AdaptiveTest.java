package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is noteworthy about a sign-in has its consequences, says why in one line, and the whole of it to admins. */
@WorldTest(proxies = "127.0.0.0/8")
class AdaptiveTest {
  // Networks of which the bundled table knows the countries.
  private static final String BERLIN = "193.0.0.1";
  private static final String TOKYO = "133.0.0.1";

  /** Blocks nobody; a new browser so soon in another country is suspicious. */
  private static final Adaptive VERIFYING =
      new Adaptive(
          Adaptive.State.ON,
          30,
          99,
          100,
          Map.of("new_device", 10, "new_country", 10, "impossible_travel", 20),
          Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
          null);

  private static Company adaptive(World world, Mode mode, Adaptive.WithoutFactor withoutFactor) {
    return world
        .tenant("acme")
        .inviting("otp")
        .policy(it ->
            it.withMode(mode)
                .with(Adaptive.INITIAL.turned(Adaptive.State.ON).answering(withoutFactor)));
  }

  /** Somebody known at home, in a browser of their own. */
  private static Browser atHome(World world, Someone who) {
    var browser = world.browser().forwardedFor(BERLIN);
    who.signsInWith(browser).isIn();
    return browser;
  }

  @Test
  void a_new_device_is_asked_and_known_afterwards(World world) {
    var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    atHome(world, ana);
    world.later(Duration.ofDays(2));
    var other = world.browser().forwardedFor(BERLIN);
    var asked = ana.signsInWith(other).isAskedForCode();
    assertThat(asked.page().text()).contains("This browser is new to your account.");
    asked.answers(ana.codeNow()).isIn();
    world.later(Duration.ofDays(2));
    ana.signsInWith(other.signedOut(acme)).isIn();
  }

  @Test
  void a_new_country_is_asked_about_in_a_known_browser_too(World world) {
    var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = atHome(world, ana);
    world.later(Duration.ofDays(2));
    var asked = ana.signsInWith(browser.signedOut(acme).forwardedFor(TOKYO)).isAskedForCode();
    assertThat(asked.page().text()).contains("from a country we haven’t seen before", "Japan");
    asked.answers(ana.codeNow()).isIn();
    acme.audit().says("user.mfa_required", "reason", "risk");
    assertThat(acme.audit().last("risk.assessed").details().get("findings"))
        .isEqualTo("new_country +30");
  }

  @Test
  void STEP_08_an_impossible_journey_to_somebody_without_a_factor_goes_by_their_address_first(
      World world) {
    var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST);
    var ana = acme.person("ana");
    atHome(world, ana);
    world.later(Duration.ofMinutes(20));
    // Seen nowhere else and minutes after: as little as that is not enough to block.
    acme.policy(it -> it.with(VERIFYING));
    var visit = ana.signsInWith(world.browser().forwardedFor(TOKYO));
    assertThat(visit.page().text()).contains("your email address is really yours");
    visit.answers(ana.mailedCode()).isIn();
    assertThat(visit.page().text())
        .as("what her security page makes of the check")
        .contains("No second method protects your account yet")
        .contains("So far there is only an extra check.")
        .contains("An extra check, which doesn’t count as a method", "Extra check added")
        .doesNotContain("password only");
  }

  private static Company verifying(World world) {
    return world.tenant("acme").inviting("otp").policy(it -> it.withMode(Mode.OFF).with(VERIFYING));
  }

  private static void moves(Someone who, String address, boolean confirmed) {
    var answered =
        who.company()
            .admin()
            .call(
                Method.PATCH,
                "/users/" + who.id().value().replace("|", "%7C"),
                "{\"email\":\"" + address + "\",\"email_verified\":" + confirmed + "}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
  }

  private static Visit suspicious(World world, Someone who, String from) {
    world.later(Duration.ofMinutes(20));
    return who.signsInWith(world.browser().forwardedFor(from));
  }

  private static long codes(World world, String address) {
    return world.mailsTo(address).stream()
        .filter(mail -> mail.subject().startsWith("Your code"))
        .count();
  }

  @Test
  void STEP_08_the_code_goes_where_the_accounts_address_is_now_and_nowhere_it_was(World world) {
    var acme = verifying(world);
    var ana = acme.person("ana");
    atHome(world, ana);
    suspicious(world, ana, TOKYO).answers(ana.mailedCode()).isIn();
    assertThat(codes(world, ana.email())).isEqualTo(1);
    moves(ana, "ana@new.example", true);

    var visit = suspicious(world, ana, BERLIN);

    assertThat(visit.page().text()).contains("@new.example");
    assertThat(codes(world, ana.email())).as("to the old mailbox").isEqualTo(1);
    assertThat(codes(world, "ana@new.example")).isEqualTo(1);
  }

  @Test
  void STEP_08_a_code_that_went_to_an_address_before_it_was_changed_is_worth_nothing(World world) {
    var acme = verifying(world);
    var ana = acme.person("ana");
    atHome(world, ana);
    var visit = suspicious(world, ana, TOKYO);
    var code = ana.mailedCode();
    moves(ana, "ana@new.example", true);

    visit.answers(code).isRefused("code_expired");
  }

  @Test
  void STEP_08_an_address_that_nobody_has_confirmed_vouches_for_nobody(World world) {
    var acme = verifying(world);
    var ana = acme.person("ana");
    var ben = acme.person("ben");
    atHome(world, ana);
    atHome(world, ben);
    suspicious(world, ben, TOKYO).answers(ben.mailedCode()).isIn();

    for (var who : List.of(ana, ben)) {
      var thiefs = who.name() + "@thief.example";
      moves(who, thiefs, false);
      var page = suspicious(world, who, who == ana ? TOKYO : BERLIN).page();

      assertThat(page.status()).isEqualTo(403);
      assertThat(page.text())
          .as("what they can do about it")
          .contains("a device and network that you have used before")
          .contains("they can confirm your email address or help you set up a method");
      assertThat(page.text()).contains("Start again").doesNotContain("Back to");
      assertThat(acme.audit().last("user.sign_in_failed").details().get("reason"))
          .isEqualTo("suspicious_without_factor");
      assertThat(codes(world, thiefs)).isZero();
    }
  }

  @Test
  void an_address_that_was_given_for_codes_stays_when_the_accounts_changes(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = acme.person("ana").given("email", Map.of("email", "ana@home.example"));
    moves(ana, "ana@new.example", false);

    var asked = ana.signsIn().isAskedForCode();

    assertThat(asked.page().text()).contains("@home.example");
    assertThat(codes(world, "ana@home.example")).isEqualTo(1);
    assertThat(codes(world, "ana@new.example")).isZero();
  }

  @Test
  void where_the_tenant_blocks_them_somebody_suspicious_without_a_factor_stays_out(World world) {
    var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.BLOCK);
    var ana = acme.person("ana");
    atHome(world, ana);
    world.later(Duration.ofDays(2));
    var page = ana.signsInWith(world.browser().forwardedFor(TOKYO)).page();
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.text()).contains("We couldn’t make sure it’s you").doesNotContain("score");
    assertThat(acme.audit().last("user.sign_in_failed").details().get("reason"))
        .isEqualTo("suspicious_without_factor");
  }

  @Test
  void auth0s_word_for_it_turns_it_on_and_off(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var admin = acme.admin();
    assertThat(admin.call(Method.PUT, "/guardian/policies", "[\"confidence-score\"]").text())
        .isEqualTo("[\"confidence-score\"]");
    assertThat(admin.get("/enforcement").json().at("/adaptive/state").asString()).isEqualTo("on");
    assertThat(admin.call(Method.PUT, "/guardian/policies", "[]").text()).isEqualTo("[]");
    assertThat(admin.get("/enforcement").json().at("/adaptive/state").asString()).isEqualTo("off");
  }
}
