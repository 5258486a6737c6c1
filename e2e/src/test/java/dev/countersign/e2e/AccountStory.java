package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person's own security page, and the ways out. */
@Told
class AccountStory {
  @RegisterExtension private final Visit visit;

  AccountStory(Screen screen) {
    visit = Visit.on(screen);
  }

  private Acme.Somebody signedIn() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    visit
        .does()
        .opens(visit.acme().origin() + "/account")
        .givesNameAndPassword(ana)
        .answersWith(ana.code());
    visit.sees().page("Account security");
    return ana;
  }

  @Test
  void it_says_how_the_account_is_protected_and_what_happened() {
    signedIn();

    visit
        .sees()
        .says("Protected by 1 method")
        .says("10 backup codes left")
        .says("Pixel 9")
        .says("This device")
        .says("Signed in");
  }

  @Test
  void new_backup_codes_replace_the_old_ones() {
    var ana = signedIn();

    visit.does().presses("Make new codes");
    visit.sees().page("Make new backup codes?");
    visit.does().presses("Make new codes");
    visit.sees().page("Save your backup codes");
    assertThat(visit.does().readsBackupCodes())
        .hasSize(10)
        .doesNotContainAnyElementsOf(ana.backupCodes());
    visit.does().ticks("saved").presses("Continue");
    visit.sees().page("Account security").says("Your new backup codes are active.");
  }

  @Test
  void the_only_method_can_be_removed_and_what_that_means_is_said_first() {
    signedIn();

    visit.does().presses("Remove Pixel 9");
    visit.sees().page("Remove “Pixel 9”?").says("your organisation requires one");
    visit.does().presses("Remove");
    visit.sees().page("You need to set up multi-factor authentication");
  }

  @Test
  void signed_out_everywhere_the_other_browser_has_to_sign_in_again() {
    var ana = signedIn();
    var mine = visit.does().takesAnotherBrowser();
    visit.passes(Duration.ofMinutes(1));
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");
    var theirs = visit.does().takesAnotherBrowser();

    visit
        .does()
        .returnsToBrowser(mine)
        .opens(visit.acme().origin() + "/account")
        .presses("Sign out everywhere");
    visit.sees().page("Sign out everywhere?");
    visit.does().presses("Sign out everywhere");
    visit.sees().page("Account security").says("All other sessions were signed out.");

    visit
        .does()
        .returnsToBrowser(theirs)
        .comesFrom(visit.acme().bank(), java.util.Map.of("prompt", "none"));
    visit.sees().bankRefused("login_required");
  }

  @Test
  void signing_out_at_the_bank_ends_the_session_here() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");

    visit.does().presses("Sign out");
    visit.sees().heading("The bank");
    visit.does().comesFrom(visit.acme().bank(), java.util.Map.of("prompt", "none"));
    visit.sees().bankRefused("login_required");
  }

  @Test
  void a_link_that_only_says_sign_out_is_asked_about_first() {
    signedIn();

    visit.does().opens(visit.acme().origin() + "/oidc/logout");
    visit.sees().page("Sign out?").says("ana");
    visit.does().presses("Sign out");
    visit.sees().page("You’re signed out");
  }

  @Test
  void signed_out_on_the_page_itself() {
    signedIn();

    visit.does().presses("Sign out");
    visit.sees().page("You’re signed out");
    visit.does().presses("Sign in again");
    visit.sees().page("Sign in");
  }
}
