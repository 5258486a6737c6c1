package dev.countersign.proof;

import java.time.Duration;

/**
 * How many wrong answers a door stands (SP 800-63B-4 section 3.2.2): {@code burst} within {@code window}, after which it
 * rests for {@code rest}, twice as long each time it happens again within a day, up to a day; and {@code ceiling} in a row
 * altogether, after which it stays closed until whatever it guards is set anew.
 */
public record GuessLimits(int burst, Duration window, Duration rest, int ceiling) {
  static final Duration LONGEST_REST = Duration.ofDays(1);

  Duration restAfter(int rounds) {
    var longer = rest.multipliedBy(1L << Math.min(rounds, 20));
    return longer.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : longer;
  }
}
