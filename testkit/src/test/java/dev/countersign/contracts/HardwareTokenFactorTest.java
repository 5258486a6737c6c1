package dev.countersign.contracts;

import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A token that counts. */
@WorldTest
class HardwareTokenFactorTest implements FactorContract {
  @Override
  public String factor() {
    return "hardware-otp";
  }

  @Override
  public Someone holder(Company company, String name) {
    return company.person(name).holdingToken();
  }

  @Override
  public String right(Someone who) {
    return who.token().press();
  }

  @Override
  public String wrong(Someone who) {
    return who.token().wrongCode();
  }

  /** A code waits for its turn however long it takes. */
  @Override
  public @Nullable Duration life() {
    return null;
  }
}
