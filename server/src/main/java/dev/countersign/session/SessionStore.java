package dev.countersign.session;

import dev.countersign.enforcement.Level;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The table {@code sessions}. */
final class SessionStore {
  private static final String COLUMNS =
      "id, user_id, document, level, created_at, authenticated_at, seen_at, second_proofs_after, ended_at";

  /** What stands in the document column. */
  record Document(
      List<String> signIns,
      Set<String> applications,
      boolean declined,
      String address,
      String userAgent) {
    Document {
      signIns = List.copyOf(signIns);
      applications = Collections.unmodifiableSet(applications);
    }

    static String of(Session it) {
      return Json.write(
          new Document(
              it.signIns().stream().map(SignInId::value).toList(),
              new TreeSet<>(it.applications()),
              it.declined(),
              it.address(),
              it.userAgent()));
    }
  }

  private final Mirror<Key, Optional<Session>> rows = Mirror.of("sessions");

  private record Key(TenantId tenant, SessionId id) {}

  void insert(Tx tx, TenantId tenant, Session it, Digest cookie) {
    var statement =
        tx.sql(
            "insert into sessions (tenant, id, cookie, user_id, document, level, created_at, authenticated_at, seen_at, second_proofs_after)"
                + " values (:tenant, :id, :cookie, :user, :document, :level, :created, :authenticated, :seen, :secondAfter)");
    filled(statement, tenant, it, cookie).set("created", it.createdAt()).update();
    rows.written(tx, new Key(tenant, it.id()), Optional.of(it));
  }

  /** Whether it was still alive to be raised. */
  boolean update(Tx tx, TenantId tenant, Session it, Digest cookie) {
    var statement =
        tx.sql(
            "update sessions set cookie = :cookie, document = :document, level = :level, authenticated_at = :authenticated, seen_at = :seen,"
                + " second_proofs_after = :secondAfter"
                + " where tenant = :tenant and id = :id and user_id = :user and ended_at is null");
    boolean raised = filled(statement, tenant, it, cookie).changedOne();
    if (raised) {
      rows.written(tx, new Key(tenant, it.id()), Optional.of(it));
    }
    return raised;
  }

  private static Query filled(Query statement, TenantId tenant, Session it, Digest cookie) {
    return statement
        .set("tenant", tenant)
        .set("id", it.id())
        .set("cookie", cookie)
        .set("user", it.user())
        .set("document", Document.of(it))
        .set("level", it.level())
        .set("authenticated", it.authenticatedAt())
        .set("seen", it.seenAt())
        .set("secondAfter", it.secondProofsAfter())
        .changing(new Key(tenant, it.id()));
  }

  Optional<Session> byCookie(Tx tx, TenantId tenant, Digest cookie) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from sessions where tenant = :tenant and cookie = :cookie and ended_at is null")
        .set("tenant", tenant)
        .set("cookie", cookie)
        .one(SessionStore::session);
  }

  Optional<Session> find(Tx tx, TenantId tenant, SessionId id) {
    return rows.get(tx, new Key(tenant, id), () -> asked(tx, tenant, id, ""));
  }

  List<Session> of(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from sessions where tenant = :tenant and user_id = :user and ended_at is null order by created_at desc")
        .set("tenant", tenant)
        .set("user", user)
        .list(SessionStore::session);
  }

  /** Like {@link #find}, and nobody else changes it until this transaction ends. */
  Optional<Session> hold(Tx tx, TenantId tenant, SessionId id) {
    return rows.get(tx, new Key(tenant, id), () -> asked(tx, tenant, id, " for update"));
  }

  private static Optional<Session> asked(Tx tx, TenantId tenant, SessionId id, String lock) {
    return tx.sql("select " + COLUMNS + " from sessions where tenant = :tenant and id = :id" + lock)
        .set("tenant", tenant)
        .set("id", id)
        .one(SessionStore::session);
  }

  /** Notes a use; one after a quiet time ends what second proofs were worth before. */
  void seen(Tx tx, TenantId tenant, SessionId id, Moment quietSince, Moment now) {
    tx.sql(
            "update sessions set second_proofs_after = case when seen_at <= :quietSince then :now else second_proofs_after end, seen_at = :now"
                + " where tenant = :tenant and id = :id and seen_at < :now")
        .set("tenant", tenant)
        .set("id", id)
        .set("quietSince", quietSince)
        .set("now", now)
        .changing(new Key(tenant, id))
        .update();
  }

  boolean end(Tx tx, TenantId tenant, SessionId id, Moment now) {
    return tx.sql(
            "update sessions set ended_at = :now where tenant = :tenant and id = :id and ended_at is null")
        .set("tenant", tenant)
        .set("id", id)
        .set("now", now)
        .changing(new Key(tenant, id))
        .changedOne();
  }

  int endAll(Tx tx, TenantId tenant, UserId user, Moment now) {
    return tx.sql(
            "update sessions set ended_at = :now where tenant = :tenant and user_id = :user and ended_at is null")
        .set("tenant", tenant)
        .set("user", user)
        .set("now", now)
        .update();
  }

  int endAllBut(Tx tx, TenantId tenant, UserId user, SessionId kept, Moment now) {
    return tx.sql(
            "update sessions set ended_at = :now where tenant = :tenant and user_id = :user and id <> :kept and ended_at is null")
        .set("tenant", tenant)
        .set("user", user)
        .set("kept", kept)
        .set("now", now)
        .update();
  }

  /** Spares people with living refresh tokens: those ask whether their session was ended. */
  int deleteBegunBefore(Tx tx, TenantId tenant, Moment before, Moment now, int most) {
    return tx.sql(
            "delete from sessions where tenant = :tenant and id in (select s.id from sessions s where s.tenant = :tenant"
                + " and s.created_at < :before and not exists (select 1 from refresh_families f where f.tenant = s.tenant"
                + " and f.user_id = s.user_id and f.revoked_at is null and f.expires_at > :now)"
                + " order by s.created_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("now", now)
        .set("most", most)
        .update();
  }

  private static Session session(Query.Row row) {
    var document = Json.reread(row.text("document"), Document.class);
    return new Session(
        new SessionId(row.text("id")),
        new UserId(row.text("user_id")),
        document.signIns().stream().map(SignInId::new).toList(),
        Level.valueOf(row.text("level")),
        document.applications(),
        document.declined(),
        document.address(),
        document.userAgent(),
        row.moment("created_at"),
        row.moment("authenticated_at"),
        row.moment("seen_at"),
        row.momentOrNull("second_proofs_after"),
        Optional.ofNullable(row.momentOrNull("ended_at")));
  }
}
