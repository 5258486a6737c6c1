package dev.countersign.contracts;

import dev.countersign.testkit.Company;
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

  /** The question of the other sign-in is another one. */
  @Override
  public String replayed() {
    return "code_invalid";
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(10);
  }
}
