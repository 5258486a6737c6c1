package dev.countersign.storage;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was read of an embedded database, kept until somebody changes it. Nobody can but its own process, and there every
 * statement says which table it changes, so that nothing old is ever handed out; a unit of work that has changed something
 * itself reads it. Of PostgreSQL, which other servers change as well, nothing is kept: for what may be a little old there,
 * {@link Recent} is. Only for values that nobody changes, and none that is secret. Thread-safe.
 *
 * @param <K> names what is read: a value with its own notion of equality
 */
public final class Mirror<K, V> {
  /** As many as are under way at a time; a sign-in asks for the same a dozen times, and then never again. */
  private static final int MOST = 500;

  private static final Duration LASTS = Duration.ofMinutes(10);

  private final List<String> tables;
  private final Cache<K, Seen<V>> kept =
      Caches.begin().maximumSize(MOST).expireAfterAccess(LASTS).build();

  private record Seen<V>(Changes of, long stamp, V value) {}

  private Mirror(List<String> tables) {
    this.tables = tables;
  }

  /** Of what is read from these tables and no others; none of them loses rows when rows of yet another are deleted. */
  public static <K, V> Mirror<K, V> of(String... tables) {
    return new Mirror<>(List.of(tables));
  }

  /** What is known, or else what {@code reading} finds now. */
  public V get(Tx tx, K key, Supplier<V> reading) {
    var changes = tx.changes();
    if (changes == null || tx.hasChanged(tables)) {
      return reading.get();
    }
    // Before it is read: what changes meanwhile counts as seen too late.
    long stamp = changes.of(tables, key);
    var seen = kept.getIfPresent(key);
    if (seen != null && seen.of() == changes && seen.stamp() == stamp) {
      return seen.value();
    }
    var value = reading.get();
    kept.put(key, new Seen<>(changes, stamp, value));
    return value;
  }

  /**
   * Keeps what this unit of work has just written, once it is committed: nobody has to read it first. Not where the same unit
   * of work changes it once more without saying what it is then.
   *
   * @param value equal to what would be read
   */
  public void written(Tx tx, K key, V value) {
    var changes = tx.changes();
    if (changes == null) {
      return;
    }
    var mark = tx.changedSoFar();
    // Until all who wait for the commit have been told, nobody else writes.
    tx.afterCommit(
        new Written(this, key),
        () -> {
          if (!tx.hasChangedSince(mark, tables, key)) {
            kept.put(key, new Seen<>(changes, changes.of(tables, key), value));
          }
        });
  }

  private record Written(Mirror<?, ?> by, Object key) {}
}
