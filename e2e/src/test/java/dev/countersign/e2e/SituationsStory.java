package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.enforcement.Timing;
import dev.countersign.testkit.demo.Shares;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people are told when something is asked of them that was not asked yesterday, and what their admins are told of why. */
@Told
class SituationsStory {
  // Addresses of which the bundled table knows the countries.
  private static final String BERLIN = "217.0.0.1";
  private static final String TOKYO = "133.0.0.1";
  private static final String SAO_PAULO = "200.147.3.157";

  private static final String CODE_PAGE = "Confirm it’s you";

  @RegisterExtension private final Visit visit;

  SituationsStory(Screen screen) {
    visit = Visit.on(screen);
  }

  /** Nothing is required of anyone, and risk is followed from these scores on. */
  private Acme watchful(int challengeAt, int resistantAt, int blockAt) {
    return watchful(challengeAt, resistantAt, blockAt, Map.of("new_device", 20, "new_country", 25));
  }

  private Acme watchful(
      int challengeAt, int resistantAt, int blockAt, Map<String, Integer> weights) {
    return visit
        .acme()
        .following(policy ->
            policy
                .withMode(Mode.OFF)
                .with(
                    new Adaptive(
                        Adaptive.State.ON,
                        challengeAt,
                        resistantAt,
                        blockAt,
                        weights,
                        Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
                        null)));
  }

  private void signsIn(Acme.Somebody who) {
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(who);
  }

  @Test
  void a_new_country() {
    var tara =
        watchful(30, 60, 80)
            .person("tara")
            .withApp()
            .withBackupCodes()
            .wasAt(BERLIN, Duration.ofDays(3));

    visit.does().isAt(TOKYO);
    signsIn(tara);
    visit
        .sees()
        .page(CODE_PAGE)
        .says("You are signing in from a country we haven’t seen before.")
        .says("Japan")
        .doesNotSay("score");
    visit.sees().photographs("new country");
    assertThat(tara.explained())
        .contains(
            "Why: risk",
            "Risk: 45 of 100, confidence medium; a second proof from 30, phishing-resistant from 60, blocked from 80",
            "+25 new_country before=DE country=JP",
            "+20 new_device cookie=true first=false",
            "Factor otp: offered");
    visit.does().answersWith(tara.code());
    visit.sees().bankAt("aal2");

    // Now she is known there, in this browser.
    visit.passes(Duration.ofHours(10));
    visit
        .does()
        .comesFrom(visit.acme().bank(), Map.of("prompt", "login"))
        .givesNameAndPassword(tara);
    visit.sees().bankAt("aal1");
  }

  @Test
  void a_new_device() {
    var dieter =
        watchful(20, 60, 80)
            .person("dieter")
            .withApp()
            .withBackupCodes()
            .wasAt(BERLIN, Duration.ofDays(3));

    visit.does().isAt(BERLIN);
    signsIn(dieter);
    visit.sees().page(CODE_PAGE).says("This browser is new to your account.");
    visit.sees().photographs("new device");
    assertThat(dieter.explained())
        .contains("Why: risk", "+20 new_device cookie=true first=false")
        .noneMatch(line -> line.contains("new_country"));
    visit.does().answersWith(dieter.code());
    visit.sees().bankAt("aal2");
  }

  @Test
  void an_impossible_journey() {
    var ivan =
        watchful(30, 95, 100)
            .person("ivan")
            .withApp()
            .withBackupCodes()
            .wasAt(BERLIN, Duration.ofHours(1));

    visit.does().isAt(SAO_PAULO);
    signsIn(ivan);
    visit
        .sees()
        .page(CODE_PAGE)
        .says("It would hardly be possible to travel here since your last sign-in");
    visit.sees().photographs("impossible journey");
    assertThat(ivan.explained())
        .contains("Why: risk", "+25 new_country before=DE country=BR")
        .anyMatch(line -> line.startsWith("+45 impossible_travel before=DE country=BR hours="));
    visit.does().answersWith(ivan.code());
    visit.sees().bankAt("aal2");
  }

  @Test
  void an_impossible_journey_that_is_stopped_as_a_new_tenant_has_it() {
    var ivan =
        watchful(30, 60, 80, Map.of()).person("ivan").withApp().wasAt(BERLIN, Duration.ofHours(1));

    visit.does().isAt(SAO_PAULO);
    signsIn(ivan);
    visit
        .sees()
        .page("We stopped this sign-in")
        .says("Something about it was very unlike you")
        .says("try from a device and network that you have used before")
        .doesNotSay("risk");
    visit.sees().photographs("stopped");
    assertThat(ivan.explained())
        .contains("Result: denied", "Why: risk too high")
        .anyMatch(line -> line.startsWith("Risk: 100 of 100, confidence low"));
    visit.does().presses("Back to Acme Bank");
    visit.sees().bankRefused("access_denied");
  }

