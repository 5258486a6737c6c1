package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main job end to end on PostgreSQL, over HTTPS by the development authority. */
@ToldTwice
class WholeJourneyStory {
  @RegisterExtension private final Visit visit;

  WholeJourneyStory(Screen screen) {
    visit = Visit.on(screen).with(Stage.Engine.POSTGRESQL).overHttps();
  }

  @Test
  void first_sign_in_second_sign_in_wrong_code_used_code_backup_code_lost_phone_sign_out() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    var does = visit.does();
    var sees = visit.sees();

    Journeys.first(visit, ana);
    sees.cookiesOfHttps();
    Journeys.second(visit, ana);

    does.takesAnotherBrowser();
    does.comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    sees.page("Confirm it’s you");
    does.answersWith(ana.wrongCode());
    sees.page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
    does.answersWith(ana.code());
    sees.page("Confirm it’s you").wrong("code", "Each code works once");

    does.presses("Try another way").presses("Lost all of these?");
    sees.page("Lost your methods?");
    does.presses("Use a backup code");
    sees.page("Enter a backup code");
    does.types("code", ana.backupCodes().getFirst()).presses("Verify");
    sees.bankAt("aal2");

    does.presses("Sign out");
    sees.heading("The bank");
    does.presses("Sign in");
    sees.page("Sign in");
  }
}
