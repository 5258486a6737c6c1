package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is noteworthy about a sign-in has its consequences, says why in one line, and the whole of it to admins. */
class AdaptiveTest {
  // Networks of which the bundled table knows the countries.
  private static final String BERLIN = "193.0.0.1";
  private static final String TOKYO = "133.0.0.1";

  private static World world() {
    return World.on(Engine.EMBEDDED).behindProxies("127.0.0.0/8").make();
  }

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
  void a_new_device_is_asked_and_known_afterwards() {
    try (var world = world()) {
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
      world.check();
    }
  }

  @Test
  void a_new_country_is_asked_about_in_a_known_browser_too() {
    try (var world = world()) {
      var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST);
      var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
      var browser = atHome(world, ana);
      world.later(Duration.ofDays(2));
      var asked = ana.signsInWith(browser.signedOut(acme).forwardedFor(TOKYO)).isAskedForCode();
      assertThat(asked.page().text()).contains("from a country we haven’t seen before");
      asked.answers(ana.codeNow()).isIn();
      acme.audit().says("user.mfa_required", "reason", "risk");
      assertThat(acme.audit().last("risk.assessed").details().get("findings"))
          .isEqualTo("new_country +30");
      world.check();
    }
  }

  @Test
  void STEP_08_an_impossible_journey_to_somebody_without_a_factor_goes_by_their_address_first() {
    try (var world = world()) {
      var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST);
      var ana = acme.person("ana");
      atHome(world, ana);
      world.later(Duration.ofMinutes(20));
      // Seen nowhere else and minutes after: as little as that is not enough to block.
      acme.policy(it ->
          it.with(
              new Adaptive(
                  Adaptive.State.ON,
                  30,
                  99,
                  100,
                  Map.of("new_device", 10, "new_country", 10, "impossible_travel", 20),
                  Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
                  null)));
      var visit = ana.signsInWith(world.browser().forwardedFor(TOKYO));
      assertThat(visit.page().text()).contains("your email address is really yours");
      visit.answers(ana.mailedCode()).isIn();
      world.check();
    }
  }

  @Test
  void where_the_tenant_blocks_them_somebody_suspicious_without_a_factor_stays_out() {
    try (var world = world()) {
      var acme = adaptive(world, Mode.OFF, Adaptive.WithoutFactor.BLOCK);
      var ana = acme.person("ana");
      atHome(world, ana);
      world.later(Duration.ofDays(2));
      var page = ana.signsInWith(world.browser().forwardedFor(TOKYO)).page();
      assertThat(page.status()).isEqualTo(403);
      assertThat(page.text()).contains("We stopped this sign-in").doesNotContain("score");
      assertThat(acme.audit().last("user.sign_in_failed").details().get("reason"))
          .isEqualTo("suspicious_without_factor");
      world.check();
    }
  }

  @Test
  void auth0s_word_for_it_turns_it_on_and_off() {
    try (var world = world()) {
      var acme = world.tenant("acme").inviting("otp");
      var admin = acme.admin();
      assertThat(admin.call(Method.PUT, "/guardian/policies", "[\"confidence-score\"]").text())
          .isEqualTo("[\"confidence-score\"]");
      assertThat(admin.get("/enforcement").json().at("/adaptive/state").asString()).isEqualTo("on");
      assertThat(admin.call(Method.PUT, "/guardian/policies", "[]").text()).isEqualTo("[]");
      assertThat(admin.get("/enforcement").json().at("/adaptive/state").asString())
          .isEqualTo("off");
    }
  }
}
