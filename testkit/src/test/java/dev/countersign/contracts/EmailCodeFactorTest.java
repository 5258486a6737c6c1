package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.Map;

@WorldTest
class EmailCodeFactorTest implements FactorContract {
  @Override
  public String factor() {
    return "email";
  }

  /** It meets no requirement, so it stands where nothing is required. */
  @Override
  public Company company(World world, String name) {
    return world.tenant(name).inviting("email");
  }

  @Override
  public Someone holder(Company company, String name) {
    var who = company.person(name);
    return who.given("email", Map.of("email", who.email()));
  }

  @Override
  public String right(Someone who) {
    return who.mailedCode();
  }

  @Override
  public String wrong(Someone who) {
    return who.mailedCode().equals("000000") ? "000001" : "000000";
  }

  /** The code is of the question that was put in that sign-in. */
  @Override
  public Answer rightIn(Someone who, Journey journey) {
    journey.isAsked("email");
    return typed(right(who));
  }

  @Override
  public Answer wrongIn(Someone who, Journey journey) {
    journey.isAsked("email");
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
