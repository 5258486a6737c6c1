package dev.countersign.tenant;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code kept_settings}. */
final class KeptSettingsStore {
  /** Lets one transaction at a time change a tenant's settings. */
  void lock(Tx tx, TenantId tenant) {
    tx.sql("select tenant from tenants where tenant = :tenant for update")
        .set("tenant", tenant)
        .hold();
  }

  Optional<String> find(Tx tx, TenantId tenant, String name) {
    return tx.sql("select document from kept_settings where tenant = :tenant and name = :name")
        .set("tenant", tenant)
        .set("name", name)
        .one(row -> row.text("document"));
  }

  /** The caller holds the lock. */
  void put(Tx tx, TenantId tenant, String name, String document, Moment now) {
    boolean changed =
        tx.sql(
                "update kept_settings set document = :document, updated_at = :now where tenant = :tenant and name = :name")
            .set("tenant", tenant)
            .set("name", name)
            .set("document", document)
            .set("now", now)
            .changedOne();
    if (!changed) {
      tx.sql(
              "insert into kept_settings (tenant, name, document, updated_at) values (:tenant, :name, :document, :now)")
          .set("tenant", tenant)
          .set("name", name)
          .set("document", document)
          .set("now", now)
          .update();
    }
  }
}
