package dev.countersign.risk;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;

/** For how many days a device is known to be a person's. Thread-safe. */
public final class RiskSettings {
  /** Where a tenant has set nothing. */
  public static final int USUAL_DAYS = 30;

  private final RiskSettingsStore store = new RiskSettingsStore();

  public int rememberedDays(Tx tx, TenantId tenant) {
    return store.find(tx, tenant).orElse(USUAL_DAYS);
  }

  public void remember(Tx tx, TenantId tenant, int days, Moment now) {
    store.set(tx, tenant, days, now);
  }
}
