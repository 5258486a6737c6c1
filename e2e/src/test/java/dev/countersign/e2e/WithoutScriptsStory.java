package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With JavaScript switched off, the whole way. */
@Told
class WithoutScriptsStory {
  @RegisterExtension private final Visit visit;

  WithoutScriptsStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void first_and_second_sign_in_and_the_picker_work_and_nothing_idle_is_shown() {
    visit.does().switchesJavaScriptOff();
    visit.sees().withoutScripts();
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");

    Journeys.first(visit, ana);
    Journeys.second(visit, ana);

    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    assertThat(visit.sees().has(".scripted")).isFalse();
    visit
        .does()
        .presses("Try another way")
        .presses("Backup code")
        .types("code", ana.backupCodes().getFirst())
        .presses("Verify");
    visit.sees().bankAt("aal2");
  }
}
