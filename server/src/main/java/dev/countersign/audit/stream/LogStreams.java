package dev.countersign.audit.stream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.Followers;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The streams of all tenants. With each event a note is kept for each stream that wants it, in the event's own transaction:
 * none is lost, whatever order transactions end in, and none is told that did not happen. Which streams there are is kept in
 * memory for {@link #FRESH}, so a new one is told of what happens from then on. Thread-safe.
 */
public final class LogStreams implements Followers {
  public static final int MOST = 10;
  static final Duration FRESH = Duration.ofSeconds(2);

  private final Sealer sealer;
  private final Entropy entropy;
  final LogStreamStore store = new LogStreamStore();
  private final Cache<TenantId, List<LogStream>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(FRESH).build();

  public LogStreams(Sealer sealer, Entropy entropy) {
    this.sealer = sealer;
    this.entropy = entropy;
  }

  @Override
  public void happened(Tx tx, TenantId tenant, AuditEvent event) {
    var streams = known.getIfPresent(tenant);
    if (streams == null) {
      streams = all(tx, tenant);
      known.put(tenant, streams);
    }
    if (streams.isEmpty()) {
      return;
    }
    var category = Category.of(event);
    for (var stream : streams) {
      if (stream.wants(category)) {
        store.note(tx, tenant, stream.id(), event.id(), event.occurredAt());
      }
    }
  }

  public List<LogStream> all(Tx tx, TenantId tenant) {
    return store.all(tx, tenant).stream().map(row -> read(tx, row)).toList();
  }

  public Optional<LogStream> find(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id).map(row -> read(tx, row));
  }

  /** A new one under an id of its own; empty when the tenant has {@link #MOST} already. */
  public Optional<LogStream> add(Tx tx, TenantId tenant, LogStream settings, Moment now) {
    if (store.all(tx, tenant).size() >= MOST) {
      return Optional.empty();
    }
    var stream =
        new LogStream(
            Ids.fresh("lst_", entropy),
            settings.name(),
            settings.status(),
            settings.sink(),
            settings.categories(),
            0,
            now);
    store.insert(tx, tenant, stream, sealed(tenant, stream));
    known.invalidate(tenant);
    return Optional.of(stream);
  }

  /** Its next call is at once. False when it is gone. */
  public boolean change(Tx tx, TenantId tenant, LogStream stream, Moment now) {
    known.invalidate(tenant);
    return store.update(tx, tenant, stream, sealed(tenant, stream), now);
  }

  /** With all that it has not been told. */
  public boolean remove(Tx tx, TenantId tenant, String id) {
    known.invalidate(tenant);
    return store.delete(tx, tenant, id);
  }

  /** What it never took is tried again; how many there are. */
  public int takeUpAgain(Tx tx, TenantId tenant, String id, Moment now) {
    return store.takeUpAgain(tx, tenant, id, now);
  }

  /** Forgets dead letters from before this time, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteGivenUp(tx, tenant, before, most);
  }

  LogStream read(Tx tx, LogStreamStore.Row row) {
    return LogStream.read(
        row.id(),
        row.status(),
        sealer.openSecret(place(row.tenant(), row.id()), row.document()),
        store.deadLetters(tx, row.tenant(), row.id()),
        row.createdAt());
  }

  private Sealed sealed(TenantId tenant, LogStream stream) {
    return sealer.seal(place(tenant, stream.id()), stream.document());
  }

  private static Place place(TenantId tenant, String id) {
    return new Place(tenant, "log_streams", "document", id);
  }
}
