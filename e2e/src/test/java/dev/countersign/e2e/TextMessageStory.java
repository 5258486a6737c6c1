package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A number is set up with the code that comes to it, and asked from then on. */
@Told
class TextMessageStory {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @RegisterExtension private final Visit visit;

  /** Mobile numbers that differ before their last digits, as different people's do. */
  private final String number = "+49151%05d678".formatted(12_000 + NUMBERS.incrementAndGet());

  TextMessageStory(Screen screen) {
    visit = Visit.on(screen);
  }

  private Acme.Somebody setsUp() {
    var ana = visit.acme().texting().demanding(Mode.REQUIRED).person("ana");
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana).presses("Text message");
    visit.sees().page("Add your phone number").focus();

    visit.does().presses("Send code", "phone", "12");
    visit.sees().page("Add your phone number").wrong("phone", "This is not a phone number");
    visit.does().presses("Send code", "phone", number);
    visit.sees().page("Enter the code we sent you").focus();
    visit.does().answersWith(other());
    visit.sees().page("Enter the code we sent you").wrong("code", "That code isn’t right.");
    visit.does().answersWith(visit.acme().textedCode(number));
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    visit.sees().bankAt("aal2");
    return ana;
  }

  private String other() {
    return visit.acme().textedCode(number).equals("000000") ? "000001" : "000000";
  }

  @Test
  void a_number_is_set_up_with_the_code_that_comes_to_it_and_asked_from_then_on() {
    var ana = setsUp();
    visit.passes(Duration.ofSeconds(30));

    visit.does().takesAnotherBrowser();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit
        .sees()
        .page("Confirm it’s you")
        .says("Enter the code that we sent by text message")
        .focus();
    var first = visit.acme().textedCode(number);
    visit.does().reloads();
    assertThat(visit.acme().textedCode(number)).isEqualTo(first);

    visit.passes(Duration.ofSeconds(30));
    visit.does().presses("Send a new code");
    visit.sees().page("Confirm it’s you");
    visit.does().answersWith(first);
    visit.sees().page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
    visit.does().answersWith(visit.acme().textedCode(number));
    visit.sees().bankAt("aal2");
  }
}
