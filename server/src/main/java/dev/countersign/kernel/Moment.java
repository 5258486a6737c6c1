package dev.countersign.kernel;

import java.time.Duration;
import java.time.Instant;

/**
 * A point in time in whole milliseconds since 1970 UTC, handed in by the caller so that no rule reads a clock. One rule
 * holds for every expiry in the product: something is valid while {@code now < expiry}.
 */
public record Moment(long millis) implements Comparable<Moment> {

  public static Moment of(Instant instant) {
    return new Moment(instant.toEpochMilli());
  }

  public static Moment ofSeconds(long seconds) {
    return new Moment(Math.multiplyExact(seconds, 1000L));
  }

  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  /** Whole seconds since 1970, rounded down: the NumericDate of RFC 7519 section 2. */
  public long seconds() {
    return Math.floorDiv(millis, 1000L);
  }

  public Moment plus(Duration duration) {
    return new Moment(millis + duration.toMillis());
  }

  public Moment minus(Duration duration) {
    return new Moment(millis - duration.toMillis());
  }

  public boolean isBefore(Moment other) {
    return millis < other.millis;
  }

  /** Whether something that ends at {@code expiry} is over at this moment. */
  public boolean reached(Moment expiry) {
    return millis >= expiry.millis;
  }

  /** Time since {@code earlier}; never negative, so that a clock set back cannot make anything younger than new. */
  public Duration since(Moment earlier) {
    return Duration.ofMillis(Math.max(0, millis - earlier.millis));
  }

  /** Time until {@code later}; zero when that is past. */
  public Duration until(Moment later) {
    return later.since(this);
  }

  @Override
  public int compareTo(Moment other) {
    return Long.compare(millis, other.millis);
  }

  /** ISO 8601 in UTC with milliseconds always shown, such as {@code 2026-01-31T10:20:30.120Z}. */
  @Override
  public String toString() {
    var text = Instant.ofEpochMilli(millis).toString();
    return switch (text.length()) {
      case 20 -> text.substring(0, 19) + ".000Z";
      default -> text;
    };
  }
}
