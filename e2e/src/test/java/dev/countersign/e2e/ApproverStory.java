package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two windows: the sign-in page, and the approver on the phone. */
@Told
class ApproverStory {
  private static final String PUSH = "push-notification";

  @RegisterExtension private final Visit visit;

  ApproverStory(Screen screen) {
    visit = Visit.on(screen);
  }

  /** Pairs a phone at the first sign-in; its window is the other one than that returned. */
  private String pairs(Acme.Somebody ana) {
    visit
        .does()
        .comesFrom(visit.acme().bank())
        .givesNameAndPassword(ana)
        .presses("Approval on your phone");
    visit.sees().page("Connect your phone");
    var link = visit.does().readsLink("a[href*='/approver#']");

    var signIn = visit.does().opensTab();
    visit.does().opens(link);
    visit.sees().screen("Use this phone to approve sign-ins at Acme?");
    visit.does().taps("Connect this phone");
    visit.sees().screen("This phone is connected");
    return signIn;
  }

  private Acme.Somebody ana() {
    return visit.acme().offering(PUSH).demanding(Mode.REQUIRED).person("ana");
  }

  @Test
  void a_phone_is_paired_and_approves_by_the_number_that_the_page_shows() {
    var ana = ana();
    var signIn = pairs(ana);
    var phone = visit.does().window();

    visit.does().turnsToTab(signIn);
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    visit.sees().bank("aal2", "mfa pwd swk");
    visit.does().turnsToTab(phone).taps("Continue");
    visit.sees().screen("Nothing to approve").says(ana.name());

    visit.does().turnsToTab(signIn).takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Approve on your phone").says("Waiting for your phone…");
    var number = visit.does().reads(".number strong");
    visit.does().turnsToTab(phone);
    visit.sees().screen("Is this you signing in?").says("Acme Bank").doesNotSay(">" + number + "<");
    visit.does().typesInto("#number", number).taps("Approve");
    visit.sees().screen("Approved");
    visit.does().turnsToTab(signIn);
    visit.sees().bank("aal2", "mfa pwd swk");
  }

  @Test
  void a_wrong_number_approves_nothing_and_another_request_can_be_sent() {
    var ana = ana();
    var signIn = pairs(ana);
    var phone = visit.does().window();
    visit.does().turnsToTab(signIn);
    visit.sees().page("Save your backup codes");
    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Approve on your phone");

    visit.does().turnsToTab(phone).taps("Continue");
    visit.sees().screen("Is this you signing in?");
    visit.does().typesInto("#number", "01").taps("Approve");
    visit.sees().screen("That was not the number");

    visit.does().turnsToTab(signIn);
    visit.sees().page("Not approved");
    visit.does().presses("Send another request");
    visit.sees().page("Approve on your phone").says("We sent another request.");
  }

  @Test
  void it_was_not_me_stops_the_sign_in_and_the_requests() {
    var ana = ana();
    var signIn = pairs(ana);
    var phone = visit.does().window();
    visit.does().turnsToTab(signIn);
    visit.sees().page("Save your backup codes");
    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Approve on your phone");

    visit.does().turnsToTab(phone).taps("Continue");
    visit.sees().screen("Is this you signing in?");
    visit.does().taps("It was not me");
    visit.sees().screen("The sign-in was stopped");
    visit.does().turnsToTab(signIn);
    visit.sees().page("This sign-in was stopped");
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("No request was sent");

    visit.does().turnsToTab(phone).taps("Allow requests again");
    visit.sees().screen("Nothing to approve");
  }
}
