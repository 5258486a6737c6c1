package dev.countersign.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All tenants. What is read is kept for {@link #FRESH}, so a change made on one server is live on all after that long; on
 * the server that made it, at once. While the database is away, what was last read goes on being answered. Thread-safe.
 */
public final class Tenants {
  public static final Duration FRESH = Duration.ofSeconds(2);

  /** The tenant that a bare host stands for. */
  public static final String DEFAULT_SLUG = "default";

  private final Database database;
  private final Entropy entropy;
  private final PublicAddress address;
  private final TenantStore store = new TenantStore();
  private final SandboxClockStore clocks = new SandboxClockStore();
  private final Cache<TenantId, Tenant> byId =
      Caches.begin().maximumSize(10_000).expireAfterWrite(FRESH).build();
  private final AtomicLong changes = new AtomicLong();
  private final Cache<TenantId, Tenant> lastKnown = Caches.begin().maximumSize(10_000).build();
  private final Cache<String, TenantId> lastKnownHosts = Caches.begin().maximumSize(10_000).build();
  private final Cache<TenantId, List<String>> origins =
      Caches.begin().maximumSize(10_000).expireAfterWrite(FRESH).build();
  private final Cache<String, Optional<TenantId>> byHost =
      Caches.begin().maximumSize(10_000).expireAfterWrite(FRESH).build();

  public Tenants(Database database, Entropy entropy, PublicAddress address) {
    this.database = database;
    this.entropy = entropy;
    this.address = address;
  }

  /** What came of creating one. */
  public sealed interface Creation {
    record Created(Tenant tenant) implements Creation {}

    record Taken() implements Creation {}

    record BadSlug() implements Creation {}
  }

  public Creation create(String slug, String displayName, Moment moment) {
    return create(slug, displayName, false, moment, (_, _) -> {});
  }

  /**
   * The same.
   *
   * @param sandbox whether it is for trying things out, for ever
   * @param also what else belongs into its transaction, such as the audit event
   */
  public Creation create(
      String slug,
      String displayName,
      boolean sandbox,
      Moment moment,
      BiConsumer<Tx, TenantId> also) {
    if (!slug.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      return new Creation.BadSlug();
    }
    var tenant =
        new Tenant(
            TenantId.fresh(entropy), slug, displayName, TenantSettings.usual(), sandbox, 1, moment);
    try {
      database.run(tx -> {
        store.insert(tx, tenant);
        if (sandbox) {
          clocks.insert(tx, tenant.id());
        }
        also.accept(tx, tenant.id());
      });
    } catch (StorageException.Duplicate e) {
      return new Creation.Taken();
    }
    byHost.invalidateAll();
    return new Creation.Created(tenant);
  }

  public Optional<Tenant> find(TenantId id) {
    var known = byId.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    long before = changes.get();
    try {
      var found = database.read(tx -> store.find(tx, id));
      found.ifPresent(tenant -> {
        byId.put(id, tenant);
        lastKnown.put(id, tenant);
      });
      if (changes.get() != before) { // It may have been read just before that commit.
        byId.invalidate(id);
      }
      return found;
    } catch (StorageException.Unavailable e) {
      return Optional.of(Optional.ofNullable(lastKnown.getIfPresent(id)).orElseThrow(() -> e));
    }
  }

  /**
   * A tenant that must exist, since a request was let in for it: {@link #at} has just read it. Asks for no connection then,
   * so that it may be called within a transaction.
   */
  public Tenant get(TenantId id) {
    var known = lastKnown.getIfPresent(id);
    return known != null
        ? known
        : find(id).orElseThrow(() -> new IllegalStateException("no tenant " + id));
  }

  public Optional<Tenant> bySlug(String slug) {
    return database.read(tx -> store.bySlug(tx, slug));
  }

  public List<Tenant> all() {
    return database.read(store::all);
  }

  /** The tenant at a host: one of its own, or the one that the {@link PublicAddress} gives to it. */
  public Optional<TenantId> at(String host) {
    var found = host.length() > 253 ? Optional.<TenantId>empty() : foundAt(host);
    return found.flatMap(this::find).map(Tenant::id);
  }

  private Optional<TenantId> foundAt(String host) {
    var known = byHost.getIfPresent(host);
    if (known != null) {
      return known;
    }
    try {
      var found = database.read(tx -> look(tx, host));
      byHost.put(host, found);
      found.ifPresent(tenant -> lastKnownHosts.put(host, tenant));
      return found;
    } catch (StorageException.Unavailable e) {
      return Optional.of(
          Optional.ofNullable(lastKnownHosts.getIfPresent(host)).orElseThrow(() -> e));
    }
  }

  private Optional<TenantId> look(Tx tx, String host) {
    var custom = store.byHost(tx, host);
    if (custom.isPresent()) {
      return custom;
    }
    return address.slugAt(host).flatMap(slug -> store.bySlug(tx, slug)).map(Tenant::id);
  }

  /** Where people find a tenant, for links that are not made within a request: its first own host, or the one by its name. */
  public String origin(TenantId id) {
    var own = database.read(tx -> store.hosts(tx, id));
    return address.origin(own.isEmpty() ? address.host(get(id).slug()) : own.getFirst());
  }

  /** Every origin at which a tenant is reached: at its own hosts, and at the one by its name. */
  public List<String> origins(Tx tx, TenantId id) {
    var known = origins.getIfPresent(id);
    if (known == null) {
      known =
          Stream.concat(store.hosts(tx, id).stream(), Stream.of(address.host(get(id).slug())))
              .distinct()
              .map(address::origin)
              .toList();
      origins.put(id, known);
    }
    return known;
  }

  /** Every host that a tenant answers at. */
  public List<String> hosts() {
    return database.read(tx ->
        store.all(tx).stream()
            .flatMap(tenant ->
                Stream.concat(
                    Stream.of(address.host(tenant.slug())), store.hosts(tx, tenant.id()).stream()))
            .distinct()
            .toList());
  }

  /** Adds a host of the tenant's own; false when another tenant has it. */
  public boolean addHost(TenantId id, String host) {
    try {
      database.run(tx -> store.addHost(tx, id, host.toLowerCase(Locale.ROOT)));
    } catch (StorageException.Duplicate e) {
      return false;
    }
    origins.invalidate(id);
    byHost.invalidateAll();
    return true;
  }

  /**
   * Changes what a tenant has chosen, within the caller's transaction; who is overtaken by another tries again. {@link #read}
   * it again after the commit.
   */
  public void change(Tx tx, TenantId id, UnaryOperator<TenantSettings> edit) {
    var before = store.find(tx, id).orElseThrow();
    if (!store.update(tx, before.withSettings(edit.apply(before.settings())))) {
      throw StorageException.overtaken("settings of a tenant");
    }
  }

  /** The same for everything about it but its name in host names. */
  public void changeWhole(Tx tx, TenantId id, UnaryOperator<Tenant> edit) {
    if (!store.update(tx, edit.apply(newest(tx, id)))) {
      throw StorageException.overtaken("settings of a tenant");
    }
  }

  /** A tenant as it is now, whatever is known of it here. */
  public Tenant newest(Tx tx, TenantId id) {
    return store.find(tx, id).orElseThrow();
  }

  /** Reads a tenant anew, whatever is known of it here. */
  public void read(TenantId id) {
    changes.incrementAndGet();
    byId.invalidate(id);
    find(id);
  }

  /** Knows nothing of a tenant any more, since it is deleted; other servers follow within {@link #FRESH}. */
  public void forget(TenantId id) {
    changes.incrementAndGet();
    byId.invalidate(id);
    byHost.invalidateAll();
  }

  /** Saves a changed tenant; false when somebody else changed it meanwhile. */
  public boolean save(Tenant changed) {
    return save(changed, _ -> {});
  }

  /**
   * The same.
   *
   * @param also what else belongs into its transaction, such as the audit event
   */
  public boolean save(Tenant changed, Consumer<Tx> also) {
    boolean saved =
        database.write(tx -> {
          boolean done = store.update(tx, changed);
          if (done) {
            also.accept(tx);
          }
          return done;
        });
    changes.incrementAndGet();
    byId.invalidate(changed.id());
    return find(changed.id()).isPresent() && saved;
  }
}
