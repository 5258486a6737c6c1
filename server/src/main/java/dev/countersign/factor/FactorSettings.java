package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Recent;
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
  private final Recent<Key, Secret> read = new Recent<>(Tenants.FRESH);

  public FactorSettings(Sealer sealer) {
    this.sealer = sealer;
  }

  /** The settings as a JSON document; {@link #USUAL} when the tenant has set nothing. */
  public String of(Tx tx, TenantId tenant, FactorId factor) {
    return read.get(tx, new Key(tenant, factor), () -> stored(tx, tenant, factor)).reveal();
  }

  /** The settings as they are now, for whoever changes them: until the end of the transaction nobody else does. */
  public String held(Tx tx, TenantId tenant, FactorId factor) {
    store.lock(tx, tenant);
    return stored(tx, tenant, factor).reveal();
  }

  private Secret stored(Tx tx, TenantId tenant, FactorId factor) {
    return store
        .find(tx, tenant, factor)
        .map(sealed -> sealer.openSecret(place(tenant, factor), sealed))
        .orElse(Secret.of(USUAL));
  }

  /**
   * Replaces the whole document. The caller has seen to it that the factor can read it; and {@link #held} it, where the new
   * one is made from the old.
   */
  public void set(Tx tx, TenantId tenant, FactorId factor, String document, Moment now) {
    store.put(tx, tenant, factor, sealer.seal(place(tenant, factor), Secret.of(document)), now);
    read.changed(tx, new Key(tenant, factor));
  }

  /** Forgets what was set for a factor that is given up. */
  public void forget(Tx tx, TenantId tenant, FactorId factor) {
    store.delete(tx, tenant, factor);
    read.changed(tx, new Key(tenant, factor));
  }

  private static Place place(TenantId tenant, FactorId factor) {
    return new Place(tenant, "factor_settings", "document", factor.value());
  }
}
