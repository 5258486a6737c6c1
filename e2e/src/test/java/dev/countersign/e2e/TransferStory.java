package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Money is sent only when its owner has approved that very transfer. */
@Told
class TransferStory {
  private static final Duration STEP = Duration.ofSeconds(31);

  @RegisterExtension private final Visit visit;

  TransferStory(Screen screen) {
    visit = Visit.on(screen);
  }

  /** Signs in at the bank and wants to send what its form proposes. */
  private Acme.Somebody wantsToTransfer(HarbourBank bank) {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana").withApp().withBackupCodes();
    visit.does().opens(bank.url() + "/transfer").givesNameAndPassword(ana).answersWith(ana.code());
    visit.sees().heading("Transfer money");
    visit.passes(STEP);
    visit.does().presses("Transfer");
    visit
        .sees()
        .page("Do you approve this?")
        .says("Harbour Bank asks for your approval.")
        .says("€250.00")
        .says("Lighthouse Stationery")
        .says("DE89 3704 0044 0532 0130 00")
        .doesNotSay("Why am I asked?");
    return ana;
  }

  @Test
  void a_transfer_is_shown_whole_approved_and_leaves_a_receipt() {
    try (var bank = visit.acme().harbour()) {
      var ana = wantsToTransfer(bank);

      visit.does().answersWith("000000");
      visit.sees().page("Do you approve this?").says("€250.00");
      visit.does().answersWith(ana.code());

      visit
          .sees()
          .heading("250.00 EUR are on their way")
          .says("To Lighthouse Stationery.")
          .says("it was shown where the code was typed");
      visit.sees().photographs("receipt");
      visit.does().reloads();
      visit.sees().heading("250.00 EUR are on their way");
    }
  }

  @Test
  void a_transfer_that_is_rejected_is_not_sent() {
    try (var bank = visit.acme().harbour()) {
      wantsToTransfer(bank);

      visit.does().presses("Reject");

      visit.sees().heading("That did not work").says("You rejected it, so nothing was sent.");
      assertThat(visit.does().where().getHost()).isEqualTo("harbour.localhost");
    }
  }

  @Test
  void a_passkey_signs_the_transfer() {
    try (var bank = visit.acme().harbour()) {
      var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
      visit.does().plugsInAuthenticator(true).keepsSuggestionsAway();
      visit.does().opens(bank.url() + "/transfer").givesNameAndPassword(ana);
      visit.does().presses("Built-in biometrics").presses("Create a passkey");
      visit.sees().page("Save your backup codes");
      visit.does().ticks("saved").presses("Continue");
      visit.sees().heading("Transfer money");

      visit.does().presses("Transfer");
      visit.sees().page("Do you approve this?").says("€250.00");
      visit.does().presses("Approve");

      visit
          .sees()
          .heading("250.00 EUR are on their way")
          .says("the proof is a signature over this transfer");
    }
  }

  @Test
  void a_phone_shows_the_transfer_too() {
    try (var bank = visit.acme().harbour()) {
      var ana =
          visit
              .acme()
              .offering("push-notification")
              .demanding(Mode.REQUIRED)
              .person("ana");
      visit.does().opens(bank.url() + "/transfer").givesNameAndPassword(ana);
      visit.does().presses("Approval on your phone");
      visit.sees().page("Connect your phone");
      var link = visit.does().readsLink("a[href*='/approver#']");
      var page = visit.does().opensTab();
      visit.does().opens(link);
      visit.sees().screen("Use this phone to approve sign-ins at Acme?");
      visit.does().taps("Connect this phone");
      visit.sees().screen("This phone is connected");
      var phone = visit.does().window();
      visit.does().turnsToTab(page);
      visit.sees().page("Save your backup codes");
      visit.does().ticks("saved").presses("Continue");
      visit.sees().heading("Transfer money");

      visit.does().presses("Transfer");
      visit.sees().page("Do you approve this?").says("€250.00").says("Lighthouse Stationery");
      var number = visit.does().reads(".number strong");
      visit.does().turnsToTab(phone).taps("Continue");
      visit.sees().screen("Do you approve this?").says("€250.00").says("Lighthouse Stationery");
      visit.does().typesInto("#number", number).taps("Approve");
      visit.sees().screen("Approved");
      visit.does().turnsToTab(page);

      visit
          .sees()
          .heading("250.00 EUR are on their way")
          .says("the proof is a signature over this transfer");
    }
  }

  @Test
  void whoever_has_only_a_password_is_told_what_to_do_first() {
    try (var bank = visit.acme().harbour()) {
      var ben = visit.acme().demanding(Mode.OFF).person("ben");
      visit.does().opens(bank.url() + "/transfer").givesNameAndPassword(ben);
      visit.sees().heading("Transfer money");
      visit.does().presses("Transfer");
      visit.sees().heading("That did not work").says("Set one up on your security page first.");
    }
  }
}
