package dev.countersign.loginsession;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Policies;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Optional;

/**
 * Moves a sign-in on: applies what happened, asks enforcement as long as it stands at {@code authenticated}, saves, and
 * on completion lets {@link Arrivals} issue what is due; all in the caller's transaction. Every operation that moves a
 * sign-in does it here. Thread-safe.
 */
public final class Progress {
  private final SignIns signIns;
  private final FactFinder finder;
  private final Policies policies;
  private final LivingSessions sessions;
  private final Audit audit;
  private final Arrivals arrivals;
  private final DecisionStore decisions = new DecisionStore();

  public Progress(
      SignIns signIns,
      FactFinder finder,
      Policies policies,
      LivingSessions sessions,
      Audit audit,
      Arrivals arrivals) {
    this.signIns = signIns;
    this.finder = finder;
    this.policies = policies;
    this.sessions = sessions;
    this.audit = audit;
    this.arrivals = arrivals;
  }

  /**
   * Where a sign-in stands after a move.
   *
   * @param browser a fresh secret for the browser's cookie, where the move raised the sign-in
   * @param arrived the way on, where the move completed it
   */
  public record Moved(
      SignIn signIn, Optional<Secret> browser, Optional<Arrivals.Arrived> arrived) {}

  /** A decision as recorded: facts and decision as JSON documents. */
  public record DecisionRecord(long policyVersion, String facts, String decision) {
    /** The word of the reason: see {@link dev.countersign.enforcement.Because.Reason#word}. */
    public String reason() {
      return Json.read(decision, DecisionStore.Recorded.class).reason();
    }
  }

  /** Keeps a sign-in just begun, at its first state. */
  public SignIn open(Tx tx, SignIn begun) {
    var saved = begun.saved();
    signIns.insert(tx, saved);
    return saved;
  }

  /** Applies the event to a sign-in that this transaction holds the lock of. */
  public Moved advance(Tx tx, SignIn signIn, LoginSession.Event event, Occasion occasion) {
    boolean isNew = signIn.version() == 0;
    var moved = signIn.withState(signIn.state().on(event));
    Optional<Secret> browser = Optional.empty();
    if (event instanceof LoginSession.Event.PrimaryPassed && !isNew) {
      var rotated = signIns.rotate(moved);
      moved = rotated.signIn();
      browser = Optional.of(rotated.browser());
    }
    if (moved.state() instanceof LoginSession.Authenticated soFar) {
      moved = onSolidGround(tx, moved, soFar, occasion);
    }
    if (moved.state() instanceof LoginSession.Authenticated soFar) {
      moved = decide(tx, moved, soFar, occasion);
    }
    Optional<Arrivals.Arrived> arrived = Optional.empty();
    if (moved.state() instanceof Completed completed) {
      arrived = Optional.of(arrivals.arrive(tx, moved, completed, occasion));
    }
    if (isNew) {
      moved = moved.saved();
      signIns.insert(tx, moved);
    } else if (signIns.save(tx, moved)) {
      moved = moved.saved();
    } else {
      throw StorageException.overtaken("sign-in");
    }
    return new Moved(moved, browser, arrived);
  }

  /** Saves what a sign-in notes without moving it. */
  public SignIn note(Tx tx, SignIn noted) {
    if (!signIns.save(tx, noted)) {
      throw StorageException.overtaken("sign-in");
    }
    return noted.saved();
  }

  /**
   * Holds the person, so that whoever blocks or deletes them waits and then finds what this opens; and leaves aside what was
   * proven in a session that has ended since.
   */
  private SignIn onSolidGround(
      Tx tx, SignIn signIn, LoginSession.Authenticated soFar, Occasion occasion) {
    finder.hold(tx, signIn.tenant(), soFar.who());
    var session = signIn.notes().session();
    if (session == null
        || signIn.notes().earlier().isEmpty()
        || sessions.holds(tx, signIn.tenant(), session, occasion.at())) {
      return signIn;
    }
    var own = soFar.proofs().stream().filter(proof -> proof.signIn().equals(signIn.id())).toList();
    return signIn
        .withNotes(signIn.notes().withoutSession())
        .withState(new LoginSession.Authenticated(soFar.who(), own));
  }

