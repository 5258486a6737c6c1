package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A browser that is trusted for a while, a method that is asked for first, and a mail that says what was not one's own doing. */
@Told
class TrustStory {
  private static final String OFFER = "Don’t ask again on this browser for 30 days";

  private final String browser;
  @RegisterExtension private final Visit visit;

  TrustStory(Screen screen) {
    visit = Visit.on(screen);
    browser = screen == Screen.PHONE ? "Chrome, Android" : "Chrome, Linux";
  }

  @Test
  void a_browser_that_is_trusted_asks_for_the_password_alone_until_it_is_forgotten() {
    var ana =
        visit
            .acme()
            .demanding(Mode.REQUIRED)
            .trusting(30)
            .person("ana")
            .withApp()
            .withBackupCodes();

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you").says(OFFER);
    visit.does().ticks("trust").presses("Verify", "code", ana.wrongCode());
    visit.sees().page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
    visit.does().presses("Verify", "code", ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");

    visit.does().presses("Sign out");
    visit.passes(Duration.ofDays(3));
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().bank("aal1", "pwd");

    visit.does().comesFrom(visit.acme().bank(), Map.of("acr_values", "aal2"));
    visit.sees().page("Confirm it’s you").doesNotSay(OFFER);
    visit.does().answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");

    visit.does().opens(visit.acme().origin() + "/account");
    visit.sees().page("Account security").says("Trusted browsers").says(browser);
    visit.does().presses("Forget " + browser);
    visit.sees().page("Account security").says("we’ll ask for a second method again");
    visit.passes(Duration.ofMinutes(1));
    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you");
  }

  @Test
  void what_was_chosen_is_asked_for_first() {
    var tom =
        visit
            .acme()
            .demanding(Mode.REQUIRED)
            .person("tom")
            .withApp()
            .withToken("A-10443,hotp,3132333435363738393031323334353637383931")
            .withBackupCodes();
    visit
        .does()
        .opens(visit.acme().origin() + "/account")
        .givesNameAndPassword(tom)
        .answersWith(tom.code());
    visit.sees().page("Account security").says("Ask me for this first");

    visit.does().typesInto("#first", "Hardware token").presses("Save");
    visit.sees().page("Account security").says("Your choice was saved.");
    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(tom);
    visit.sees().page("Confirm it’s you").says("token “A-10443”");
    visit.does().presses("Try another way");
    visit.sees().page("Try another way").says("Pixel 9").says("Lost all of these?");
  }

  @Test
  void who_says_that_it_was_not_them_closes_the_account_to_everybody() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    visit
        .does()
        .opens(visit.acme().origin() + "/account")
        .givesNameAndPassword(ana)
        .answersWith(ana.code());
    visit.sees().page("Account security");
    visit.passes(Duration.ofMinutes(1));
    visit.does().opens(visit.acme().origin() + "/account/set-up/otp");
    visit.sees().page("Set up your authenticator app");
    visit.does().answersWith(ana.anotherAppsCode(visit.does().readsKey()));
    visit.sees().page("Account security").says("was added");
    var intruder = visit.does().takesAnotherBrowser();

    visit.does().opens(ana.mailedLink("/u/not-me"));
    visit.sees().page("Was this somebody else?").says("All other methods stay");
    visit.does().presses("This was not me");
    visit.sees().page("Your account is closed for now");
    visit.does().presses("Choose a new password");
    visit.sees().page("Reset your password");

    visit.does().returnsToBrowser(intruder).opens(visit.acme().origin() + "/account");
    visit.sees().page("Sign in");
    visit.does().opens(ana.mailedLink("/u/not-me"));
    visit.sees().page("This link no longer works");
  }
}
