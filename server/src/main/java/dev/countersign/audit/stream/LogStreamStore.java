package dev.countersign.audit.stream;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The tables {@code log_streams} and {@code log_deliveries}. */
final class LogStreamStore {
  private static final String COLUMNS =
      "s.tenant, s.id, s.status, s.document, s.tries, s.next_try_at, s.created_at";

  record Row(
      TenantId tenant,
      String id,
      LogStream.Status status,
      Sealed document,
      long tries,
      Moment nextTryAt,
      Moment createdAt) {}

  /** An event that a stream has not taken yet. */
  record Note(String event, Moment queuedAt) {}

  void insert(Tx tx, TenantId tenant, LogStream stream, Sealed document) {
    tx.sql(
            "insert into log_streams (tenant, id, status, document, tries, next_try_at, created_at)"
                + " values (:tenant, :id, :status, :document, 0, :now, :now)")
        .set("tenant", tenant)
        .set("id", stream.id())
        .set("status", stream.status())
        .set("document", document)
        .set("now", stream.createdAt())
        .update();
  }

  boolean update(Tx tx, TenantId tenant, LogStream stream, Sealed document, Moment now) {
    return tx.sql(
            "update log_streams set status = :status, document = :document, tries = 0, next_try_at = :now"
                + " where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", stream.id())
        .set("status", stream.status())
        .set("document", document)
        .set("now", now)
        .changedOne();
  }

  boolean delete(Tx tx, TenantId tenant, String id) {
    tx.sql("delete from log_deliveries where tenant = :tenant and stream = :id")
        .set("tenant", tenant)
        .set("id", id)
        .update();
    return tx.sql("delete from log_streams where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  List<Row> all(Tx tx, TenantId tenant) {
    return tx.sql(
            "select " + COLUMNS + " from log_streams s where s.tenant = :tenant order by s.id")
        .set("tenant", tenant)
        .list(LogStreamStore::row);
  }

  Optional<Row> find(Tx tx, TenantId tenant, String id) {
    return tx.sql(
            "select " + COLUMNS + " from log_streams s where s.tenant = :tenant and s.id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(LogStreamStore::row);
  }

  /** Those that may be called and have something to be told, of all tenants. */
  List<Row> due(Tx tx, Moment now, int most) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from log_streams s where s.status = 'ACTIVE' and s.next_try_at <= :now"
                + " and exists (select 1 from log_deliveries d where d.tenant = s.tenant and d.stream = s.id"
                + " and d.given_up_at is null)"
                + " order by s.next_try_at fetch first :most rows only")
        .set("now", now)
        .set("most", most)
        .list(LogStreamStore::row);
  }

  /** Whether nobody else has it, until that time. */
  boolean claim(Tx tx, Row row, Moment until) {
    return tx.sql(
            "update log_streams set next_try_at = :until where tenant = :tenant and id = :id and next_try_at = :before")
        .set("tenant", row.tenant())
        .set("id", row.id())
        .set("before", row.nextTryAt())
        .set("until", until)
        .changedOne();
  }

  /** What came of it: when it may be called again, unless somebody has changed it meanwhile. */
  void settle(Tx tx, Row row, Moment claimedUntil, long tries, Moment nextTryAt) {
    tx.sql(
            "update log_streams set tries = :tries, next_try_at = :next"
                + " where tenant = :tenant and id = :id and next_try_at = :claimed")
        .set("tenant", row.tenant())
        .set("id", row.id())
        .set("claimed", claimedUntil)
        .set("tries", tries)
        .set("next", nextTryAt)
        .update();
  }

  void note(Tx tx, TenantId tenant, String stream, String event, Moment now) {
    tx.sql(
            "insert into log_deliveries (tenant, stream, event, queued_at) values (:tenant, :stream, :event, :now)")
        .set("tenant", tenant)
        .set("stream", stream)
        .set("event", event)
        .set("now", now)
        .update();
  }

  List<Note> notes(Tx tx, TenantId tenant, String stream, int most) {
    return tx.sql(
            "select event, queued_at from log_deliveries where tenant = :tenant and stream = :stream"
                + " and given_up_at is null order by event fetch first :most rows only")
        .set("tenant", tenant)
        .set("stream", stream)
        .set("most", most)
        .list(row -> new Note(row.text("event"), row.moment("queued_at")));
  }

  void taken(Tx tx, TenantId tenant, String stream, List<String> events) {
    tx.sql(
            "delete from log_deliveries where tenant = :tenant and stream = :stream and event in (:events)")
        .set("tenant", tenant)
        .set("stream", stream)
        .set("events", events)
        .update();
  }

  int giveUp(Tx tx, TenantId tenant, String stream, Moment queuedBefore, Moment now) {
    return tx.sql(
            "update log_deliveries set given_up_at = :now where tenant = :tenant and stream = :stream"
                + " and given_up_at is null and queued_at <= :before")
        .set("tenant", tenant)
        .set("stream", stream)
        .set("before", queuedBefore)
        .set("now", now)
        .update();
  }

  int takeUpAgain(Tx tx, TenantId tenant, String stream, Moment now) {
    return tx.sql(
            "update log_deliveries set given_up_at = null, queued_at = :now where tenant = :tenant"
                + " and stream = :stream and given_up_at is not null")
        .set("tenant", tenant)
        .set("stream", stream)
        .set("now", now)
        .update();
  }

  long deadLetters(Tx tx, TenantId tenant, String stream) {
    return tx.sql(
            "select count(*) as n from log_deliveries where tenant = :tenant and stream = :stream"
                + " and given_up_at is not null")
        .set("tenant", tenant)
        .set("stream", stream)
        .one(row -> row.number("n"))
        .orElse(0L);
  }

  /** Also what was noted for a stream while it was deleted. */
  int deleteGivenUp(Tx tx, TenantId tenant, Moment before, int most) {
    var old =
        tx.sql(
                "select d.stream, d.event from log_deliveries d where d.tenant = :tenant and (d.given_up_at < :before"
                    + " or not exists (select 1 from log_streams s where s.tenant = d.tenant and s.id = d.stream))"
                    + " fetch first :most rows only")
            .set("tenant", tenant)
            .set("before", before)
            .set("most", most)
            .list(row -> List.of(row.text("stream"), row.text("event")));
    old.forEach(it -> taken(tx, tenant, it.get(0), List.of(it.get(1))));
    return old.size();
  }

  private static Row row(Query.Row row) {
    return new Row(
        new TenantId(row.text("tenant")),
        row.text("id"),
        LogStream.Status.valueOf(row.text("status")),
        row.sealed("document"),
        row.number("tries"),
        row.moment("next_try_at"),
        row.moment("created_at"));
  }
}
