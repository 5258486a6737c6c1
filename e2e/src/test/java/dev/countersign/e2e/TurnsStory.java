package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.AuthenticatorApp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People reload, go back, open tabs, wait too long. All of it ends well. */
@Told
class TurnsStory {
  @RegisterExtension private final Visit visit;

  TurnsStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void each_step_can_be_loaded_again() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    var does = visit.does();
    var sees = visit.sees();

    does.comesFrom(visit.acme().bank()).reloads();
    sees.page("Sign in");
    does.types("identifier", "ana").presses("Continue").reloads();
    sees.page("Enter your password");
    does.types("password", Acme.PASSWORD).presses("Sign in").reloads();
    sees.page("You need to set up multi-factor authentication");
    does.presses("Authenticator app");
    var key = does.readsKey();
    does.reloads();
    sees.page("Set up your authenticator app");
    assertThat(does.readsKey()).isEqualTo(key);
    does.answersWith(ana.carrying(AuthenticatorApp.typed(key)).code());
    sees.page("Save your backup codes");
  }

  @Test
  void back_from_each_step_leads_on_from_where_the_sign_in_is() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    var does = visit.does();
    var sees = visit.sees();

    does.comesFrom(visit.acme().bank()).types("identifier", "anna").presses("Continue");
    sees.page("Enter your password");
    does.goesBack();
    sees.page("Sign in");
    does.types("identifier", "ana")
        .presses("Continue")
        .types("password", Acme.PASSWORD)
        .presses("Sign in");
    sees.page("Confirm it’s you");

    does.goesBack();
    does.reloads();
    sees.page("Confirm it’s you");
    does.answersWith(ana.code());
    sees.bank("aal2", "mfa otp pwd");

    does.goesBack();
    sees.page("You finished this in another tab")
        .says("You’re signed in to Acme Bank.")
        .says("You can close this window.");
  }

  @Test
  void back_from_the_bank_shows_no_backup_codes() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    Journeys.first(visit, ana);

    visit.does().goesBack();

    visit.sees().doesNotSay(ana.backupCodes().getFirst());
    visit.does().goesBack();
    visit.sees().doesNotSay(ana.backupCodes().getFirst());
  }

  @Test
  void a_second_tab_is_told_that_the_first_was_quicker() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    var does = visit.does();
    does.comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    var same = does.where();

    var first = does.opensTab();
    does.opens(same);
    visit.sees().page("Confirm it’s you");
    does.answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");

    does.turnsToTab(first);
    visit.passes(Duration.ofSeconds(60));
    does.answersWith(ana.code());
    visit.sees().page("You finished this in another tab").says("You can close this window.");
  }

  @Test
  void a_sign_in_left_lying_has_expired_and_can_be_begun_again() {
    visit.acme().demanding(Mode.REQUIRED).person("ana").withApp();
    visit.does().comesFrom(visit.acme().bank()).types("identifier", "ana").presses("Continue");

    visit.passes(Duration.ofHours(3));
    visit.does().types("password", Acme.PASSWORD).presses("Sign in");

    visit.sees().page("This sign-in has expired");
    visit.does().presses("Start again");
    visit.sees().page("Sign in");
  }

  @Test
  void a_sign_in_carried_to_another_browser_goes_nowhere() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    var link = visit.does().where();
    var mine = visit.does().takesAnotherBrowser();

    visit.does().opens(visit.acme().origin() + "/").opens(link);
    visit.sees().page("This sign-in began in another browser");

    visit.does().returnsToBrowser(mine).opens(link);
    visit.sees().page("Confirm it’s you");
  }

  @Test
  void a_policy_that_changes_half_way_counts_from_the_next_step() {
    visit.acme().demanding(Mode.OFF).person("ana");
    visit.does().comesFrom(visit.acme().bank()).types("identifier", "ana").presses("Continue");

    visit.acme().demanding(Mode.REQUIRED);
    visit.does().types("password", Acme.PASSWORD).presses("Sign in");

    visit.sees().page("You need to set up multi-factor authentication");
  }
}
