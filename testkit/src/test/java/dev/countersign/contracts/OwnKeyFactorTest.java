package dev.countersign.contracts;

import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;

/** A tenant's own factor of WebAuthn keys. */
@WorldTest
class OwnKeyFactorTest implements SignedFactorContract {
  static final String DEFINITION =
      """
      {"slug": "token", "kind": "webauthn", "display_name": "Staff token", "description": "The token on your lanyard.",
       "webauthn": {"attachment": "cross-platform"}}
      """;

  @Override
  public String factor() {
    return "custom:token";
  }

  @Override
  public Company company(World world, String name) {
    var company = world.tenant(name);
    company.defining(DEFINITION);
    return company.requiring(factor());
  }
}
