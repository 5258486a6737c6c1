package dev.countersign.factor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;

/**
 * What tenants have set for their factors, each in the factor's own form, sealed at rest since it may hold keys. What is
 * read is kept for {@link Tenants#FRESH}: a change counts everywhere after that long.
 * Thread-safe.
 */
public final class FactorSettings {
  /** Of a tenant that has set nothing. */
  public static final String USUAL = "{}";

  private record Key(TenantId tenant, FactorId factor) {}

  private final Sealer sealer;
  private final FactorSettingsStore store = new FactorSettingsStore();
  private final Cache<Key, Secret> read =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();

  public FactorSettings(Sealer sealer) {
    this.sealer = sealer;
  }

  /** The settings as a JSON document; {@link #USUAL} when the tenant has set nothing. */
  public String of(Tx tx, TenantId tenant, FactorId factor) {
    var key = new Key(tenant, factor);
    var known = read.getIfPresent(key);
    if (known == null) {
      known =
          store
              .find(tx, tenant, factor)
              .map(sealed -> sealer.openSecret(place(tenant, factor), sealed))
              .orElse(Secret.of(USUAL));
      read.put(key, known);
    }
    return known.reveal();
  }

  /** Replaces the whole document. The caller has seen to it that the factor can read it. */
  public void set(Tx tx, TenantId tenant, FactorId factor, String document, Moment now) {
    store.put(tx, tenant, factor, sealer.seal(place(tenant, factor), Secret.of(document)), now);
    read.invalidate(new Key(tenant, factor));
  }

  /** Forgets what was set for a factor that is given up. */
  public void forget(Tx tx, TenantId tenant, FactorId factor) {
    store.delete(tx, tenant, factor);
    read.invalidate(new Key(tenant, factor));
  }

  private static Place place(TenantId tenant, FactorId factor) {
    return new Place(tenant, "factor_settings", "document", factor.value());
  }
}
