package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.AuthenticatorApp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a mouse. */
class KeyboardStory {
  @RegisterExtension private final Visit visit = Visit.on(Screen.DESKTOP);

  @Test
  void the_first_sign_in_goes_by_the_keyboard_alone_and_the_focus_is_always_seen() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    var does = visit.does();
    var sees = visit.sees();

    does.comesFrom(visit.acme().bank());
    sees.page("Sign in").focus();
    does.keys("ana").strikesEnter();
    sees.page("Enter your password").focus();
    does.keys(Acme.PASSWORD).strikesEnter();
    sees.page("You need to set up multi-factor authentication");
    does.tabsTo("Authenticator app");
    sees.focus();
    does.strikesEnter();
    sees.page("Set up your authenticator app");
    does.tabsTo("Can’t scan it? Enter the key instead");
    sees.focus();
    does.keys(" ");
    ana.carrying(AuthenticatorApp.typed(does.readsKey()));
    does.tabsTo("Enter the six-digit code the app shows");
    sees.focus();
    does.keysThatLeave(ana.code());
    sees.page("Save your backup codes");
    does.tabsTo("I have saved these codes");
    sees.focus();
    does.keys(" ").tabsTo("Continue");
    sees.focus();
    does.strikesEnter();
    sees.bank("aal2", "mfa otp pwd");
  }
}
