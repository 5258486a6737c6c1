package dev.countersign.delivery.mail;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;

/** The table {@code outbox}. */
final class OutboxStore {
  /** When a mail that was given up is due. */
  private static final Moment NEVER = new Moment(Long.MAX_VALUE);

  /** A row, as found due. {@code tries} counts those before. */
  record Row(TenantId tenant, String id, Sealed message, int tries, Moment due, Moment createdAt) {}

  void insert(Tx tx, TenantId tenant, String id, Sealed message, Moment now) {
    tx.sql(
            "insert into outbox (tenant, id, channel, message, tries, next_try_at, created_at)"
                + " values (:tenant, :id, 'mail', :message, 0, :now, :now)")
        .set("tenant", tenant)
        .set("id", id)
        .set("message", message)
        .set("now", now)
        .update();
  }

  /** Of all tenants, the longest due first. */
  List<Row> due(Tx tx, Moment now, int most) {
    return tx.sql(
            "select tenant, id, message, tries, next_try_at, created_at from outbox where next_try_at <= :now"
                + " order by next_try_at fetch first :most rows only")
        .set("now", now)
        .set("most", most)
        .list(OutboxStore::row);
  }

  private static Row row(Query.Row row) {
    return new Row(
        new TenantId(row.text("tenant")),
        row.text("id"),
        row.sealed("message"),
        row.count("tries"),
        row.moment("next_try_at"),
        row.moment("created_at"));
  }

  /** Of one tenant. */
  List<Row> due(Tx tx, TenantId tenant, Moment now, int most) {
    return tx.sql(
            "select tenant, id, message, tries, next_try_at, created_at from outbox where tenant = :tenant"
                + " and next_try_at <= :now order by next_try_at fetch first :most rows only")
        .set("tenant", tenant)
        .set("now", now)
        .set("most", most)
        .list(OutboxStore::row);
  }

  /** Takes a row for this server until {@code until}; false when another was quicker. */
  boolean claim(Tx tx, Row row, Moment until) {
    return tx.sql(
            "update outbox set tries = tries + 1, next_try_at = :until where tenant = :tenant and id = :id and next_try_at = :due")
        .set("tenant", row.tenant())
        .set("id", row.id())
        .set("due", row.due())
        .set("until", until)
        .changedOne();
  }

  void later(Tx tx, TenantId tenant, String id, Moment when) {
    tx.sql("update outbox set next_try_at = :when where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .set("when", when)
        .update();
  }

  /** Keeps that there was one, without what it said. */
  void giveUp(Tx tx, TenantId tenant, String id, Sealed nothing, Moment now) {
    tx.sql(
            "update outbox set given_up_at = :now, next_try_at = :never, message = :nothing where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .set("never", NEVER)
        .set("nothing", nothing)
        .update();
  }

  void delete(Tx tx, TenantId tenant, String id) {
    tx.sql("delete from outbox where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .update();
  }

  int deleteGivenUp(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from outbox where tenant = :tenant and id in (select id from outbox where tenant = :tenant"
                + " and given_up_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }
}
