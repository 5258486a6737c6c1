package dev.countersign.delivery.sandbox;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;

/** The table {@code sandbox_messages}. */
final class SandboxMessageStore {
  record Row(String id, String channel, String to, Sealed message, Moment at) {}

  void insert(Tx tx, TenantId tenant, Row it) {
    tx.sql(
            "insert into sandbox_messages (tenant, id, channel, recipient, message, created_at)"
                + " values (:tenant, :id, :channel, :to, :message, :at)")
        .set("tenant", tenant)
        .set("id", it.id())
        .set("channel", it.channel())
        .set("to", it.to())
        .set("message", it.message())
        .set("at", it.at())
        .update();
  }

  /** An empty channel or address stands for every one. */
  List<Row> newest(Tx tx, TenantId tenant, String channel, String to, int most) {
    return tx.sql(
            "select id, channel, recipient, message, created_at from sandbox_messages where tenant = :tenant"
                + " and (:channel = '' or channel = :channel) and (:to = '' or recipient = :to)"
                + " order by created_at desc, id desc fetch first :most rows only")
        .set("tenant", tenant)
        .set("channel", channel)
        .set("to", to)
        .set("most", most)
        .list(row ->
            new Row(
                row.text("id"),
                row.text("channel"),
                row.text("recipient"),
                row.sealed("message"),
                row.moment("created_at")));
  }

  int deleteAll(Tx tx, TenantId tenant) {
    return tx.sql("delete from sandbox_messages where tenant = :tenant")
        .set("tenant", tenant)
        .update();
  }

  int deleteBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from sandbox_messages where tenant = :tenant and id in (select id from sandbox_messages"
                + " where tenant = :tenant and created_at < :before order by created_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }
}
