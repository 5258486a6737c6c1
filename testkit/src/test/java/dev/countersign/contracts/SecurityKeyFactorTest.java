package dev.countersign.contracts;

import dev.countersign.testkit.WorldTest;

@WorldTest
class SecurityKeyFactorTest implements SignedFactorContract {
  @Override
  public String factor() {
    return "webauthn-roaming";
  }
}
