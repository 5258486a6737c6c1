package dev.countersign.delivery.push;

import java.time.Duration;

/**
 * How long a service keeps a message for a device that is out of reach, and what takes its place.
 *
 * @param type the word by which an app tells messages apart
 * @param lasts after that it is of no use
 */
record Terms(String type, Duration lasts) {
  private static final Duration DECIDABLE = Duration.ofMinutes(2);
  private static final Duration READABLE = Duration.ofDays(1);

  static Terms of(Waker.Word word) {
    return switch (word) {
      case Waker.Word.Approval _ -> new Terms("approval", DECIDABLE);
      case Waker.Word.Alert(var topic, var _, var _) -> new Terms(topic, READABLE);
    };
  }
}
