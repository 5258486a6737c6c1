package dev.countersign.session;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.Invitation;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.ProofLedger;
import dev.countersign.storage.Database;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Begins a sign-in. With a living session it starts at {@code authenticated} with the session's proofs, and may be
 * complete at once; without one it starts at {@code pending}. Thread-safe.
 */
public final class StartSignIn {
  private final Database database;
  private final Sessions sessions;
  private final SignIns signIns;
  private final ProofLedger ledger;
  private final Progress progress;

  public StartSignIn(
      Database database,
      Sessions sessions,
      SignIns signIns,
      ProofLedger ledger,
      Progress progress) {
    this.database = database;
    this.sessions = sessions;
    this.signIns = signIns;
    this.ledger = ledger;
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param browser the secret for the cookie that binds the sign-in to the browser
   */
  public record Started(Progress.Moved moved, Secret browser) {}

  /**
   * Begins one.
   *
   * @param session the secret of the single sign-on session's cookie, if the browser sent one
   */
  public Started start(
      TenantId tenant,
      SignIn.Destination destination,
      SignIn.Asked asked,
      Optional<Secret> session,
      Occasion occasion) {
    return start(tenant, destination, asked, session, null, occasion);
  }

  /**
   * Begins one with a ticket to set a factor up.
   *
   * @param invitation null without one
   */
  public Started start(
      TenantId tenant,
      SignIn.Destination destination,
      SignIn.Asked asked,
      Optional<Secret> session,
      @Nullable Invitation invitation,
      Occasion occasion) {
    var now = occasion.at();
    return database.write(tx -> {
      var from = sessions.find(tx, tenant, session, now);
      if (from.isEmpty()) {
        var begun =
            signIns.begin(tenant, destination, asked, SignIn.Notes.NONE.invited(invitation), now);
        return new Started(
            new Progress.Moved(
                progress.open(tx, begun.signIn()), Optional.empty(), Optional.empty()),
            begun.browser());
      }
      var it = from.get();
      var notes = SignIn.Notes.goingOn(it.id(), it.signIns(), it.declined()).invited(invitation);
      var begun = signIns.begin(tenant, destination, sinceQuiet(asked, it, now), notes, now);
      var proofs =
          ledger.of(tx, tenant, it.signIns()).stream()
              .filter(proof -> proof.user().equals(it.user()))
              .toList();
      var moved =
          progress.advance(
              tx,
              begun.signIn(),
              new LoginSession.Event.PrimaryPassed(it.user(), List.copyOf(proofs)),
              occasion);
      sessions.seen(tx, tenant, it, now);
      return new Started(moved, begun.browser());
    });
  }

  /** Of two bounds on the age of second proofs, the application's and the session's, the stricter. */
  private static SignIn.Asked sinceQuiet(SignIn.Asked asked, Session it, Moment now) {
    var ours = Sessions.secondProofsAfter(it, now);
    var theirs = asked.secondProofAfter();
    return ours == null || (theirs != null && ours.isBefore(theirs))
        ? asked
        : asked.withFreshSecondProof(ours);
  }
}
