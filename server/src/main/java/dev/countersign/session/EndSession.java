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
import java.util.Optional;

/** People end sessions of their own: this browser's, another's, or all others. Thread-safe. */
public final class EndSession {
  private final Database database;
  private final Sessions sessions;
  private final EndAccess endAccess;
  private final Audit audit;

  public EndSession(Database database, Sessions sessions, EndAccess endAccess, Audit audit) {
    this.database = database;
    this.sessions = sessions;
    this.endAccess = endAccess;
    this.audit = audit;
  }

  /** Signs this browser out; false when nobody was signed in. */
  public boolean own(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .map(mine -> end(tx, tenant, mine, AuditType.SIGNED_OUT, occasion))
            .orElse(false));
  }

  /** Signs one other browser of the same person out; false when there is none of that id. */
  public boolean another(
      TenantId tenant, Optional<Secret> cookie, SessionId id, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .flatMap(mine ->
                sessions
                    .find(tx, tenant, id, occasion.at())
                    .filter(it -> it.user().equals(mine.user()) && !it.id().equals(mine.id())))
            .map(other -> end(tx, tenant, other, AuditType.SESSION_ENDED, occasion))
            .orElse(false));
  }

  /** Signs all other browsers and applications of the same person out; returns how many sessions that ended. */
  public int others(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .map(mine -> {
              var ended = endAccess.elsewhere(tx, tenant, mine.user(), mine.id(), occasion.at());
              audit.record(
                  tx,
                  tenant,
                  AuditEvent.success(AuditType.SESSION_ENDED, occasion)
                      .by(mine.user())
                      .in(null, SignIn.Destination.ACCOUNT)
                      .with("sessions", String.valueOf(ended.sessions()))
                      .with("refresh_tokens", String.valueOf(ended.refreshFamilies())));
              return ended.sessions();
            })
            .orElse(0));
  }

  private boolean end(Tx tx, TenantId tenant, Session it, AuditType type, Occasion occasion) {
    if (!sessions.end(tx, tenant, it.id(), occasion.at())) {
      return false;
    }
    audit.record(
        tx,
        tenant,
        AuditEvent.success(type, occasion)
            .by(it.user())
            .in(null, SignIn.Destination.ACCOUNT)
            .with("session", it.id().value()));
    return true;
  }
}
