package dev.countersign.delivery;

import dev.countersign.kernel.Secret;
import java.time.Duration;

/** What has to reach a person so that a challenge can be answered. A value; {@link Courier} carries it. */
public sealed interface Dispatch {
  /**
   * A code to a phone.
   *
   * @param number in E.164
   */
  record Text(String number, Secret code, Via via) implements Dispatch {}

  /** How a phone is reached. */
  enum Via {
    SMS,
    VOICE
  }

  /**
   * A code by mail.
   *
   * @param lasts how long it can be used
   */
  record Mail(String address, Secret code, Duration lasts) implements Dispatch {}
}
