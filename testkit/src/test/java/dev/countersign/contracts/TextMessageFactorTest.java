package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;

@WorldTest
class TextMessageFactorTest implements FactorContract {
  @Override
  public String factor() {
    return "sms";
  }

  @Override
  public Company company(World world, String name) {
    return world.tenant(name).texting().requiring("sms");
  }

  @Override
  public String right(Someone who) {
    return who.textedCode();
  }

  @Override
  public String wrong(Someone who) {
    return who.textedCode().equals("000000") ? "000001" : "000000";
  }

  /** The code is of the question that was put in that sign-in. */
  @Override
  public Answer rightIn(Someone who, Journey journey) {
    journey.isAsked("sms");
    return typed(right(who));
  }

  @Override
  public Answer wrongIn(Someone who, Journey journey) {
    journey.isAsked("sms");
    return typed(wrong(who));
  }

  /** In the other sign-in no question stands. */
  @Override
  public String replayReason() {
    return "code_expired";
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(10);
  }
}
