package dev.countersign.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All tenants. What is read is kept for {@link #FRESH}, so a change made on one server is live on all after that long; on
 * the server that made it, at once. Thread-safe.
 */
public final class Tenants {
  public static final Duration FRESH = Duration.ofSeconds(2);

  /** The tenant that a bare host stands for. */
  public static final String DEFAULT_SLUG = "default";

  private final Database database;
  private final Entropy entropy;
  private final String suffix;
  private final TenantStore store = new TenantStore();
  private final Cache<TenantId, Tenant> byId = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(FRESH).build();
  private final Cache<String, Optional<TenantId>> byHost = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(FRESH).build();

  /**
   * Serves the tenants of one database.
   *
   * @param suffix the domain under which tenants live: with {@code localhost}, Acme's host is {@code acme.localhost}
   */
  public Tenants(Database database, Entropy entropy, String suffix) {
    this.database = database;
    this.entropy = entropy;
    this.suffix = suffix.toLowerCase(Locale.ROOT);
  }

  /** What came of creating one. */
  public sealed interface Creation {
    record Created(Tenant tenant) implements Creation {}

    record Taken() implements Creation {}

    record BadSlug() implements Creation {}
  }

  public Creation create(String slug, String displayName, Moment moment) {
    if (!slug.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      return new Creation.BadSlug();
    }
    var tenant = new Tenant(TenantId.fresh(entropy), slug, displayName, TenantSettings.usual(), 1, moment);
    try {
      database.run(tx -> store.insert(tx, tenant));
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
    var found = database.read(tx -> store.find(tx, id));
    found.ifPresent(tenant -> byId.put(id, tenant));
    return found;
  }

  /** A tenant that must exist, since a request was let in for it. */
  public Tenant get(TenantId id) {
    return find(id).orElseThrow(() -> new IllegalStateException("no tenant " + id));
  }

  public Optional<Tenant> bySlug(String slug) {
    return database.read(tx -> store.bySlug(tx, slug));
  }

  public List<Tenant> all() {
    return database.read(store::all);
  }

  /** The tenant at a host: a custom host, {@code slug.suffix}, or the default tenant at the bare suffix and at addresses. */
  public Optional<TenantId> at(String host) {
    if (host.length() > 253) {
      return Optional.empty();
    }
    return byHost.get(host, this::look);
  }

  private Optional<TenantId> look(String host) {
    return database.read(tx -> {
      var custom = store.byHost(tx, host);
      if (custom.isPresent()) {
        return custom;
      }
      if (host.equals(suffix) || host.equals("127.0.0.1") || host.equals("[::1]")) {
        return store.bySlug(tx, DEFAULT_SLUG).map(Tenant::id);
      }
      return host.endsWith("." + suffix)
          ? store.bySlug(tx, host.substring(0, host.length() - suffix.length() - 1)).map(Tenant::id)
          : Optional.empty();
    });
  }

  /** Adds a host of the tenant's own; false when another tenant has it. */
  public boolean addHost(TenantId id, String host) {
    try {
      database.run(tx -> store.addHost(tx, id, host.toLowerCase(Locale.ROOT)));
    } catch (StorageException.Duplicate e) {
      return false;
    }
    byHost.invalidateAll();
    return true;
  }

  /** Saves a changed tenant; false when somebody else changed it meanwhile. */
  public boolean save(Tenant changed) {
    boolean saved = database.write(tx -> store.update(tx, changed));
    byId.invalidate(changed.id());
    return saved;
  }
}
