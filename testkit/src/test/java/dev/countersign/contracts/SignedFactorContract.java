package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import java.time.Duration;
import java.util.Map;

/** What both kinds of WebAuthn keys owe: their answers are signatures of the question that was put. */
interface SignedFactorContract extends FactorContract {

  /** There is no answer to a question that was not put. */
  @Override
  default String right(Someone who) {
    return "";
  }

  @Override
  default String wrong(Someone who) {
    return "";
  }

  @Override
  default Answer rightIn(Someone who, Journey journey) {
    return typed(who.authenticator(factor()).honest().signs(journey.asked(factor())));
  }

  @Override
  default Answer wrongIn(Someone who, Journey journey) {
    return typed(who.authenticator(factor()).forging().signs(journey.asked(factor())));
  }

  @Override
  default Answer typed(String text) {
    return new Answer(Map.of("credential", Secret.of(text)));
  }

  @Override
  default String wrongReason() {
    return "signature_invalid";
  }

  @Override
  default String replayReason() {
    return "code_expired";
  }

  @Override
  default Duration life() {
    return Duration.ofMinutes(5);
  }
}
