package dev.countersign.stepup;

import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.ProofLedger;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a session will do for what its person is about to do. The session is taken at nothing but the proofs that it
 * rests on; what they are worth now, enforcement says. Thread-safe.
 */
public final class Freshness {
  /** How old proofs may be for a sensitive act. */
  public static final Duration RECENT = Duration.ofMinutes(5);

  private final ProofLedger ledger;
  private final FactFinder finder;
  private final Policies policies;
  private final Enrolments enrolments;
  private final Factors factors;

  public Freshness(
      ProofLedger ledger,
      FactFinder finder,
      Policies policies,
      Enrolments enrolments,
      Factors factors) {
    this.ledger = ledger;
    this.finder = finder;
    this.policies = policies;
    this.enrolments = enrolments;
    this.factors = factors;
  }

  /** What a sign-in has to ask for before the person may look at their own account; nothing when the session will do. */
  public Optional<SignIn.Asked> missingToLook(Tx tx, TenantId tenant, Session session, Moment now) {
    return missing(tx, tenant, session, SignIn.Asked.NOTHING, now);
  }

  /**
   * The same before the person may change how they sign in: the first proof, and of whoever has a factor the second one
   * too, given within {@link #RECENT}.
   */
  public Optional<SignIn.Asked> missingToChange(
      Tx tx, TenantId tenant, Session session, Moment now) {
    return missingToChange(tx, tenant, session, now, now);
  }

  /**
   * The same with what was given out in that session for changing factors: while it lives, proofs have to be as fresh as they
   * were when it was given out.
   */
  public Optional<SignIn.Asked> missingToChange(
      Tx tx, TenantId tenant, Session session, Moment givenOut, Moment now) {
    var since = givenOut.minus(RECENT);
    var level = hasFactor(tx, tenant, session) ? Level.AAL2 : Level.NONE;
    return missing(
        tx, tenant, session, new SignIn.Asked(level, null, since, since, null, null, true), now);
  }

  /** The same where the page itself asks for the password: of whoever has a factor the second proof, given within {@link #RECENT}. */
  public Optional<SignIn.Asked> missingToChangePassword(
      Tx tx, TenantId tenant, Session session, Moment now) {
    var level = hasFactor(tx, tenant, session) ? Level.AAL2 : Level.NONE;
    return missing(
        tx,
        tenant,
        session,
        new SignIn.Asked(level, null, null, now.minus(RECENT), null, null, true),
        now);
  }

  private Optional<SignIn.Asked> missing(
      Tx tx, TenantId tenant, Session session, SignIn.Asked asked, Moment now) {
    var proofs =
        ledger.of(tx, tenant, session.signIns()).stream()
            .filter(proof -> proof.user().equals(session.user()))
            .toList();
    var second = later(asked.secondProofAfter(), Sessions.secondProofsAfter(session, now));
    var question =
        new Facts.Asked(
            SignIn.Destination.ACCOUNT.value(), asked.level(), asked.firstProofAfter(), second);
    // Nobody is to be invited here: it is asked only whether the proofs will do.
    var policy = policies.current(tx, tenant);
    var facts =
        finder.gather(
            tx, tenant, session.user(), proofs, question, false, true, policy.traits(), now);
    return Enforcement.decide(policy, facts) instanceof Cleared
        ? Optional.empty()
        : Optional.of(asked);
  }

  private static @Nullable Moment later(@Nullable Moment one, @Nullable Moment other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? other : one;
  }

  private boolean hasFactor(Tx tx, TenantId tenant, Session session) {
    return enrolments.of(tx, tenant, session.user()).stream()
        .anyMatch(it ->
            it.state() != Enrolment.State.PENDING
                && factors.of(tenant).profile(it.factor()).protects());
  }
}
