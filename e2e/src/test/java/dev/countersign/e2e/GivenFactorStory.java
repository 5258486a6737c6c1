package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Factors that people do not choose: an admin gives them. */
@Told
class GivenFactorStory {
  @RegisterExtension private final Visit visit;

  GivenFactorStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void a_code_comes_by_mail_and_can_be_had_again_and_raises_no_level() {
    var dora = visit.acme().demanding(Mode.OPTIONAL).person("dora").withMailedCodes();

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(dora);
    visit
        .sees()
        .page("Check your email")
        .says("We sent a code to \u2066d•••@acme.test\u2069. Type it here.")
        .focus();
    var first = dora.mailedCode();

    visit.does().reloads();
    visit.sees().page("Check your email");
    assertThat(dora.mailedCode()).isEqualTo(first);

    visit.does().presses("Send another code");
    visit.sees().page("Check your email").says("We sent another code.");
    visit.does().answersWith(first);
    visit.sees().page("Check your email").wrong("code", "That code wasn’t accepted.");

    visit.does().answersWith(dora.mailedCode()).presses("Not now");
    visit.sees().bankAt("aal1");
  }

  @Test
  void a_token_that_was_given_is_asked_for_by_its_number_and_stands_on_ones_own_page() {
    // The seed and the first codes of RFC 4226 appendix D.
    var tom =
        visit
            .acme()
            .demanding(Mode.REQUIRED)
            .person("tom")
            .withToken("A-10442,hotp,3132333435363738393031323334353637383930");

    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(tom);
    visit.sees().page("Confirm it’s you").says("Enter the code that token “A-10442” shows.").focus();

    visit.does().answersWith("000000");
    visit.sees().page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
    visit.does().answersWith("755224");
    visit.sees().page("Save your backup codes");
  }
}
