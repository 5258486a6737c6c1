package dev.countersign.contracts;

import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;

/** A tenant's own factor of codes from an app, eight digits each minute. */
@WorldTest
class OwnCodesFactorTest implements FactorContract {
  static final String DEFINITION =
      """
      {"slug": "vault", "kind": "totp", "display_name": "Vault code", "description": "The code of your vault app.",
       "totp": {"digits": 8, "period": 60, "algorithm": "SHA256"}}
      """;

  @Override
  public String factor() {
    return "custom:vault";
  }

  @Override
  public Company company(World world, String name) {
    var company = world.tenant(name);
    company.defining(DEFINITION);
    return company.requiring(factor());
  }

  @Override
  public String right(Someone who) {
    return who.codeNow();
  }

  @Override
  public String wrong(Someone who) {
    return who.wrongCode();
  }

  @Override
  public Duration life() {
    return Duration.ofSeconds(180);
  }
}
