package dev.countersign.identity;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code identity_schemas}. */
final class IdentitySchemaStore {
  record Row(long version, String document) {}

  Optional<Row> newest(Tx tx, TenantId tenant) {
    return tx.sql(
            "select version, document from identity_schemas where tenant = :tenant order by version desc fetch first 1 rows only")
        .set("tenant", tenant)
        .one(row -> new Row(row.number("version"), row.text("document")));
  }

  /** A {@link dev.countersign.storage.StorageException.Duplicate} tells that another was quicker. */
  void insert(Tx tx, TenantId tenant, Row row, String author, Moment now) {
    tx.sql(
            "insert into identity_schemas (tenant, version, document, author, created_at) values (:tenant, :version, :document, :author, :at)")
        .set("tenant", tenant)
        .set("version", row.version())
        .set("document", row.document())
        .set("author", author)
        .set("at", now)
        .update();
  }
}
