package dev.countersign.factor;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code enrolments}. */
final class EnrolmentStore {
  private static final String COLUMNS =
      "id, user_id, factor, name, state, document, high_water, created_at, confirmed_at, last_used_at, removed_at";

  private final Mirror<Owner, List<Stored>> rows = Mirror.of("enrolments");

  private record Owner(TenantId tenant, UserId user) {}

  /** A row as stored, its document still sealed. */
  record Stored(
      EnrolmentId id,
      UserId user,
      FactorId factor,
      String name,
      Enrolment.State state,
      @Nullable Sealed document,
      long highWater,
      Moment createdAt,
      @Nullable Moment confirmedAt,
      @Nullable Moment lastUsedAt,
      @Nullable Moment removedAt) {}

  void insert(Tx tx, TenantId tenant, Stored row) {
    tx.sql(
            "insert into enrolments (tenant, "
                + COLUMNS
                + ") values"
                + " (:tenant, :id, :user, :factor, :name, :state, :document, :highWater, :created, :confirmed, :used, :removed)")
        .set("tenant", tenant)
        .set("id", row.id())
        .set("user", row.user())
        .set("factor", row.factor())
        .set("name", row.name())
        .set("state", row.state())
        .set("document", row.document())
        .set("highWater", row.highWater())
        .set("created", row.createdAt())
        .set("confirmed", row.confirmedAt())
        .set("used", row.lastUsedAt())
        .set("removed", row.removedAt())
        .update();
  }

  /** False when somebody has it already, in whatever tenant: one authenticator is one thing. */
  boolean take(Tx tx, TenantId tenant, EnrolmentId id, String handle) {
    return tx.sql(
            "insert into enrolment_handles (tenant, handle, enrolment) select t.tenant, :handle, :enrolment from tenants t"
                + " where t.tenant = :tenant and not exists (select 1 from enrolment_handles where handle = :handle)")
        .set("tenant", tenant)
        .set("handle", handle)
        .set("enrolment", id)
        .changedOne();
  }

  boolean isTaken(Tx tx, String handle) {
    return tx.sql("select enrolment from enrolment_handles where handle = :handle")
        .set("handle", handle)
        .one(row -> row.text("enrolment"))
        .isPresent();
  }

  void free(Tx tx, TenantId tenant, EnrolmentId id) {
    tx.sql("delete from enrolment_handles where tenant = :tenant and enrolment = :enrolment")
        .set("tenant", tenant)
        .set("enrolment", id)
        .update();
  }

  List<Stored> of(Tx tx, TenantId tenant, UserId user) {
    return rows.get(tx, new Owner(tenant, user), () -> asked(tx, tenant, user));
  }

  private static List<Stored> asked(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and user_id = :user and state <> 'REMOVED' order by created_at, id")
        .set("tenant", tenant)
        .set("user", user)
        .list(EnrolmentStore::stored);
  }

