package dev.countersign.proof;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import java.time.Duration;

/**
 * How many wrong answers there were of late, as far as this server knows: those that it counted itself, and what it read of
 * those that others counted. It forgets on a right answer no more than otherwise, and everything when it is started anew. It
 * stops nobody; {@link Guesses} does. Thread-safe, in bounded memory.
 */
public final class RecentFailures {
  /** It looks back for so long, and for as long again where that was not over. */
  public static final Duration STRETCH = Duration.ofMinutes(10);

  private static final int MOST = 50_000;
  private static final String EVERYBODY = "*";

  private final Cache<Key, Count> counts = Caches.begin().maximumSize(MOST).build();

  private record Key(TenantId tenant, String subject) {}

  /**
   * Wrong answers.
   *
   * @param stretch number of the stretch of time
   * @param before how many there were in the stretch before it
   */
  private record Count(long stretch, int now, int before) {
    static Count at(long stretch) {
      return new Count(stretch, 0, 0);
    }

    Count in(long current) {
      if (current <= stretch) {
        return this;
      }
      return new Count(current, 0, current == stretch + 1 ? now : 0);
    }

    Count more() {
      return new Count(stretch, now + 1, before);
    }

    Count atLeast(int count) {
      return count <= now + before ? this : new Count(stretch, count - before, before);
    }

    int sum() {
      return now + before;
    }
  }

  /** A wrong answer of a person, from a network, or for a name that is nobody's. */
  void count(TenantId tenant, String subject, Moment now) {
    add(new Key(tenant, subject), now);
    if (!subject.startsWith("address ") && !subject.startsWith("network ")) {
      add(new Key(tenant, EVERYBODY), now);
    }
  }

  private void add(Key key, Moment now) {
    long stretch = stretch(now);
    counts
        .asMap()
        .compute(key, (_, it) -> (it == null ? Count.at(stretch) : it.in(stretch)).more());
  }

  /** So many were counted since then, wherever. */
  void read(TenantId tenant, String subject, int count, Moment since, Moment now) {
    if (count > 0 && now.since(since).compareTo(STRETCH) < 0) {
      long stretch = stretch(now);
      counts
          .asMap()
          .compute(
              new Key(tenant, subject),
              (_, it) -> (it == null ? Count.at(stretch) : it.in(stretch)).atLeast(count));
    }
  }

  /**
   * Of late.
   *
   * @param subject a person's id, or a network as {@link dev.countersign.kernel.Occasion#network} has it
   */
  public int of(TenantId tenant, String subject, Moment now) {
    var it = counts.getIfPresent(new Key(tenant, subject));
    return it == null ? 0 : it.in(stretch(now)).sum();
  }

  /** Of late, of everybody. */
  public int inTenant(TenantId tenant, Moment now) {
    return of(tenant, EVERYBODY, now);
  }

  private static long stretch(Moment at) {
    return Math.floorDiv(at.millis(), STRETCH.toMillis());
  }
}
