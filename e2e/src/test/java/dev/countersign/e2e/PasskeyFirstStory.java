package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A passkey comes first: by the button and by the suggestions of the name's field; gone, of somebody else, of another tenant. */
@Told
class PasskeyFirstStory {
  private static final String BUTTON = "Sign in with a passkey";

  @RegisterExtension private final Visit visit;

  PasskeyFirstStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @AfterEach
  void unplugs() {
    visit.does().unplugsAuthenticators();
  }

  /** Sets a passkey up while signing in, and leaves. */
  private Acme.Somebody anaWithPasskey() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit.does().plugsInAuthenticator(true);
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("You need to set up multi-factor authentication");
    visit.does().presses("Built-in biometrics");
    visit.sees().page("Set up built-in biometrics");
    visit.does().presses("Create a passkey");
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    visit.sees().bank("aal3", "hwk mfa pwd user");
    visit.does().takesAnotherBrowser();
    return ana;
  }

  @Test
  void by_the_button_a_passkey_alone_leads_in() {
    anaWithPasskey();
    visit.does().keepsSuggestionsAway().comesFrom(visit.acme().bank());
    visit.sees().page("Sign in");

    visit.does().presses(BUTTON);

    visit.sees().bank("aal3", "hwk mfa user");
  }

  @Test
  void from_the_suggestions_of_the_field_a_passkey_alone_leads_in() {
    anaWithPasskey();

    visit.does().comesFrom(visit.acme().bank());

    // The browser's own authenticator picks what it is offered, and types nothing.
    visit.sees().bank("aal3", "hwk mfa user");
  }

  @Test
  void a_passkey_that_was_taken_off_is_told_of_kindly_and_forgotten_by_the_browser() {
    var ana = anaWithPasskey();
    ana.losesPasskeys();
    visit.does().keepsSuggestionsAway().comesFrom(visit.acme().bank());
    assertThat(visit.does().keptPasskeys()).isEqualTo(1);

    visit.does().presses(BUTTON);

    visit.sees().page("Sign in").says("That passkey isn’t registered here any more.");
    visit.does().types("identifier", ana.name()).presses("Continue");
    visit.sees().page("Enter your password");
  }

  @Test
  void a_prompt_that_is_not_finished_blames_nobody_and_the_name_can_be_typed() {
    var ana = visit.acme().person("ana");
    visit.does().plugsInAuthenticator(true).keepsSuggestionsAway();
    visit.does().comesFrom(visit.acme().bank());

    visit.does().presses(BUTTON);

    visit.sees().page("Sign in").says("No passkey was used.");
    visit.does().givesNameAndPassword(ana);
    visit.sees().heading("Add a second lock to your account");
  }

  @Test
  void in_another_tenant_the_browser_does_not_even_offer_it() {
    anaWithPasskey();
    try (var other = new Acme(Stage.on(Stage.Engine.EMBEDDED), false)) {
      visit.does().keepsSuggestionsAway().comesFrom(other.bank());

      visit.does().presses(BUTTON);

      visit.sees().page("Sign in").says("No passkey was used.");
    }
  }

  @Test
  void a_browser_without_a_built_in_authenticator_says_so_on_the_card_and_puts_it_last() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);

    visit
        .sees()
        .heading("You need to set up multi-factor authentication")
        .comesToSay("This browser reports no fingerprint reader")
        .page("You need to set up multi-factor authentication");
  }
}
