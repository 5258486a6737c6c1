package dev.countersign.session;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.storage.Database;
import java.util.Optional;

/** Ends a sign-in because the person wants to leave. A single sign-on session that it went on from stays as it was. Thread-safe. */
public final class CancelSignIn {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;
  private final Audit audit;

  public CancelSignIn(Database database, SignIns signIns, Progress progress, Audit audit) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
    this.audit = audit;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Cancelled(SignIn.Destination destination) implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  public Outcome cancel(TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      if (!(found instanceof SignIns.Finding.Found(var signIn))) {
        return new Outcome.Lost(found);
      }
      var event = AuditEvent.failure(Progress.failure(signIn), occasion, "cancelled");
      var whose = signIn.who().map(event::by).orElseGet(() -> event.by("anonymous", null));
      audit.record(tx, tenant, Progress.about(whose, signIn));
      progress.advance(
          tx, signIn, new LoginSession.Event.Abandoned(LoginSession.Why.CANCELLED), occasion);
      return new Outcome.Cancelled(signIn.destination());
    });
  }
}
