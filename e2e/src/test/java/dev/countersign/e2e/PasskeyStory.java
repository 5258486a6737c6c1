package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Passkeys with the browser's own authenticator: set up, asked for, taken off; and a prompt that was not finished. */
@Told
class PasskeyStory {
  @RegisterExtension private final Visit visit;

  PasskeyStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @AfterEach
  void unplugs() {
    visit.does().unplugsAuthenticators();
  }

  private Acme.Somebody setUp() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit.does().plugsInAuthenticator(true);
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("You need to set up multi-factor authentication");
    visit.does().presses("Built-in biometrics");
    visit.sees().page("Set up built-in biometrics");
    visit.does().presses("Create a passkey");
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    return ana;
  }

  @Test
  void a_passkey_is_set_up_at_sign_in_asked_for_and_taken_off() {
    var ana = setUp();
    visit.sees().bank("aal3", "hwk mfa pwd user");

    visit.does().takesAnotherBrowser();
    visit.does().keepsSuggestionsAway().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you");
    visit.does().presses("Use fingerprint, face or screen lock");
    visit.sees().bank("aal3", "hwk mfa pwd user");

    visit.does().opens(visit.acme().origin() + "/account");
    visit.sees().page("Account security").says("Protected by 1 method");
  }

  @Test
  void a_prompt_that_is_not_finished_is_told_of_without_blame_and_can_be_tried_again() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit.does().plugsInAuthenticator(false);
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.does().presses("Built-in biometrics").presses("Create a passkey");
    visit.sees().page("Set up built-in biometrics").says("It was not finished.");

    visit.does().unplugsAuthenticators().plugsInAuthenticator(true).presses("Create a passkey");

    visit.sees().page("Save your backup codes");
  }

  @Test
  void without_javascript_the_page_says_so_and_offers_other_methods() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit.does().switchesJavaScriptOff();
    visit.sees().withoutScripts();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.does().presses("Built-in biometrics");

    visit.sees().page("Set up built-in biometrics").says("This method needs JavaScript.");
    visit.does().presses("Choose a different method");
    visit.sees().page("You need to set up multi-factor authentication");
  }
}
