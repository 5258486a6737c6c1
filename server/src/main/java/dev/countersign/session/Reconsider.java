package dev.countersign.session;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIns;
import dev.countersign.storage.Database;
import java.util.Optional;

/**
 * Asks anew what a sign-in owes, where that may have changed since it was last asked: an admin took a factor off, the
 * policy turned, another tab was quicker. Asking twice is asking once. Thread-safe.
 */
public final class Reconsider {
  private final Database database;
  private final SignIns signIns;
  private final Progress progress;

  public Reconsider(Database database, SignIns signIns, Progress progress) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
  }

  /** What came of it. */
  public sealed interface Outcome {
    record Moved(Progress.Moved moved) implements Outcome {}

    /** It owes what it owed before. */
    record Same() implements Outcome {}

    record Lost(SignIns.Finding why) implements Outcome {}
  }

  public Outcome reconsider(
      TenantId tenant, SignInId id, Optional<Secret> browser, Occasion occasion) {
    return database.write(tx -> {
      var found = signIns.find(tx, tenant, id, browser, true, occasion.at());
      if (!(found instanceof SignIns.Finding.Found(var signIn))) {
        return new Outcome.Lost(found);
      }
      return signIn.state() instanceof LoginSession.AwaitingMfa waiting
              && !progress.stillOwes(tx, signIn, waiting, occasion)
          ? new Outcome.Moved(
              progress.advance(tx, signIn, new LoginSession.Event.LookAgain(), occasion))
          : new Outcome.Same();
    });
  }
}
