package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.List;

/** The table {@code attempts}. */
final class GuessStore {
  record Row(
      String door,
      int inWindow,
      Moment windowStarted,
      int consecutive,
      int rounds,
      Moment lockedUntil) {}

  private final Mirror<Key, List<Row>> counted = Mirror.of("attempts");

  private record Key(TenantId tenant, String subject, List<String> doors) {}

  List<Row> rows(Tx tx, TenantId tenant, String subject, List<String> doors, boolean lock) {
    return counted.get(
        tx, new Key(tenant, subject, doors), () -> asked(tx, tenant, subject, doors, lock));
  }

  private static List<Row> asked(
      Tx tx, TenantId tenant, String subject, List<String> doors, boolean lock) {
    return tx.sql(
            "select door, in_window, window_started, consecutive, rounds, locked_until from attempts"
                + " where tenant = :tenant and subject = :subject and door in (:doors) order by door"
                + (lock ? " for update" : ""))
        .set("tenant", tenant)
        .set("subject", subject)
        .set("doors", doors)
        .list(row ->
            new Row(
                row.text("door"),
                row.count("in_window"),
                row.moment("window_started"),
                row.count("consecutive"),
                row.count("rounds"),
                row.moment("locked_until")));
  }

  /** Counts if there is room; false when there is none, or no row yet. */
  boolean count(Tx tx, TenantId tenant, String subject, Door door, Moment now) {
    var windowStart = now.minus(door.limits().window());
    return tx.sql(
            "update attempts set in_window = case when window_started <= :windowStart then 1 else in_window + 1 end,"
                + " window_started = case when window_started <= :windowStart then :now else window_started end, consecutive = consecutive + 1,"
                + " rounds = case when locked_until <= :dayAgo then 0 else rounds end"
                + " where tenant = :tenant and subject = :subject and door = :door and locked_until <= :now and consecutive < :ceiling"
                + " and (in_window < :burst or window_started <= :windowStart)")
        .set("tenant", tenant)
        .set("subject", subject)
        .set("door", door.name())
        .set("now", now)
        .set("windowStart", windowStart)
        .set("dayAgo", now.minus(GuessLimits.LONGEST_REST))
        .set("ceiling", door.limits().ceiling())
        .set("burst", door.limits().burst())
        .changedOne();
  }

  /** The first wrong answer at a door; when another one was quicker, the unit of work has to run again. */
  void first(Tx tx, TenantId tenant, String subject, Door door, Moment now) {
    try {
      tx.sql(
              "insert into attempts (tenant, subject, door, in_window, window_started, consecutive, rounds, locked_until)"
                  + " values (:tenant, :subject, :door, 1, :now, 1, 0, 0)")
          .set("tenant", tenant)
          .set("subject", subject)
          .set("door", door.name())
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate e) {
      throw StorageException.overtaken("first wrong answer");
    }
  }

  void rest(Tx tx, TenantId tenant, String subject, Door door, Moment until) {
    tx.sql(
            "update attempts set locked_until = :until, rounds = rounds + 1, in_window = 0, window_started = :until"
                + " where tenant = :tenant and subject = :subject and door = :door")
        .set("tenant", tenant)
        .set("subject", subject)
        .set("door", door.name())
        .set("until", until)
        .update();
  }

  /**
   * Rows that say nothing any more: nothing was wrong since the last right answer, or they count a network; and names that
   * are nobody's, once it is long ago. What counts towards the ceiling of a person stays.
   */
  int deleteIdle(Tx tx, TenantId tenant, Moment before, Moment longBefore, int most) {
    return tx.sql(
            "delete from attempts where tenant = :tenant and (subject, door) in (select subject, door from attempts"
                + " where tenant = :tenant and window_started < :before and locked_until < :before"
                + " and (consecutive = 0 or subject like 'address %' or subject like 'network %'"
                + " or (subject like 'name %' and window_started < :longBefore and locked_until < :longBefore))"
                + " fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("longBefore", longBefore)
        .set("most", most)
        .update();
  }

  void reset(Tx tx, TenantId tenant, String subject, String door) {
    tx.sql(
            "update attempts set in_window = 0, consecutive = 0, rounds = 0, locked_until = 0 where tenant = :tenant and subject = :subject and door = :door")
        .set("tenant", tenant)
        .set("subject", subject)
        .set("door", door)
        .update();
  }
}
