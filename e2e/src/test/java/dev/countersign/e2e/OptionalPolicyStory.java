package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a second factor is offered and nobody is made to take it. */
@Told
class OptionalPolicyStory {
  @RegisterExtension private final Visit visit;

  OptionalPolicyStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void not_now_leads_straight_to_the_bank() {
    var ana = visit.acme().demanding(Mode.OPTIONAL).person("ana");

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Add a second lock to your account");
    visit.does().presses("Not now");

    visit.sees().bank("aal1", "pwd");
  }

  @Test
  void a_changed_mind_on_the_set_up_page_finds_the_way_back_to_not_now() {
    var ana = visit.acme().demanding(Mode.OPTIONAL).person("ana");

    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Authenticator app");
    visit.sees().page("Set up your authenticator app");
    visit.does().presses("Choose a different method").presses("Not now");

    visit.sees().bank("aal1", "pwd");
  }

  @Test
  void switched_off_nothing_is_offered() {
    var ana = visit.acme().demanding(Mode.OFF).person("ana");

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);

    visit.sees().bank("aal1", "pwd");
  }
}
