package dev.countersign.testkit;

import dev.countersign.kernel.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is told to move. Thread-safe. */
public final class TestClock implements InstantSource {
  /** A Monday morning, in the middle of a 30-second step. */
  public static final Instant MORNING = Instant.parse("2026-03-02T09:00:15Z");

  private final AtomicReference<Instant> now;

  public TestClock(Instant start) {
    this.now = new AtomicReference<>(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  public Moment now() {
    return Moment.of(instant());
  }

  public void set(Instant instant) {
    now.set(instant);
  }

  /** Moves it on, or back when the duration is negative. */
  public void advance(Duration by) {
    now.updateAndGet(before -> before.plus(by));
  }

  /** The same time seen on a machine whose clock is off by {@code skew}. */
  public InstantSource skewed(Duration skew) {
    return () -> instant().plus(skew);
  }
}
