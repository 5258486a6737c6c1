package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The sign-ins after the first. */
@Told
class ChallengeStory {
  @RegisterExtension private final Visit visit;

  ChallengeStory(Screen screen) {
    visit = Visit.on(screen);
  }

  private Acme.Somebody ana() {
    return visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
  }

  @Test
  void the_code_is_asked_and_why_is_said() {
    var ana = ana();

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit
        .sees()
        .page("Confirm it’s you")
        .says("Enter the code that “Pixel 9” shows.")
        .says("Your organisation asks for this at every sign-in.")
        .says("Acme Bank")
        .focus();

    visit.does().answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");
  }

  @Test
  void a_wrong_password_is_told_as_an_unknown_name_is() {
    var ana = ana();

    visit
        .does()
        .comesFrom(visit.acme().bank())
        .types("identifier", "nobody")
        .presses("Continue")
        .types("password", "wrong wrong wrong")
        .presses("Sign in");
    visit
        .sees()
        .page("Enter your password")
        .wrong("password", "That username or password isn’t right.");

    visit.does().presses("Not you?");
    visit.sees().page("Sign in");
    visit
        .does()
        .types("identifier", ana.name())
        .presses("Continue")
        .types("password", "wrong wrong wrong")
        .presses("Sign in");
    visit
        .sees()
        .page("Enter your password")
        .wrong("password", "That username or password isn’t right.");
    visit.does().types("password", Acme.PASSWORD).presses("Sign in");
    visit.sees().page("Confirm it’s you");
  }

  @Test
  void a_wrong_code_and_a_used_one_open_nothing_and_too_many_rest() {
    var ana = ana();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");
    visit.does().takesAnotherBrowser();

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().page("Confirm it’s you").wrong("code", "Each code works once");
    visit.passes(Duration.ofSeconds(60));
    for (int tries = 2; tries <= 4; tries++) {
      visit.does().answersWith(ana.wrongCode());
      visit.sees().page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
    }
    visit.sees().says("1 attempt left before this method is locked.");
    // A reload asks for the page and sends no wrong code again.
    visit.does().reloads();
    visit.sees().page("Confirm it’s you").says("1 attempt left before this method is locked.");
    visit.does().answersWith(ana.wrongCode());
    visit.sees().page("This method is locked for now");

    visit.does().presses("Try another way").presses("Backup code");
    visit.does().types("code", ana.backupCodes().getLast()).presses("Verify");
    visit.sees().bankAt("aal2");
  }

  @Test
  void the_picker_leads_to_a_backup_code_typed_carelessly_and_each_works_once() {
    var ana = ana();
    var code = ana.backupCodes().get(3);

    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Try another way");
    visit.sees().page("Try another way").says("Pixel 9");
    visit.does().presses("Backup code");
    visit.sees().page("Enter a backup code").focus();
    visit
        .does()
        .presses(
            "Verify",
            "code",
            "  " + code.toLowerCase(java.util.Locale.ROOT).replace("-", " ") + " ");
    visit.sees().bankAt("aal2");

    visit.does().takesAnotherBrowser();
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Try another way")
        .presses("Backup code");
    visit.does().types("code", code).presses("Verify");
    visit.sees().page("Enter a backup code").wrong("code", "That code isn’t right.");
  }

  @Test
  void who_lost_the_phone_and_has_no_codes_is_told_whom_to_ask() {
    var bob =
        visit
            .acme()
            .demanding(Mode.REQUIRED)
            .with(it -> it.withSupport("help@acme.test", ""))
            .person("bob")
            .withApp();

    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(bob)
        .presses("Try another way");
    visit.sees().page("Lost your methods?").says("Ask Acme for help");
    visit.does().presses("Ask Acme for help");
    visit
        .sees()
        .page("Get help from Acme")
        .says("help@acme.test")
        .says("They must say these words to you");
    visit.does().presses("Back");
    visit.sees().page("Lost your methods?");
    visit.does().presses("Back");
    visit.sees().page("Confirm it’s you");
  }

  @Test
  void with_a_session_nothing_is_asked_until_the_application_wants_it_fresh() {
    var ana = ana();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");

    visit.does().comesFrom(visit.acme().bank(), Map.of("prompt", "none"));
    visit.sees().bank("aal2", "mfa otp pwd");
    visit.passes(Duration.ofMinutes(2));
    visit.does().comesFrom(visit.acme().bank(), Map.of("prompt", "login"));
    visit.sees().page("Sign in");
    visit.does().givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you");
  }

  @Test
  void who_does_not_want_to_sign_in_after_all_is_back_at_the_bank() {
    visit.does().comesFrom(visit.acme().bank());
    visit.sees().page("Sign in");

    visit.does().presses("Cancel sign-in");
    visit.sees().bankRefused("access_denied");
  }

  @Test
  void an_answer_posted_as_a_form_arrives() {
    var ana = ana();
    visit
        .does()
        .comesFrom(visit.acme().bank(), Map.of("response_mode", "form_post"))
        .givesNameAndPassword(ana)
        .answersWith(ana.code());
    visit.sees().bank("aal2", "mfa otp pwd");
    assertThat(visit.does().where().getRawQuery()).isNull();
  }
}
