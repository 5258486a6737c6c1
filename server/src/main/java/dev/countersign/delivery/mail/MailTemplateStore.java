package dev.countersign.delivery.mail;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code mail_templates}. */
final class MailTemplateStore {
  Optional<String> find(Tx tx, TenantId tenant, String name) {
    return tx.sql("select document from mail_templates where tenant = :tenant and name = :name")
        .set("tenant", tenant)
        .set("name", name)
        .one(row -> row.text("document"));
  }

  /** Of two that set a template for the first time at once, one fails as a duplicate. */
  void put(Tx tx, TenantId tenant, String name, String document, Moment now) {
    boolean changed =
        tx.sql(
                "update mail_templates set document = :document, updated_at = :now where tenant = :tenant and name = :name")
            .set("tenant", tenant)
            .set("name", name)
            .set("document", document)
            .set("now", now)
            .changedOne();
    if (!changed) {
      tx.sql(
              "insert into mail_templates (tenant, name, document, updated_at) values (:tenant, :name, :document, :now)")
          .set("tenant", tenant)
          .set("name", name)
          .set("document", document)
          .set("now", now)
          .update();
    }
  }
}