  List<Stored> all(Tx tx, TenantId tenant) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and state <> 'REMOVED' order by created_at, id")
        .set("tenant", tenant)
        .list(EnrolmentStore::stored);
  }

  List<Stored> history(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and user_id = :user order by created_at, id")
        .set("tenant", tenant)
        .set("user", user)
        .list(EnrolmentStore::stored);
  }

  Optional<Stored> find(Tx tx, TenantId tenant, UserId user, EnrolmentId id) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and id = :id and user_id = :user")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .one(EnrolmentStore::stored);
  }

  Optional<Stored> find(Tx tx, TenantId tenant, EnrolmentId id) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and id = :id and state <> 'REMOVED'")
        .set("tenant", tenant)
        .set("id", id)
        .one(EnrolmentStore::stored);
  }

  Optional<Stored> registeredAs(Tx tx, TenantId tenant, String handle) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from enrolments where tenant = :tenant and state <> 'REMOVED'"
                + " and id = (select enrolment from enrolment_handles where tenant = :tenant and handle = :handle)")
        .set("tenant", tenant)
        .set("handle", handle)
        .one(EnrolmentStore::stored);
  }

  /** Whether this call is the one that confirmed it. */
  boolean confirm(
      Tx tx, TenantId tenant, EnrolmentId id, Sealed document, String name, Moment now) {
    return tx.sql(
            "update enrolments set state = 'ACTIVE', document = :document, name = :name, confirmed_at = :now"
                + " where tenant = :tenant and id = :id and state = 'PENDING'")
        .set("tenant", tenant)
        .set("id", id)
        .set("document", document)
        .set("name", name)
        .set("now", now)
        .changedOne();
  }

  void keep(Tx tx, TenantId tenant, EnrolmentId id, Sealed document) {
    tx.sql(
            "update enrolments set document = :document where tenant = :tenant and id = :id and state = 'ACTIVE'")
        .set("tenant", tenant)
        .set("id", id)
        .set("document", document)
        .update();
  }

  boolean advance(Tx tx, TenantId tenant, EnrolmentId id, long mark) {
    return tx.sql(
            "update enrolments set high_water = :mark where tenant = :tenant and id = :id and state = 'ACTIVE' and high_water < :mark")
        .set("tenant", tenant)
        .set("id", id)
        .set("mark", mark)
        .changedOne();
  }

  /** Whether this call is the one that removed it; its secret goes, the record of it stays. */
  boolean remove(Tx tx, TenantId tenant, EnrolmentId id, Moment now) {
    return tx.sql(
            "update enrolments set state = 'REMOVED', document = null, removed_at = :now where tenant = :tenant and id = :id and state <> 'REMOVED'")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .changedOne();
  }

  /** Removes every one of a factor; returns how many people had one. */
  int removeAll(Tx tx, TenantId tenant, FactorId factor, Moment now) {
    int people =
        tx.sql(
                "select count(distinct user_id) as n from enrolments where tenant = :tenant and factor = :factor and state <> 'REMOVED'")
            .set("tenant", tenant)
            .set("factor", factor)
            .one(row -> row.count("n"))
            .orElse(0);
    tx.sql(
            "delete from enrolment_handles where tenant = :tenant and enrolment in"
                + " (select id from enrolments where tenant = :tenant and factor = :factor)")
        .set("tenant", tenant)
        .set("factor", factor)
        .update();
    tx.sql(
            "update enrolments set state = 'REMOVED', document = null, removed_at = :now where tenant = :tenant and factor = :factor and state <> 'REMOVED'")
        .set("tenant", tenant)
        .set("factor", factor)
        .set("now", now)
        .update();
    return people;
  }

  void drop(Tx tx, TenantId tenant, EnrolmentId id) {
    tx.sql("delete from enrolments where tenant = :tenant and id = :id and state = 'PENDING'")
        .set("tenant", tenant)
        .set("id", id)
        .update();
  }

  boolean disable(Tx tx, TenantId tenant, EnrolmentId id) {
    return tx.sql(
            "update enrolments set state = 'DISABLED' where tenant = :tenant and id = :id and state = 'ACTIVE'")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  boolean rename(Tx tx, TenantId tenant, UserId user, EnrolmentId id, String name) {
    return tx.sql(
            "update enrolments set name = :name where tenant = :tenant and id = :id and user_id = :user and state = 'ACTIVE'")
        .set("tenant", tenant)
        .set("id", id)
        .set("user", user)
        .set("name", name)
        .changedOne();
  }

  int dropPending(Tx tx, TenantId tenant, UserId user, FactorId factor, Moment begunBefore) {
    return tx.sql(
            "delete from enrolments where tenant = :tenant and user_id = :user and factor = :factor and state = 'PENDING' and created_at < :before")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("before", begunBefore)
        .update();
  }

  /** How many people have an active enrolment of one of {@code lost} and none of {@code kept}. */
  int peopleWithOnly(Tx tx, TenantId tenant, List<FactorId> lost, List<FactorId> kept) {
    return tx.sql(
            "select count(distinct e.user_id) as n from enrolments e where e.tenant = :tenant and e.state = 'ACTIVE' and e.factor in (:lost)"
                + " and not exists (select 1 from enrolments k where k.tenant = :tenant and k.user_id = e.user_id and k.state = 'ACTIVE' and k.factor in (:kept))")
        .set("tenant", tenant)
        .set("lost", lost)
        .set("kept", kept)
        .one(row -> row.count("n"))
        .orElse(0);
  }

  List<UserId> somePeopleWithOnly(
      Tx tx, TenantId tenant, List<FactorId> lost, List<FactorId> kept, int most) {
    return tx.sql(
            "select distinct e.user_id from enrolments e where e.tenant = :tenant and e.state = 'ACTIVE' and e.factor in (:lost)"
                + " and not exists (select 1 from enrolments k where k.tenant = :tenant and k.user_id = e.user_id and k.state = 'ACTIVE' and k.factor in (:kept))"
                + " order by e.user_id fetch first :most rows only")
        .set("tenant", tenant)
        .set("lost", lost)
        .set("kept", kept)
        .set("most", most)
        .list(row -> new UserId(row.text("user_id")));
  }

  List<Enrolments.Counted> counted(Tx tx, TenantId tenant, List<UserId> users) {
    return tx.sql(
            "select user_id, factor, sum(case when state = 'ACTIVE' then 1 else 0 end) as active,"
                + " sum(case when state = 'DISABLED' then 1 else 0 end) as disabled from enrolments"
                + " where tenant = :tenant and user_id in (:users) and state in ('ACTIVE', 'DISABLED') group by user_id, factor")
        .set("tenant", tenant)
        .set("users", users)
        .list(row ->
            new Enrolments.Counted(
                new UserId(row.text("user_id")),
                new FactorId(row.text("factor")),
                row.count("active"),
                row.count("disabled")));
  }

  private static Stored stored(Query.Row row) {
    var removed = row.momentOrNull("removed_at");
    return new Stored(
        new EnrolmentId(row.text("id")),
        new UserId(row.text("user_id")),
        new FactorId(row.text("factor")),
        row.text("name"),
        Enrolment.State.valueOf(row.text("state")),
        removed == null ? row.sealed("document") : null,
        row.number("high_water"),
        row.moment("created_at"),
        row.momentOrNull("confirmed_at"),
        row.momentOrNull("last_used_at"),
        removed);
  }
}
