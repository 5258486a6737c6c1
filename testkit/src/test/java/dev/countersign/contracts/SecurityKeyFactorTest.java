package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.Map;

@WorldTest
class SecurityKeyFactorTest implements FactorContract {
  private static final String FACTOR = "webauthn-roaming";

  @Override
  public String factor() {
    return FACTOR;
  }

  /** There is no answer to a question that was not put. */
  @Override
  public String right(Someone who) {
    return "";
  }

  @Override
  public String wrong(Someone who) {
    return "";
  }

  @Override
  public Answer rightIn(Someone who, Journey journey) {
    return typed(who.authenticator(FACTOR).honest().signs(journey.asked(FACTOR)));
  }

  @Override
  public Answer wrongIn(Someone who, Journey journey) {
    return typed(who.authenticator(FACTOR).forging().signs(journey.asked(FACTOR)));
  }

  @Override
  public Answer typed(String text) {
    return new Answer(Map.of("credential", Secret.of(text)));
  }

  @Override
  public String wrongReason() {
    return "signature_invalid";
  }

  @Override
  public String replayReason() {
    return "code_expired";
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(5);
  }
}
