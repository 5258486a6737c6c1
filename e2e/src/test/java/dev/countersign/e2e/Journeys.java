package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.AuthenticatorApp;

/** The ways that several stories go. */
final class Journeys {
  private Journeys() {}

  /** From the bank through name, password, app and backup codes back to the bank. */
  static void first(Visit visit, Acme.Somebody who) {
    var does = visit.does();
    var sees = visit.sees();

    does.comesFrom(visit.acme().bank());
    sees.page("Sign in").says("to continue to Acme Bank");
    does.types("identifier", who.name()).presses("Continue");
    sees.page("Enter your password").says(who.name());
    does.types("password", Acme.PASSWORD).presses("Sign in");

    sees.page("You need to set up multi-factor authentication").says("Step 1 of 3");
    does.presses("Authenticator app");
    sees.page("Set up your authenticator app").says("Step 2 of 3").says("Acme: " + who.name());
    does.answersWith(who.carrying(AuthenticatorApp.typed(does.readsKey())).code());

    sees.page("Save your backup codes").says("Step 3 of 3");
    var codes = does.readsBackupCodes();
    assertThat(codes).hasSize(10).doesNotHaveDuplicates();
    who.keeping(codes);
    does.ticks("saved").presses("Continue");
    sees.bank("aal2", "mfa otp pwd");
  }

  /** The next day, in a browser that has forgotten everything: name, password, code. */
  static void second(Visit visit, Acme.Somebody who) {
    visit.does().takesAnotherBrowser();
    visit.passes(java.time.Duration.ofDays(1));

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(who);
    visit.sees().page("Confirm it’s you");
    visit.does().answersWith(who.code());
    visit.sees().bank("aal2", "mfa otp pwd");
  }
}
