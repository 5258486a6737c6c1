package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code factor_settings}. */
final class FactorSettingsStore {
  /** Lets one transaction at a time change a tenant's settings. */
  void lock(Tx tx, TenantId tenant) {
    tx.sql("select tenant from tenants where tenant = :tenant for update")
        .set("tenant", tenant)
        .hold();
  }

  Optional<Sealed> find(Tx tx, TenantId tenant, FactorId factor) {
    return tx.sql(
            "select document from factor_settings where tenant = :tenant and factor = :factor")
        .set("tenant", tenant)
        .set("factor", factor)
        .one(row -> row.sealed("document"));
  }

  void delete(Tx tx, TenantId tenant, FactorId factor) {
    tx.sql("delete from factor_settings where tenant = :tenant and factor = :factor")
        .set("tenant", tenant)
        .set("factor", factor)
        .update();
  }

  void put(Tx tx, TenantId tenant, FactorId factor, Sealed document, Moment now) {
    boolean changed =
        tx.sql(
                "update factor_settings set document = :document, updated_at = :now where tenant = :tenant and factor = :factor")
            .set("tenant", tenant)
            .set("factor", factor)
            .set("document", document)
            .set("now", now)
            .changedOne();
    if (changed) {
      return;
    }
    try {
      tx.sql(
              "insert into factor_settings (tenant, factor, document, updated_at) values (:tenant, :factor, :document, :now)")
          .set("tenant", tenant)
          .set("factor", factor)
          .set("document", document)
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate e) {
      throw StorageException.overtaken("first settings of a factor");
    }
  }
}
