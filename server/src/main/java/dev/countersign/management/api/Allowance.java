package dev.countersign.management.api;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.util.Objects;

/**
 * How many calls a client of a tenant may make: {@link #CALLS} at once, and then as many a minute, evenly (the generic
 * cell rate algorithm, exact for simultaneous calls). Kept in memory, so the limit is each server's own: with three
 * servers behind one address a client may make up to three times as many. Thread-safe.
 */
public final class Allowance {
  public static final int CALLS = 600;
  private static final long WINDOW = Duration.ofMinutes(1).toMillis();
  private static final long EACH = WINDOW / CALLS;

  private final Cache<Client, Standing> standings =
      Caches.begin().maximumSize(100_000).expireAfterAccess(Duration.ofMinutes(10)).build();

  private record Client(TenantId tenant, String name) {}

  /**
   * How a client stands after a call.
   *
   * @param granted whether that call was within the allowance
   * @param left how many more are, now
   * @param fullAt when the whole allowance is there again
   * @param pause how long until the next call is granted
   */
  public record Standing(boolean granted, int left, Moment fullAt, Duration pause) {
    /** The headers that clients pace themselves by. */
    public Reply on(Reply reply) {
      var marked =
          reply
              .withHeader("X-RateLimit-Limit", String.valueOf(CALLS))
              .withHeader("X-RateLimit-Remaining", String.valueOf(left))
              .withHeader(
                  "X-RateLimit-Reset", String.valueOf(Math.ceilDiv(fullAt.millis(), 1000L)));
      return granted
          ? marked
          : marked.withHeader(
              "Retry-After", String.valueOf(Math.max(1, Math.ceilDiv(pause.toMillis(), 1000L))));
    }
  }

  /** Takes one call, if there is one left. */
  public Standing take(TenantId tenant, String client, Moment now) {
    return Objects.requireNonNull(
        standings
            .asMap()
            .compute(
                new Client(tenant, client),
                (_, before) ->
                    next(before == null ? now.millis() : before.fullAt().millis(), now.millis())));
  }

  private static Standing next(long fullBefore, long now) {
    // A clock set back must not leave anyone waiting for longer than a window.
    long start = Math.clamp(fullBefore, now, now + WINDOW);
    boolean granted = start + EACH - now <= WINDOW;
    long full = granted ? start + EACH : start;
    return new Standing(
        granted,
        (int) ((WINDOW - (full - now)) / EACH),
        new Moment(full),
        Duration.ofMillis(Math.max(0, full + EACH - now - WINDOW)));
  }
}
