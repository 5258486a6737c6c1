package dev.countersign.enrolment.tokens;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code hardware_tokens}. */
final class TokenStore {
  private static final String COLUMNS =
      "serial, kind, algorithm, digits, period, seed, first_counter, imported_at, user_id, enrolment, assigned_at";

  record Row(
      String serial,
      Token.Kind kind,
      OneTimeCodes.Algorithm algorithm,
      int digits,
      int period,
      Sealed seed,
      long firstCounter,
      Moment importedAt,
      @Nullable UserId user,
      @Nullable EnrolmentId enrolment,
      @Nullable Moment assignedAt) {}

  void insert(Tx tx, TenantId tenant, Row row) {
    tx.sql(
            "insert into hardware_tokens (tenant, serial, kind, algorithm, digits, period, seed, first_counter, imported_at)"
                + " values (:tenant, :serial, :kind, :algorithm, :digits, :period, :seed, :counter, :imported)")
        .set("tenant", tenant)
        .set("serial", row.serial())
        .set("kind", row.kind())
        .set("algorithm", row.algorithm())
        .set("digits", row.digits())
        .set("period", row.period())
        .set("seed", row.seed())
        .set("counter", row.firstCounter())
        .set("imported", row.importedAt())
        .update();
  }

  Optional<Row> find(Tx tx, TenantId tenant, String serial) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from hardware_tokens where tenant = :tenant and serial = :serial")
        .set("tenant", tenant)
        .set("serial", serial)
        .one(TokenStore::row);
  }

  List<Row> page(Tx tx, TenantId tenant, int from, int most) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from hardware_tokens where tenant = :tenant order by serial offset :from rows fetch first :most rows only")
        .set("tenant", tenant)
        .set("from", from)
        .set("most", most)
        .list(TokenStore::row);
  }

  int count(Tx tx, TenantId tenant) {
    return tx.sql("select count(*) as n from hardware_tokens where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.count("n"))
        .orElse(0);
  }

  /** Whether this call is the one that gave it to somebody; {@code before} is what it was seen to be bound to. */
  boolean assign(
      Tx tx,
      TenantId tenant,
      String serial,
      @Nullable EnrolmentId before,
      UserId user,
      EnrolmentId enrolment,
      long firstCounter,
      Moment now) {
    return tx.sql(
            "update hardware_tokens set user_id = :user, enrolment = :enrolment, first_counter = :counter, assigned_at = :now"
                + " where tenant = :tenant and serial = :serial and coalesce(enrolment, '') = :before")
        .set("tenant", tenant)
        .set("serial", serial)
        .set("before", before == null ? "" : before.value())
        .set("user", user)
        .set("enrolment", enrolment)
        .set("counter", firstCounter)
        .set("now", now)
        .changedOne();
  }

  boolean release(Tx tx, TenantId tenant, String serial, long firstCounter) {
    return tx.sql(
            "update hardware_tokens set user_id = null, enrolment = null, assigned_at = null, first_counter = :counter"
                + " where tenant = :tenant and serial = :serial")
        .set("tenant", tenant)
        .set("serial", serial)
        .set("counter", firstCounter)
        .changedOne();
  }

  boolean delete(Tx tx, TenantId tenant, String serial) {
    return tx.sql("delete from hardware_tokens where tenant = :tenant and serial = :serial")
        .set("tenant", tenant)
        .set("serial", serial)
        .changedOne();
  }

  private static Row row(Query.Row row) {
    var user = row.textOrNull("user_id");
    var enrolment = row.textOrNull("enrolment");
    return new Row(
        row.text("serial"),
        Token.Kind.valueOf(row.text("kind")),
        OneTimeCodes.Algorithm.valueOf(row.text("algorithm")),
        row.count("digits"),
        row.count("period"),
        row.sealed("seed"),
        row.number("first_counter"),
        row.moment("imported_at"),
        user == null ? null : new UserId(user),
        enrolment == null ? null : new EnrolmentId(enrolment),
        row.momentOrNull("assigned_at"));
  }
}
