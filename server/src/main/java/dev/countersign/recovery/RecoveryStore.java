package dev.countersign.recovery;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table {@code recoveries}, of each person the newest. Every move is one conditional UPDATE. */
final class RecoveryStore {
  private static final String COLUMNS =
      "user_id, id, state, started_at, due_at, ends_at, told, tell_at, reason, changed_at";

  Optional<Recovery> find(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select " + COLUMNS + " from recoveries where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .one(RecoveryStore::recovery);
  }

  /** Those that may go on. */
  List<Recovery> waiting(Tx tx, TenantId tenant, Moment now, int most) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from recoveries where tenant = :tenant and state = 'waiting' and ends_at > :now"
                + " order by tell_at, user_id fetch first :most rows only")
        .set("tenant", tenant)
        .set("now", now)
        .set("most", most)
        .list(RecoveryStore::recovery);
  }

  /** Takes the place of one that is over; false when one goes on, or there was none. */
  boolean replace(Tx tx, TenantId tenant, Recovery it) {
    return set(
            tx.sql(
                "update recoveries set id = :id, state = :state, started_at = :started, due_at = :due, ends_at = :ends,"
                    + " told = :told, tell_at = :tell, reason = :reason, changed_at = :changed"
                    + " where tenant = :tenant and user_id = :user and (state <> 'waiting' or ends_at <= :started)"),
            tenant,
            it)
        .changedOne();
  }

  void insert(Tx tx, TenantId tenant, Recovery it) {
    set(
            tx.sql(
                "insert into recoveries (tenant, "
                    + COLUMNS
                    + ") values (:tenant, :user, :id, :state, :started, :due, :ends, :told, :tell, :reason, :changed)"),
            tenant,
            it)
        .update();
  }

  private static Query set(Query query, TenantId tenant, Recovery it) {
    return query
        .set("tenant", tenant)
        .set("user", it.user())
        .set("id", it.id())
        .set("state", it.state().name().toLowerCase(Locale.ROOT))
        .set("started", it.startedAt())
        .set("due", it.dueAt())
        .set("ends", it.endsAt())
        .set("told", it.told())
        .set("tell", it.tellAt())
        .set("reason", it.reason())
        .set("changed", it.changedAt());
  }

  boolean cancel(Tx tx, TenantId tenant, Recovery it, String reason, Moment now) {
    return tx.sql(
            "update recoveries set state = 'cancelled', reason = :reason, changed_at = :now"
                + " where tenant = :tenant and user_id = :user and id = :id and state = 'waiting'")
        .set("tenant", tenant)
        .set("user", it.user())
        .set("id", it.id())
        .set("reason", reason)
        .set("now", now)
        .changedOne();
  }

  boolean complete(Tx tx, TenantId tenant, Recovery it, Moment now) {
    return tx.sql(
            "update recoveries set state = 'completed', changed_at = :now"
                + " where tenant = :tenant and user_id = :user and id = :id and state = 'waiting'"
                + " and due_at <= :now and ends_at > :now")
        .set("tenant", tenant)
        .set("user", it.user())
        .set("id", it.id())
        .set("now", now)
        .changedOne();
  }

  /** Of several servers one tells; false when another was quicker. */
  boolean told(Tx tx, TenantId tenant, Recovery it, Moment next) {
    return tx.sql(
            "update recoveries set told = told + 1, tell_at = :next"
                + " where tenant = :tenant and user_id = :user and id = :id and state = 'waiting' and told = :told")
        .set("tenant", tenant)
        .set("user", it.user())
        .set("id", it.id())
        .set("told", it.told())
        .set("next", next)
        .changedOne();
  }

  int deleteChangedBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from recoveries where tenant = :tenant and user_id in (select user_id from recoveries"
                + " where tenant = :tenant and changed_at < :before and ends_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static Recovery recovery(Query.Row row) {
    return new Recovery(
        new UserId(row.text("user_id")),
        row.text("id"),
        Recovery.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.moment("started_at"),
        row.moment("due_at"),
        row.moment("ends_at"),
        row.number("told"),
        row.moment("tell_at"),
        row.text("reason"),
        row.moment("changed_at"));
  }
}
