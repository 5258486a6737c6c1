package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.HearDevice;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Here an answer is what is typed on the phone; "the number" stands for what the page shows. */
@WorldTest
class PushFactorTest implements FactorContract {
  private static final String THE_NUMBER = "the number";

  @Override
  public String factor() {
    return "push-notification";
  }

  @Override
  public String right(Someone who) {
    return THE_NUMBER;
  }

  @Override
  public String wrong(Someone who) {
    return "01"; // Numbers begin at 10.
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(2);
  }

  @Override
  public AnswerChallenge.Outcome answersRight(Someone who, Journey journey) {
    return says(who, journey, THE_NUMBER);
  }

  @Override
  public AnswerChallenge.Outcome answersWrong(Someone who, Journey journey) {
    return says(who, journey, wrong(who));
  }

  @Override
  public AnswerChallenge.Outcome answers(Someone who, String nonsense) {
    return says(who, who.journey().withPassword(), nonsense);
  }

  private AnswerChallenge.Outcome says(Someone who, Journey journey, String typed) {
    var number = journey.asked(factor());
    var question = who.phone().question();
    var said =
        who.phone().saying("approve", question, typed.equals(THE_NUMBER) ? number : typed, "");
    return journey.hears(who.phone(), question, said) instanceof HearDevice.Outcome.Noted
        ? journey.answers(factor(), "")
        : new AnswerChallenge.Outcome.Wrong(0);
  }

  @Test
  @Override
  public void an_answer_that_was_accepted_is_refused_the_second_time(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var number = journey.asked(factor());
    var question = ana.phone().question();
    var said = ana.phone().saying("approve", question, number, "");
    journey.hears(ana.phone(), question, said);

    assertThat(journey.hears(ana.phone(), question, said))
        .isInstanceOf(HearDevice.Outcome.Nothing.class);

    acme.audit().says("user.mfa_failed", "reason", "code_reused");
    assertThat(journey.answers(factor(), "")).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
    assertThat(journey.answers(factor(), "")).isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  @Override
  public void an_answer_that_has_aged_is_refused(World world) {
    var ana = holder(company(world, "acme"), "ana");
    var journey = ana.journey().withPassword();
    var number = journey.asked(factor());
    var question = ana.phone().question();
    var said = ana.phone().saying("approve", question, number, "");

    world.later(life());

    assertThat(journey.hears(ana.phone(), question, said))
        .isInstanceOf(HearDevice.Outcome.Nothing.class);
    assertThat(journey.answers(factor(), "")).isInstanceOf(AnswerChallenge.Outcome.NotYet.class);
  }

  @Test
  @Override
  public void another_persons_answer_is_refused_and_stays_good_for_its_owner(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var number = journey.asked(factor());
    var question = ana.phone().question();

    for (var other : List.of(holder(acme, "ben"), holder(company(world, "beta"), "ana"))) {
      var said = other.phone().saying("approve", question, number, "");
      assertThat(journey.hears(other.phone(), question, said))
          .isInstanceOf(HearDevice.Outcome.Nothing.class);
    }
    var said = ana.phone().saying("approve", question, number, "");
    assertThat(journey.hears(ana.phone(), question, said))
        .isInstanceOf(HearDevice.Outcome.Noted.class);
    assertThat(journey.answers(factor(), "")).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }
}
