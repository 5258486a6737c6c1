package dev.countersign.delivery.push;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code push_keys}. */
final class ServerKeyStore {
  Optional<Sealed> find(Tx tx, TenantId tenant) {
    return tx.sql("select document from push_keys where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.sealed("document"));
  }

  void insert(Tx tx, TenantId tenant, String publicKey, Sealed document, Moment now) {
    try {
      tx.sql(
              "insert into push_keys (tenant, public_key, document, created_at) values (:tenant, :publicKey, :document, :now)")
          .set("tenant", tenant)
          .set("publicKey", publicKey)
          .set("document", document)
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate e) {
      throw StorageException.overtaken("first push key of a tenant");
    }
  }
}
