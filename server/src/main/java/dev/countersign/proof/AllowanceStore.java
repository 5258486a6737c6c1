package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** The table {@code rate_limits}. */
final class AllowanceStore {
  record Row(int taken, Moment windowStarted) {}

  /** Counts if there is room; false when there is none, or no row yet. */
  boolean count(Tx tx, TenantId tenant, Allowance allowance, String subject, Moment now) {
    return tx.sql(
            "update rate_limits set taken = case when window_started <= :windowStart then 1 else taken + 1 end,"
                + " window_started = case when window_started <= :windowStart then :now else window_started end"
                + " where tenant = :tenant and name = :name and subject = :subject and (taken < :most or window_started <= :windowStart)")
        .set("tenant", tenant)
        .set("name", allowance.name())
        .set("subject", subject)
        .set("now", now)
        .set("windowStart", now.minus(allowance.per()))
        .set("most", allowance.most())
        .changedOne();
  }

  void first(Tx tx, TenantId tenant, Allowance allowance, String subject, Moment now) {
    try {
      tx.sql(
              "insert into rate_limits (tenant, name, subject, taken, window_started) values (:tenant, :name, :subject, 1, :now)")
          .set("tenant", tenant)
          .set("name", allowance.name())
          .set("subject", subject)
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate e) {
      throw StorageException.overtaken("first use of an allowance");
    }
  }

  Optional<Row> find(Tx tx, TenantId tenant, Allowance allowance, String subject) {
    return tx.sql(
            "select taken, window_started from rate_limits where tenant = :tenant and name = :name and subject = :subject")
        .set("tenant", tenant)
        .set("name", allowance.name())
        .set("subject", subject)
        .one(row -> new Row(row.count("taken"), row.moment("window_started")));
  }

  int deleteStartedBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from rate_limits where tenant = :tenant and (name, subject) in (select name, subject from rate_limits"
                + " where tenant = :tenant and window_started < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }
}
