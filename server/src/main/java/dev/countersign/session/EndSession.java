package dev.countersign.session;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** People end sessions of their own: this browser's, another's, or all others. Thread-safe. */
public final class EndSession {
  private final Database database;
  private final Sessions sessions;
  private final Audit audit;
  private final Ended ended;

  /** Takes back what was issued in a session: its refresh tokens. In the transaction that ends it. */
  @FunctionalInterface
  public interface Ended {
    void ended(Tx tx, TenantId tenant, Session session, Occasion occasion);
  }

  public EndSession(Database database, Sessions sessions, Audit audit, Ended ended) {
    this.database = database;
    this.sessions = sessions;
    this.audit = audit;
    this.ended = ended;
  }

  /** Signs this browser out; false when nobody was signed in. */
  public boolean own(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return database.write(tx -> sessions.find(tx, tenant, cookie, occasion.at())
        .map(mine -> end(tx, tenant, mine, AuditType.SIGNED_OUT, occasion)).orElse(false));
  }

  /** Signs one other browser of the same person out; false when there is none of that id. */
  public boolean another(TenantId tenant, Optional<Secret> cookie, SessionId id, Occasion occasion) {
    return others(tenant, cookie, it -> it.id().equals(id), occasion) > 0;
  }

  /** Signs all other browsers of the same person out; returns how many. */
  public int others(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return others(tenant, cookie, _ -> true, occasion);
  }

  private int others(TenantId tenant, Optional<Secret> cookie, Predicate<Session> wanted, Occasion occasion) {
    return database.write(tx -> {
      var mine = sessions.find(tx, tenant, cookie, occasion.at());
      List<Session> others = mine.isEmpty()
          ? List.of()
          : sessions.of(tx, tenant, mine.get().user(), occasion.at()).stream().filter(it -> !it.id().equals(mine.get().id())).filter(wanted).toList();
      return (int) others.stream().filter(it -> end(tx, tenant, it, AuditType.SESSION_ENDED, occasion)).count();
    });
  }

  private boolean end(Tx tx, TenantId tenant, Session it, AuditType type, Occasion occasion) {
    if (!sessions.end(tx, tenant, it.id(), occasion.at())) {
      return false;
    }
    ended.ended(tx, tenant, it, occasion);
    audit.record(tx, tenant, AuditEvent.success(type, occasion).by(it.user()).in(null, SignIn.Destination.ACCOUNT).with("session", it.id().value()));
    return true;
  }
}
