package dev.countersign.session;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.SignIns;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Tx;
import java.time.Duration;

/**
 * Ends all that a person's earlier proofs opened: sign-ins under way, sessions, refresh tokens, browsers that were trusted. For a changed password, a
 * blocked account, factors reset by an admin. Thread-safe.
 */
public final class EndAccess {
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final SignIns signIns;
  private final Sessions sessions;
  private final TrustedBrowsers trustedBrowsers;
  private final RefreshFamilyStore families = new RefreshFamilyStore();

  public EndAccess(SignIns signIns, Sessions sessions, TrustedBrowsers trustedBrowsers) {
    this.signIns = signIns;
    this.sessions = sessions;
    this.trustedBrowsers = trustedBrowsers;
  }

  /** How much there was to end. */
  public record Ended(int sessions, int refreshFamilies) {}

  /** Ends everything. */
  public Ended everywhere(Tx tx, TenantId tenant, UserId user, Moment now) {
    // Sign-ins first: one that is just completing is waited for here, and then its session is there
    // to be ended.
    signIns.endUnfinished(tx, tenant, user);
    forgetBrowsers(tx, tenant, user, now);
    return new Ended(
        sessions.endAll(tx, tenant, user, now), families.revokeAll(tx, tenant, user, now));
  }

  /** Ends everything but the session in which the person asks for it. */
  public Ended elsewhere(Tx tx, TenantId tenant, UserId user, SessionId kept, Moment now) {
    signIns.endUnfinished(tx, tenant, user);
    forgetBrowsers(tx, tenant, user, now);
    return new Ended(
        sessions.endAllBut(tx, tenant, user, kept, now), families.revokeAll(tx, tenant, user, now));
  }

  /** Ends everything but the sign-in that is going on. */
  public Ended beside(Tx tx, TenantId tenant, UserId user, SignInId kept, Moment now) {
    signIns.endUnfinishedBut(tx, tenant, user, kept);
    forgetBrowsers(tx, tenant, user, now);
    return new Ended(
        sessions.endAll(tx, tenant, user, now), families.revokeAll(tx, tenant, user, now));
  }

  private void forgetBrowsers(Tx tx, TenantId tenant, UserId user, Moment now) {
    trustedBrowsers.forgetAll(
        tx, tenant, user, TrustedBrowsers.Why.ACCESS_ENDED, "server", Occasion.ofServer(now));
  }

  /** Removes refresh families a month after they have run out, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment now, int most) {
    return families.deleteExpired(tx, tenant, now.minus(REMEMBERED), most);
  }
}
