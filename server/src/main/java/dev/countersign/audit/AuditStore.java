package dev.countersign.audit;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code audit_events}. There is no update and no delete here, and there is not to be one. */
final class AuditStore {
  private static final String COLUMNS = "id, type, outcome, occurred_at, user_id, sign_in, entry";

  /** What stands in the entry column. */
  record Entry(
      String actor,
      @Nullable String client,
      Map<String, String> details,
      String address,
      String userAgent,
      String requestId) {}

  void insert(Tx tx, TenantId tenant, AuditEvent event) {
    var client = event.client();
    tx.sql(
            "insert into audit_events (tenant, "
                + COLUMNS
                + ", auth0, client_id)"
                + " values (:tenant, :id, :type, :outcome, :at, :user, :signIn, :entry, :auth0, :client)")
        .set("tenant", tenant)
        .set("id", event.id())
        .set("type", event.type().code())
        .set("outcome", event.outcome())
        .set("at", event.occurredAt())
        .set("user", event.user())
        .set("signIn", event.signIn())
        .set(
            "entry",
            Json.write(
                new Entry(
                    event.actor(),
                    client == null ? null : client.value(),
                    event.details(),
                    event.address(),
                    event.userAgent(),
                    event.requestId())))
        .set("auth0", event.auth0())
        .set("client", client)
        .update();
  }

  Optional<AuditEvent> find(Tx tx, TenantId tenant, String id) {
    return tx.sql("select " + COLUMNS + " from audit_events where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(AuditStore::event);
  }

  List<AuditEvent> list(
      Tx tx, TenantId tenant, Audit.Filter filter, boolean newestFirst, int offset, int limit) {
    return asked(
            tx,
            "select " + COLUMNS,
            tenant,
            filter,
            " order by id "
                + (newestFirst ? "desc" : "asc")
                + " offset :offset rows fetch next :limit rows only")
        .set("offset", offset)
        .set("limit", limit)
        .list(AuditStore::event);
  }

  long count(Tx tx, TenantId tenant, Audit.Filter filter, int most) {
    return asked(
            tx,
            "select count(*) as n from (select id",
            tenant,
            filter,
            " fetch first :most rows only) counted")
        .set("most", most)
        .one(row -> row.number("n"))
        .orElse(0L);
  }

  private static Query asked(
      Tx tx, String select, TenantId tenant, Audit.Filter filter, String end) {
    var conditions = new StringBuilder("tenant = :tenant");
    var values = new HashMap<String, Object>();
    add(conditions, values, filter.user(), "user_id = :user", "user");
    add(conditions, values, filter.signIn(), "sign_in = :signIn", "signIn");
    add(conditions, values, filter.type(), "(type = :type or auth0 = :type)", "type");
    add(conditions, values, filter.client(), "client_id = :client", "client");
    add(conditions, values, filter.since(), "occurred_at >= :since", "since");
    add(conditions, values, filter.after(), "id > :after", "after");
    var query =
        tx.sql(select + " from audit_events where " + conditions + end).set("tenant", tenant);
    values.forEach(query::set);
    return query;
  }

  private static void add(
      StringBuilder conditions,
      Map<String, Object> values,
      Optional<?> wanted,
      String condition,
      String name) {
    wanted.ifPresent(value -> {
      conditions.append(" and ").append(condition);
      values.put(name, value);
    });
  }

  private static AuditEvent event(Query.Row row) {
    var entry = Json.read(row.text("entry"), Entry.class);
    var user = row.textOrNull("user_id");
    var signIn = row.textOrNull("sign_in");
    var client = entry.client();
    return new AuditEvent(
        row.text("id"),
        AuditType.ofCode(row.text("type")),
        AuditEvent.Outcome.valueOf(row.text("outcome")),
        row.moment("occurred_at"),
        entry.actor(),
        user == null ? null : new UserId(user),
        signIn == null ? null : new SignInId(signIn),
        client == null ? null : new ClientId(client),
        entry.details(),
        entry.address(),
        entry.userAgent(),
        entry.requestId());
  }
}
