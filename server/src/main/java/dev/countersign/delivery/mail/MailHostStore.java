package dev.countersign.delivery.mail;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code mail_hosts}. */
final class MailHostStore {
  Optional<Sealed> find(Tx tx, TenantId tenant) {
    return tx.sql("select document from mail_hosts where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.sealed("document"));
  }

  /** Of two that set it for the first time at once, one fails as a duplicate. */
  void put(Tx tx, TenantId tenant, Sealed document, Moment now) {
    boolean changed =
        tx.sql(
                "update mail_hosts set document = :document, updated_at = :now where tenant = :tenant")
            .set("tenant", tenant)
            .set("document", document)
            .set("now", now)
            .changedOne();
    if (!changed) {
      tx.sql(
              "insert into mail_hosts (tenant, document, updated_at) values (:tenant, :document, :now)")
          .set("tenant", tenant)
          .set("document", document)
          .set("now", now)
          .update();
    }
  }

  boolean delete(Tx tx, TenantId tenant) {
    return tx.sql("delete from mail_hosts where tenant = :tenant")
        .set("tenant", tenant)
        .changedOne();
  }
}
