package dev.countersign.storage;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What was read a short while ago, so that it is not read again with every step. A change made by this server counts here from
 * its commit on, whoever was just reading what was there before; one made by another server after that while. Thread-safe.
 */
public final class Recent<K, V> {
  private final Cache<K, V> kept;
  private final AtomicLong changes = new AtomicLong();

  private record Change(Object of, Object key) {}

  public Recent(Duration lasts) {
    this.kept = Caches.begin().maximumSize(10_000).expireAfterWrite(lasts).build();
  }

  /** What is kept, or else read now. A transaction that changes it reads it as it has become there. */
  public V get(Tx tx, K key, Supplier<V> reading) {
    if (tx.willTell(new Change(this, key))) {
      return reading.get();
    }
    var known = kept.getIfPresent(key);
    if (known != null) {
      return known;
    }
    long before = changes.get();
    var read = reading.get();
    kept.put(key, read);
    if (changes.get() != before) { // It may have been read just before that commit.
      kept.invalidate(key);
    }
    return read;
  }

  /** It is another from this transaction's commit on. */
  public void changed(Tx tx, K key) {
    tx.afterCommit(
        new Change(this, key),
        () -> {
          changes.incrementAndGet();
          kept.invalidate(key);
        });
  }
}
