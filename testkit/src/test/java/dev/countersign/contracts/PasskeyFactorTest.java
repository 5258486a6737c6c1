package dev.countersign.contracts;

import dev.countersign.testkit.WorldTest;

@WorldTest
class PasskeyFactorTest implements SignedFactorContract {
  @Override
  public String factor() {
    return "webauthn-platform";
  }
}
