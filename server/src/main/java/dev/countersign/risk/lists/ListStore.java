package dev.countersign.risk.lists;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code risk_lists}, and the version of a tenant's lists in {@code risk_settings}. */
final class ListStore {
  private static final String COLUMNS =
      "tenant, id, document, content_digest, entries, state, failures, error, fetched_at, next_fetch_at, created_at";

  record Row(
      TenantId tenant,
      String id,
      Sealed document,
      AddressList.Standing standing,
      Moment nextFetchAt,
      Moment createdAt) {}

  /** It is fetched at {@code due}. */
  void insert(
      Tx tx, TenantId tenant, AddressList list, Sealed document, byte[] content, Moment due) {
    var it = list.standing();
    tx.sql(
            "insert into risk_lists (tenant, id, document, content, content_digest, entries, state, failures, error,"
                + " fetched_at, next_fetch_at, created_at)"
                + " values (:tenant, :id, :document, :content, :digest, :entries, :state, 0, '', :fetched, :due, :created)")
        .set("tenant", tenant)
        .set("id", list.id())
        .set("document", document)
        .set("content", content)
        .set("digest", it.contentDigest())
        .set("entries", it.entries())
        .set("state", it.state())
        .set("fetched", it.fetchedAt())
        .set("due", due)
        .set("created", list.createdAt())
        .update();
  }

  /** It is fetched at {@code due}. */
  boolean update(
      Tx tx,
      TenantId tenant,
      AddressList list,
      Sealed document,
      AddressList.State state,
      Moment due) {
    return tx.sql(
            "update risk_lists set document = :document, state = :state, failures = 0, error = '', next_fetch_at = :due"
                + " where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", list.id())
        .set("document", document)
        .set("state", state)
        .set("due", due)
        .changedOne();
  }

  /** What it holds from now on. */
  void fill(
      Tx tx,
      TenantId tenant,
      String id,
      byte[] content,
      String digest,
      long entries,
      @Nullable Moment fetchedAt) {
    tx.sql(
            "update risk_lists set content = :content, content_digest = :digest, entries = :entries, fetched_at = :fetched"
                + " where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .set("content", content)
        .set("digest", digest)
        .set("entries", entries)
        .set("fetched", fetchedAt)
        .update();
  }

  void fetchAt(Tx tx, TenantId tenant, String id, Moment at) {
    tx.sql(
            "update risk_lists set next_fetch_at = :at where tenant = :tenant and id = :id and state <> 'PAUSED'")
        .set("tenant", tenant)
        .set("id", id)
        .set("at", at)
        .update();
  }

  boolean delete(Tx tx, TenantId tenant, String id) {
    return tx.sql("delete from risk_lists where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  Optional<Row> find(Tx tx, TenantId tenant, String id) {
    return tx.sql("select " + COLUMNS + " from risk_lists where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(ListStore::row);
  }

  List<Row> all(Tx tx, TenantId tenant) {
    return tx.sql(
            "select " + COLUMNS + " from risk_lists where tenant = :tenant order by created_at, id")
        .set("tenant", tenant)
        .list(ListStore::row);
  }

  Optional<byte[]> content(Tx tx, TenantId tenant, String id) {
    return tx
        .sql("select content from risk_lists where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .list(row -> Optional.ofNullable(row.bytesOrNull("content")))
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Those of all tenants whose time has come, the longest due first. */
  List<Row> due(Tx tx, Moment now, int most) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from risk_lists where state in ('PENDING', 'ACTIVE', 'ERROR') and next_fetch_at <= :now"
                + " order by next_fetch_at fetch first :most rows only")
        .set("now", now)
        .set("most", most)
        .list(ListStore::row);
  }

  /** Takes it upon this server to fetch it; false when another one was quicker. */
  boolean claim(Tx tx, Row row, Moment until) {
    return tx.sql(
            "update risk_lists set next_fetch_at = :until where tenant = :tenant and id = :id and next_fetch_at = :was"
                + " and state <> 'PAUSED'")
        .set("tenant", row.tenant())
        .set("id", row.id())
        .set("until", until)
        .set("was", row.nextFetchAt())
        .changedOne();
  }

  /** What came of a fetch; false when the list was changed meanwhile. */
  boolean settle(
      Tx tx, Row row, Moment claimedUntil, AddressList.Standing after, Moment nextFetchAt) {
    return tx.sql(
            "update risk_lists set state = :state, failures = :failures, error = :error, next_fetch_at = :next"
                + " where tenant = :tenant and id = :id and next_fetch_at = :claimed")
        .set("tenant", row.tenant())
        .set("id", row.id())
        .set("state", after.state())
        .set("failures", after.failures())
        .set("error", after.error())
        .set("next", nextFetchAt)
        .set("claimed", claimedUntil)
        .changedOne();
  }

  /** The lists of this tenant are others from now on. */
  void changed(Tx tx, TenantId tenant, int usualDays, Moment now) {
    boolean there =
        tx.sql("update risk_settings set lists_version = lists_version + 1 where tenant = :tenant")
            .set("tenant", tenant)
            .changedOne();
    if (there) {
      return;
    }
    try {
      tx.sql(
              "insert into risk_settings (tenant, remember_days, lists_version, changed_at)"
                  + " values (:tenant, :days, 1, :now)")
          .set("tenant", tenant)
          .set("days", usualDays)
          .set("now", now)
          .update();
    } catch (StorageException.Duplicate _) {
      throw StorageException.overtaken("risk settings");
    }
  }

  private static Row row(Query.Row row) {
    return new Row(
        new TenantId(row.text("tenant")),
        row.text("id"),
        row.sealed("document"),
        new AddressList.Standing(
            AddressList.State.valueOf(row.text("state")),
            row.number("entries"),
            row.number("failures"),
            row.text("error"),
            row.momentOrNull("fetched_at"),
            row.text("content_digest")),
        row.moment("next_fetch_at"),
        row.moment("created_at"));
  }
}
