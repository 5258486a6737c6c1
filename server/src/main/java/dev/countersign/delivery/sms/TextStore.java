package dev.countersign.delivery.sms;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The tables {@code text_settings} and {@code texts}. */
final class TextStore {
  /**
   * How texts to a range of numbers have fared.
   *
   * @param numbers to how many different numbers some went
   * @param completed how many of those were followed by a right code of theirs
   * @param lost to how many none arrived, as far as providers said so
   */
  record Range(int numbers, int completed, int lost) {}

  /** A text that was sent. */
  record Sent(UserId user, String method, String range) {}

  /** Lets one transaction at a time change a tenant's settings. */
  void lock(Tx tx, TenantId tenant) {
    tx.sql("select tenant from tenants where tenant = :tenant for update")
        .set("tenant", tenant)
        .hold();
  }

  Optional<Sealed> settings(Tx tx, TenantId tenant) {
    return tx.sql("select document from text_settings where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.sealed("document"));
  }

  /** The caller holds the lock. */
  void put(Tx tx, TenantId tenant, Sealed document, Moment now) {
    boolean changed =
        tx.sql(
                "update text_settings set document = :document, updated_at = :now where tenant = :tenant")
            .set("tenant", tenant)
            .set("document", document)
            .set("now", now)
            .changedOne();
    if (!changed) {
      tx.sql(
              "insert into text_settings (tenant, document, updated_at) values (:tenant, :document, :now)")
          .set("tenant", tenant)
          .set("document", document)
          .set("now", now)
          .update();
    }
  }

  void insert(
      Tx tx,
      TenantId tenant,
      String id,
      UserId user,
      String method,
      Digest number,
      String range,
      Moment now) {
    tx.sql(
            "insert into texts (tenant, id, user_id, method, number, number_range, sent_at)"
                + " values (:tenant, :id, :user, :method, :number, :range, :now)")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .set("method", method)
        .set("number", number)
        .set("range", range)
        .set("now", now)
        .update();
  }

  Range range(Tx tx, TenantId tenant, String range, Moment since) {
    return tx.sql(
            "select count(distinct t.number) as numbers,"
                + " count(distinct case when exists (select 1 from proofs p where p.tenant = t.tenant and p.user_id = t.user_id"
                + " and p.method = t.method and p.proven_at >= t.sent_at) then t.number end) as completed,"
                + " count(distinct case when t.receipt = 'lost' then t.number end) as lost"
                + " from texts t where t.tenant = :tenant and t.number_range = :range and t.sent_at > :since")
        .set("tenant", tenant)
        .set("range", range)
        .set("since", since)
        .one(row -> new Range(row.count("numbers"), row.count("completed"), row.count("lost")))
        .orElse(new Range(0, 0, 0));
  }

  /** Takes a receipt in; false when it says nothing new. That a text arrived is believed even when another provider lost it. */
  boolean heard(Tx tx, TenantId tenant, Receipt receipt, Moment now) {
    return tx.sql(
            "update texts set receipt = :receipt, receipt_at = :now where tenant = :tenant and id = :id"
                + " and (receipt is null or (receipt = 'lost' and :receipt = 'arrived'))")
        .set("tenant", tenant)
        .set("id", receipt.text())
        .set("receipt", receipt.state().word())
        .set("now", now)
        .changedOne();
  }

  Optional<Sent> sent(Tx tx, TenantId tenant, String id) {
    return tx.sql(
            "select user_id, method, number_range from texts where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(row ->
            new Sent(
                new UserId(row.text("user_id")), row.text("method"), row.text("number_range")));
  }

  int deleteSentBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from texts where tenant = :tenant and id in (select id from texts where tenant = :tenant"
                + " and sent_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }
}
