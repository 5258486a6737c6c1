package dev.countersign.proof;

import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The table {@code challenges}. */
final class ChallengeStore {
  private static final String COLUMNS =
      "id, user_id, sign_in, factor, purpose, enrolment, memo, created_at, expires_at, closed_at";

  record Row(
      ChallengeId id,
      Challenges.Whose whose,
      Sealed memo,
      Moment createdAt,
      Moment expiresAt,
      Optional<Moment> closedAt) {}

  void insert(Tx tx, TenantId tenant, Row row) {
    tx.sql(
            "insert into challenges (tenant, id, user_id, sign_in, factor, purpose, enrolment, memo, created_at, expires_at)"
                + " values (:tenant, :id, :user, :signIn, :factor, :purpose, :enrolment, :memo, :created, :expires)")
        .set("tenant", tenant)
        .set("id", row.id())
        .set("user", row.whose().user())
        .set("signIn", row.whose().signIn())
        .set("factor", row.whose().factor())
        .set("purpose", row.whose().purpose())
        .set("enrolment", row.whose().enrolment())
        .set("memo", row.memo())
        .set("created", row.createdAt())
        .set("expires", row.expiresAt())
        .update();
  }

  Optional<Row> newest(Tx tx, TenantId tenant, Challenges.Whose whose, Moment now) {
    return tx
        .sql(
            "select "
                + COLUMNS
                + " from challenges where tenant = :tenant and sign_in = :signIn and factor = :factor and user_id = :user"
                + " and purpose = :purpose and closed_at is null and expires_at > :now order by created_at desc, id desc fetch first 1 rows only")
        .set("tenant", tenant)
        .set("signIn", whose.signIn())
        .set("factor", whose.factor())
        .set("user", whose.user())
        .set("purpose", whose.purpose())
        .set("now", now)
        .list(ChallengeStore::row)
        .stream()
        .findFirst();
  }

  Optional<Row> find(Tx tx, TenantId tenant, ChallengeId id) {
    return tx.sql("select " + COLUMNS + " from challenges where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(ChallengeStore::row);
  }

  List<Row> open(
      Tx tx, TenantId tenant, UserId user, FactorId factor, Purpose purpose, Moment now) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from challenges where tenant = :tenant and user_id = :user and factor = :factor and purpose = :purpose"
                + " and closed_at is null and expires_at > :now order by created_at, id")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("purpose", purpose)
        .set("now", now)
        .list(ChallengeStore::row);
  }

  boolean note(Tx tx, TenantId tenant, ChallengeId id, Sealed memo, Moment now) {
    return tx.sql(
            "update challenges set memo = :memo where tenant = :tenant and id = :id and closed_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("id", id)
        .set("memo", memo)
        .set("now", now)
        .changedOne();
  }

  /** The conditional UPDATE: true for exactly one of any number of answers. */
  boolean answer(Tx tx, TenantId tenant, ChallengeId id, Moment now) {
    return tx.sql(
            "update challenges set closed_at = :now where tenant = :tenant and id = :id and closed_at is null and expires_at > :now")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .changedOne();
  }

  boolean close(Tx tx, TenantId tenant, ChallengeId id, Moment now) {
    return tx.sql(
            "update challenges set closed_at = :now where tenant = :tenant and id = :id and closed_at is null")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .changedOne();
  }

  void closeAll(Tx tx, TenantId tenant, Challenges.Whose whose, Moment now) {
    tx.sql(
            "update challenges set closed_at = :now where tenant = :tenant and sign_in = :signIn and factor = :factor and user_id = :user"
                + " and purpose = :purpose and closed_at is null")
        .set("tenant", tenant)
        .set("signIn", whose.signIn())
        .set("factor", whose.factor())
        .set("user", whose.user())
        .set("purpose", whose.purpose())
        .set("now", now)
        .update();
  }

  void closeAll(Tx tx, TenantId tenant, UserId user, FactorId factor, Moment now) {
    tx.sql(
            "update challenges set closed_at = :now where tenant = :tenant and user_id = :user and factor = :factor and closed_at is null")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("now", now)
        .update();
  }

  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from challenges where tenant = :tenant and id in (select id from challenges"
                + " where tenant = :tenant and expires_at < :before fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static Row row(Query.Row row) {
    var enrolment = row.textOrNull("enrolment");
    return new Row(
        new ChallengeId(row.text("id")),
        new Challenges.Whose(
            new UserId(row.text("user_id")),
            new SignInId(row.text("sign_in")),
            new FactorId(row.text("factor")),
            Purpose.valueOf(row.text("purpose")),
            enrolment == null ? null : new EnrolmentId(enrolment)),
        row.sealed("memo"),
        row.moment("created_at"),
        row.moment("expires_at"),
        Optional.ofNullable(row.momentOrNull("closed_at")));
  }
}
