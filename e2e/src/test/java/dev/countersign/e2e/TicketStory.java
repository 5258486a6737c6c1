package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.testkit.AuthenticatorApp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody whom an admin asks by mail to set up a second method. */
@Told
class TicketStory {
  @RegisterExtension private final Visit visit;

  TicketStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void PICK_09_ana_opens_the_link_signs_in_sets_up_her_app_and_the_link_is_used_up() {
    var ana = visit.acme().demanding(Mode.OPTIONAL).person("ana");
    var link = ana.ticket("otp");

    visit.does().opens(link);
    visit.sees().page("Set up a second sign-in method").says("one more step");
    visit.does().presses("Continue");
    visit.does().givesNameAndPassword(ana);
    visit.does().presses("Authenticator app");
    ana.carrying(AuthenticatorApp.typed(visit.does().readsKey()));
    visit.does().answersWith(ana.code());
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    visit.sees().page("Account security").says("Your new method is ready.");
    assertThat(visit.does().where().getPath()).isEqualTo("/account");

    visit.does().opens(link);
    visit.sees().page("This link no longer works");
  }
}