  @Test
  void a_payout() {
    try (var bank = visit.acme().demanding(Mode.OFF).harbour()) {
      var paula = visit.acme().person("paula").withApp().withBackupCodes();
      visit.does().opens(bank.url() + "/transfer").givesNameAndPassword(paula);
      visit.sees().heading("Transfer money");
      visit.does().presses("Transfer");
      visit
          .sees()
          .page("Do you approve this?")
          .says("Harbour Bank asks for your approval.")
          .says("€250.00");
      visit.sees().photographs("payout");
      assertThat(paula.explained())
          .contains(
              "Rules: Transactions that applications let approve (step-up operations)",
              "Result: a second proof is asked for, by otp");
      visit.does().answersWith(paula.code());
      visit.sees().heading("250.00 EUR are on their way");
    }
  }

  @Test
  void a_suspicious_sign_in_without_a_factor() {
    var nils = watchful(30, 60, 80).person("nils").wasAt(BERLIN, Duration.ofDays(3));

    visit.does().isAt(TOKYO);
    signsIn(nils);
    visit
        .sees()
        .page("Check your email")
        .says("we’re making sure that your email address is really yours");
    visit.sees().photographs("suspicious");
    assertThat(nils.explained())
        .contains(
            "Why: verify email first",
            "Result: a second proof is asked for, by email",
            "+25 new_country before=DE country=JP",
            "Factor otp: not set up");
    visit.does().answersWith(nils.mailedCode());
    visit.sees().bankAt("aal1");
  }

  @Test
  void grace_that_runs_out() {
    var greta =
        visit
            .acme()
            .demanding(Mode.REQUIRED)
            .following(policy -> policy.from(Timing.grace(null, 2)))
            .person("greta");

    signsIn(greta);
    visit
        .sees()
        .page("You need to set up multi-factor authentication")
        .says("You can skip this 2 more times.");
    assertThat(greta.explained()).contains("Why: grace");
    visit.does().presses("Not now");
    visit.sees().bankAt("aal1");

    visit.does().takesAnotherBrowser();
    signsIn(greta);
    visit.sees().says("You can skip this 1 more time.");
    visit.sees().photographs("one left");
    visit.does().presses("Not now");
    visit.sees().bankAt("aal1");

    visit.does().takesAnotherBrowser();
    signsIn(greta);
    visit
        .sees()
        .page("You need to set up multi-factor authentication")
        .says("Until now you could skip this.")
        .doesNotSay("Not now");
    visit.sees().photographs("none left");
    assertThat(greta.explained()).contains("Why: policy requires", "Factor otp: offered");
  }

  @Test
  void a_campaign_at_ten_percent() {
    var acme = visit.acme().demanding(Mode.OFF);
    var cleo = acme.person("cleo");
    var colin = acme.person("colin");
    var id = Shares.reaching(10, List.of(cleo.userId()), List.of(colin.userId()));
    acme.following(policy ->
        policy.withRules(
            List.of(
                new Policy.Rule(id, "Spring campaign", Set.of(), Set.of(), Mode.REQUIRED, Set.of())
                    .of(Match.EVERYBODY.ofEvery(10))
                    .from(
                        new Timing(
                            null, false, null, null, acme.now().plus(Duration.ofDays(30)), 7)))));

    signsIn(cleo);
    visit.sees().page("You need to set up multi-factor authentication").says("Required from");
    visit.sees().photographs("campaign");
    assertThat(cleo.explained())
        .contains("Why: grace", "Rules: Spring campaign (enforcement " + id + ")");
    visit.does().presses("Not now");
    visit.sees().bankAt("aal1");

    visit.does().takesAnotherBrowser();
    signsIn(colin);
    visit.sees().bankAt("aal1");
    assertThat(colin.explained())
        .contains("Why: nothing demanded", "Rules: none but what holds for everyone");
  }

  @Test
  void a_lock_out_that_is_refused_on_save() {
    var acme = visit.acme().demanding(Mode.OFF);
    var stella = acme.member("stella", "staff", "board");
    var stan = acme.member("stan", "staff");

    var refused =
        acme.managed(
            "PUT",
            "/enforcement",
            """
            {"mode":"off","rules":[
              {"name":"Staff","groups":["staff"],"mode":"required","allowed_factors":["otp"]},
              {"name":"Board","groups":["board"],"mode":"required","allowed_factors":["webauthn-platform"]}]}
            """);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body())
        .contains("1 person (stella)")
        .contains("a factor in common")
        .doesNotContain("stan");
    // Nothing was saved: neither is asked for anything.
    signsIn(stella);
    visit.sees().bankAt("aal1");
    assertThat(stella.explained()).contains("Rules: none but what holds for everyone");
    visit.does().takesAnotherBrowser();
    signsIn(stan);
    visit.sees().bankAt("aal1");
  }
}