  /** Whether what a sign-in waits for is still what it owes: a second tab, an admin or a change of policy may have been there. */
  public boolean stillOwes(
      Tx tx, SignIn signIn, LoginSession.AwaitingMfa waiting, Occasion occasion) {
    return onSolidGround(tx, signIn.withState(waiting.soFar()), waiting.soFar(), occasion).state()
            instanceof LoginSession.Authenticated soFar
        && Enforcement.decide(
                policies.current(tx, signIn.tenant()), facts(tx, signIn, soFar, occasion))
            instanceof Decision.Demanded(var demand, var _)
        && demand.equals(waiting.demand());
  }

  private Facts facts(Tx tx, SignIn signIn, LoginSession.Authenticated soFar, Occasion occasion) {
    var asked = signIn.asked();
    var facts =
        finder.gather(
            tx,
            signIn.tenant(),
            soFar.who(),
            soFar.proofs(),
            new Facts.Asked(
                signIn.destination().application().value(),
                asked.level(),
                asked.firstProofAfter(),
                asked.secondProofAfter(),
                asked.guarded()),
            asked.interactive(),
            signIn.notes().declined(),
            occasion.at());
    var invitation = signIn.notes().invitation();
    return invitation == null
        ? facts
        : facts.inviting(finder.invitedTo(tx, signIn.tenant(), invitation, facts));
  }

  private SignIn decide(Tx tx, SignIn signIn, LoginSession.Authenticated soFar, Occasion occasion) {
    var policy = policies.current(tx, signIn.tenant());
    for (var given :
        finder.provide(tx, signIn.tenant(), soFar.who(), policy.allowed(), occasion.at())) {
      audit.record(
          tx,
          signIn.tenant(),
          AuditEvent.success(AuditType.FACTOR_ENROLLED, occasion)
              .by(soFar.who())
              .in(signIn.id(), signIn.destination().application())
              .with("factor", given.factor().value())
              .with("enrolment", given.id().value())
              .with("reason", "everybody_has_it"));
    }
    var facts = facts(tx, signIn, soFar, occasion);
    var decision = Enforcement.decide(policy, facts);
    decisions.insert(
        tx, signIn.tenant(), signIn.id(), signIn.version(), policy.version(), facts, decision);
    record(tx, signIn, soFar, decision, occasion);
    return signIn.withState(soFar.on(new LoginSession.Event.Decided(decision)));
  }

  private void record(
      Tx tx,
      SignIn signIn,
      LoginSession.Authenticated soFar,
      Decision decision,
      Occasion occasion) {
    boolean owesSecond =
        decision instanceof Decision.Demanded(Demand demand, var _)
            && (demand instanceof Demand.Challenge
                || demand instanceof Demand.Password
                || demand instanceof Demand.Enrol);
    if (owesSecond && (signIn.asked().interactive() || signIn.destination().isDirect())) {
      audit.record(
          tx,
          signIn.tenant(),
          event(AuditEvent.success(AuditType.MFA_REQUIRED, occasion), signIn, soFar, decision));
    } else if (decision instanceof Decision.Denied) {
      audit.record(
          tx,
          signIn.tenant(),
          event(
              AuditEvent.of(AuditType.SIGN_IN_FAILED, AuditEvent.Outcome.DENIED, occasion),
              signIn,
              soFar,
              decision));
    }
  }

  private static AuditEvent event(
      AuditEvent event, SignIn signIn, LoginSession.Authenticated soFar, Decision decision) {
    return event
        .by(soFar.who())
        .in(signIn.id(), signIn.destination().application())
        .with("reason", decision.because().reason().word());
  }

  /** The newest decision of a sign-in. */
  public Optional<DecisionRecord> newestDecision(Tx tx, TenantId tenant, SignInId signIn) {
    return decisions.newest(tx, tenant, signIn);
  }
}
