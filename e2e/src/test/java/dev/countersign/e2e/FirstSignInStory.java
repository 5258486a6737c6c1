package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.AuthenticatorApp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first sign-in of somebody whose organisation wants a second factor. */
@Told
class FirstSignInStory {
  @RegisterExtension private final Visit visit;

  FirstSignInStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void ana_sets_up_her_app_saves_her_codes_and_is_back_at_the_bank() {
    var acme = visit.acme().demanding(Mode.REQUIRED);
    var ana = acme.person("ana");

    Journeys.first(visit, ana);

    assertThat(visit.does().where().toString()).startsWith(acme.bank().callback());
  }

  @Test
  void a_phone_whose_clock_is_off_is_told_by_how_much() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Authenticator app");
    ana.carrying(
        AuthenticatorApp.typed(visit.does().readsKey()).withClockOff(Duration.ofSeconds(-150)));

    visit.does().answersWith(ana.code());
    visit
        .sees()
        .page("Set up your authenticator app")
        .wrong(
            "code",
            "Your phone’s clock is about 150 seconds slow. Turn on automatic date and time");

    visit.does().answersWith(ana.carrying(ana.app().withClockOff(Duration.ZERO)).code());
    visit.sees().page("Save your backup codes");
  }

  @Test
  void a_wrong_code_is_said_to_be_wrong_and_nothing_is_lost() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Authenticator app");
    var key = visit.does().readsKey();
    ana.carrying(AuthenticatorApp.typed(key));

    visit.does().answersWith(ana.wrongCode());
    visit.sees().page("Set up your authenticator app").wrong("code", "That code isn’t right.");

    assertThat(visit.does().readsKey()).isEqualTo(key);
    visit.does().answersWith(ana.code());
    visit.sees().page("Save your backup codes");
  }

  @Test
  void a_set_up_left_lying_for_long_shows_a_new_key_and_says_so() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Authenticator app");
    var key = visit.does().readsKey();

    visit.passes(Duration.ofMinutes(11));
    visit.does().reloads();

    visit.sees().page("Set up your authenticator app").says("delete that entry in your app first");
    assertThat(visit.does().readsKey()).isNotEqualTo(key);
  }

  @Test
  void backup_codes_have_to_be_acknowledged_and_never_come_twice() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Authenticator app");
    ana.carrying(AuthenticatorApp.typed(visit.does().readsKey()));
    visit.does().answersWith(ana.code());
    visit.sees().page("Save your backup codes");
    var codes = visit.does().readsBackupCodes();
    var here = visit.acme().origin() + "/u/mfa/backup-codes?" + visit.does().where().getRawQuery();

    visit.does().opens(here);
    visit.sees().page("Your codes were already shown").doesNotSay(codes.getFirst());
    visit.does().reloads();
    visit.sees().page("Your codes were already shown").doesNotSay(codes.getFirst());

    visit.does().presses("Make a new set");
    visit.sees().page("Save your backup codes").says("Your earlier backup codes no longer work.");
    assertThat(visit.does().readsBackupCodes()).hasSize(10).doesNotContainAnyElementsOf(codes);
    visit.does().ticks("saved").presses("Continue");
    visit.sees().bank("aal2", "mfa otp pwd");
  }
}
