package dev.countersign.delivery.sms;

import dev.countersign.kernel.Moment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a provider alone for a while after it has failed several times in a row, so that people do not wait for somebody who
 * does not answer. When the while is over one text tries again. On each server for itself. Thread-safe.
 */
final class Breaker {
  private static final int FAILURES = 3;
  private static final Duration REST = Duration.ofSeconds(30);

  private int inARow;
  private @Nullable Moment restsUntil;

  /** Whether to ask the provider now. */
  synchronized boolean admits(Moment now) {
    if (restsUntil == null) {
      return true;
    }
    if (now.reached(restsUntil)) {
      restsUntil = now.plus(REST); // Whoever comes first tries; the others go on sparing it.
      return true;
    }
    return false;
  }

  synchronized void worked() {
    inARow = 0;
    restsUntil = null;
  }

  synchronized void failed(Moment now) {
    inARow++;
    if (inARow >= FAILURES) {
      restsUntil = now.plus(REST);
    }
  }
}
