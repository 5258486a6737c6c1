package dev.countersign.risk;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code risk_settings}. */
final class RiskSettingsStore {
  Optional<Integer> find(Tx tx, TenantId tenant) {
    return tx.sql("select remember_days from risk_settings where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.count("remember_days"));
  }

  void set(Tx tx, TenantId tenant, int days, Moment now) {
    boolean there =
        tx.sql(
                "update risk_settings set remember_days = :days, changed_at = :now where tenant = :tenant")
            .set("tenant", tenant)
            .set("days", days)
            .set("now", now)
            .changedOne();
    if (!there) {
      insert(tx, tenant, days, now);
    }
  }

  /** Whoever is overtaken tries again and finds the row. */
  private static void insert(Tx tx, TenantId tenant, int days, Moment now) {
    try {
      tx.sql(
              "insert into risk_settings (tenant, remember_days, changed_at) values (:tenant, :days, :now)")
          .set("tenant", tenant)
          .set("days", days)
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate _) {
      throw StorageException.overtaken("risk settings");
    }
  }
}
