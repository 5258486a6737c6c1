package dev.countersign.loginsession;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Enrolment;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.risk.Finding;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  private final Senses senses;
  private final Graces graces;
  private final DecisionStore decisions = new DecisionStore();

  public Progress(
      SignIns signIns,
      FactFinder finder,
      Policies policies,
      LivingSessions sessions,
      Audit audit,
      Arrivals arrivals,
      Senses senses,
      Graces graces) {
    this.signIns = signIns;
    this.finder = finder;
    this.policies = policies;
    this.sessions = sessions;
    this.audit = audit;
    this.arrivals = arrivals;
    this.senses = senses;
    this.graces = graces;
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
    return advance(tx, signIn, event, List.of(), occasion);
  }

  /**
   * The same.
   *
   * @param noticed what is noteworthy about what happened
   */
  public Moved advance(
      Tx tx, SignIn signIn, LoginSession.Event event, List<Finding> noticed, Occasion occasion) {
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
      moved = decide(tx, moved, soFar, noticed, occasion);
    }
    Optional<Arrivals.Arrived> arrived = Optional.empty();
    if (moved.state() instanceof Completed completed) {
      senses.learn(tx, moved, completed.who(), occasion);
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

  /** Goes on without what somebody was invited to set up and does not now; counted where that is not for ever. */
  public Moved putOff(Tx tx, SignIn signIn, LoginSession.Authenticated soFar, Occasion occasion) {
    var policy = policies.current(tx, signIn.tenant());
    var dues = policy.effective(facts(tx, policy, signIn, soFar, occasion)).counted();
    graces.putOff(tx, signIn.tenant(), soFar.who(), dues, occasion.at());
    return advance(
        tx,
        signIn.withNotes(signIn.notes().decliningInvitation()),
        new LoginSession.Event.LookAgain(),
        occasion);
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
    var policy = policies.current(tx, signIn.tenant());
    return onSolidGround(tx, signIn.withState(waiting.soFar()), waiting.soFar(), occasion).state()
            instanceof LoginSession.Authenticated soFar
        && Enforcement.decide(policy, facts(tx, policy, signIn, soFar, occasion))
            instanceof Decision.Demanded(var demand, var _)
        && demand.equals(waiting.demand());
  }

  /** Whether a way back would lead from here to the setting up of a factor: of a transaction, say, none does. */
  public boolean leadsBack(
      Tx tx, SignIn signIn, LoginSession.AwaitingMfa waiting, Occasion occasion) {
    var policy = policies.current(tx, signIn.tenant());
    var recovering = signIn.withNotes(signIn.notes().recovering(SignIn.Recovering.BY_ACCESS_CODE));
    return Enforcement.decide(policy, facts(tx, policy, recovering, waiting.soFar(), occasion))
            instanceof Decision.Demanded(var demand, var because)
        && demand instanceof Demand.Enrol
        && because.reason() == Because.Reason.RECOVERING;
  }

  private Facts facts(
      Tx tx, Policy policy, SignIn signIn, LoginSession.Authenticated soFar, Occasion occasion) {
    var asked = signIn.asked();
    var gathered =
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
                asked.guarded(),
                asked.acts(),
                approval(signIn, soFar, occasion.at())),
            asked.interactive(),
            signIn.notes().declined(),
            policy.traits(),
            occasion.at());
    var facts = gathered.in(circumstances(tx, policy, signIn, gathered, occasion));
    var invitation = signIn.notes().invitation();
    return invitation == null
        ? facts
        : facts.inviting(finder.invitedTo(tx, signIn.tenant(), invitation, facts));
  }

  /** How it stands with what is to be approved; null where there is nothing. */
  private static Facts.@Nullable Approval approval(
      SignIn signIn, LoginSession.Authenticated soFar, Moment now) {
    var transaction = signIn.asked().transaction();
    if (transaction == null) {
      return null;
    }
    boolean given =
        soFar.proofs().stream()
            .filter(proof -> proof.approves(signIn.id(), transaction))
            .anyMatch(proof -> now.since(proof.at()).compareTo(Enforcement.APPROVAL_LASTS) < 0);
    return given ? Facts.Approval.GIVEN : Facts.Approval.OWED;
  }

  /** Asks how often the person has put it off only where that matters. */
  private Facts.Circumstances circumstances(
      Tx tx, Policy policy, SignIn signIn, Facts facts, Occasion occasion) {
    var assessed = signIn.notes().assessed();
    var around =
        new Facts.Circumstances(
            new Facts.Where(occasion.address(), assessed == null ? null : assessed.country()),
            signIn.createdAt(),
            assessed == null ? List.of() : assessed.findings(),
            Map.of(),
            signIn.notes().recovering() != null);
    return policy.effective(facts.in(around)).counts()
        ? around.with(graces.of(tx, signIn.tenant(), new UserId(facts.who().user())))
        : around;
  }

  /** Notes what is noteworthy, once, when the first proof is there. */
  private SignIn assess(
      Tx tx,
      SignIn signIn,
      LoginSession.Authenticated soFar,
      List<Finding> noticed,
      Occasion occasion) {
    if (signIn.notes().assessed() != null) {
      return signIn;
    }
    return signIn.withNotes(
        signIn.notes().assessed(senses.assess(tx, signIn, soFar.who(), noticed, occasion)));
  }

  private SignIn decide(
      Tx tx,
      SignIn begun,
      LoginSession.Authenticated soFar,
      List<Finding> noticed,
      Occasion occasion) {
    var signIn = assess(tx, begun, soFar, noticed, occasion);
    var policy = policies.current(tx, signIn.tenant());
    tell(
        tx,
        signIn,
        soFar,
        finder.provide(tx, signIn.tenant(), soFar.who(), policy.allowed(), occasion.at()),
        "everybody_has_it",
        occasion);
    var facts = facts(tx, policy, signIn, soFar, occasion);
    var decision = Enforcement.decide(policy, facts);
    if (decision instanceof Decision.Demanded(Demand.Challenge(var anyOf), var because)
        && because.reason() == Because.Reason.VERIFY_EMAIL_FIRST) {
      tell(
          tx,
          signIn,
          soFar,
          finder.provideAddress(tx, signIn.tenant(), soFar.who(), Set.copyOf(anyOf), occasion.at()),
          "verify_email_first",
          occasion);
    }
    decisions.insert(
        tx, signIn.tenant(), signIn.id(), signIn.version(), policy.version(), facts, decision);
    if (decision instanceof Decision.Demanded(Demand.Enrol(var _, var optional), var _)
        && optional) {
      graces.invited(
          tx, signIn.tenant(), soFar.who(), policy.effective(facts).counted(), occasion.at());
    }
    if (decision.because().reason() == Because.Reason.PUT_OFF && signIn.destination().isDirect()) {
      // Nobody can be invited there, so each time counts as put off.
      graces.putOff(
          tx, signIn.tenant(), soFar.who(), policy.effective(facts).counted(), occasion.at());
    }
    if (begun.notes().assessed() == null
        && policy.adaptive().state() != Adaptive.State.OFF
        && !facts.circumstances().findings().isEmpty()) {
      recordRisk(tx, signIn, soFar, policy.adaptive(), facts, occasion);
    }
    record(tx, signIn, soFar, decision, occasion);
    return signIn.withState(soFar.on(new LoginSession.Event.Decided(decision)));
  }

  /** What people were given without setting it up stands in the record. */
  private void tell(
      Tx tx,
      SignIn signIn,
      LoginSession.Authenticated soFar,
      List<Enrolment> all,
      String reason,
      Occasion occasion) {
    for (var given : all) {
      audit.record(
          tx,
          signIn.tenant(),
          AuditEvent.success(AuditType.FACTOR_ENROLLED, occasion)
              .by(soFar.who())
              .in(signIn.id(), signIn.destination().application())
              .with("factor", given.factor().value())
              .with("enrolment", given.id().value())
              .with("reason", reason));
    }
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
          event(
              AuditEvent.success(
                  signIn.asked().transaction() == null
                      ? AuditType.MFA_REQUIRED
                      : AuditType.STEP_UP_REQUESTED,
                  occasion),
              signIn,
              soFar,
              decision));
    } else if (decision.because().reason() == Because.Reason.EXEMPT) {
      audit.record(
          tx,
          signIn.tenant(),
          event(AuditEvent.success(AuditType.EXEMPTION_USED, occasion), signIn, soFar, decision));
    } else if (decision instanceof Decision.Denied) {
      audit.record(
          tx,
          signIn.tenant(),
          event(
              AuditEvent.of(failure(signIn), AuditEvent.Outcome.DENIED, occasion),
              signIn,
              soFar,
              decision));
    }
  }

  private void recordRisk(
      Tx tx,
      SignIn signIn,
      LoginSession.Authenticated soFar,
      Adaptive adaptive,
      Facts facts,
      Occasion occasion) {
    var findings = facts.circumstances().findings();
    int score = adaptive.score(findings);
    audit.record(
        tx,
        signIn.tenant(),
        AuditEvent.success(AuditType.RISK_ASSESSED, occasion)
            .by(soFar.who())
            .in(signIn.id(), signIn.destination().application())
            .with("score", String.valueOf(score))
            .with("confidence", adaptive.confidence(score))
            .with("response", adaptive.response(score).name().toLowerCase(Locale.ROOT))
            .with("followed", String.valueOf(adaptive.isFollowed(facts.at())))
            .with(
                "findings",
                findings.stream()
                    .map(it -> it.signal().word() + " +" + adaptive.points(it))
                    .collect(Collectors.joining(", "))));
  }

  private static AuditEvent event(
      AuditEvent event, SignIn signIn, LoginSession.Authenticated soFar, Decision decision) {
    return about(event.by(soFar.who()), signIn).with("reason", decision.because().reason().word());
  }

  /** What is recorded when nothing comes of a sign-in: of one that is to approve something, that it is not approved. */
  public static AuditType failure(SignIn signIn) {
    return signIn.asked().transaction() == null
        ? AuditType.SIGN_IN_FAILED
        : AuditType.STEP_UP_DENIED;
  }

  /** Says which sign-in an event is of, and what was to be approved in it: which kind, and which by its hash. */
  public static AuditEvent about(AuditEvent event, SignIn signIn) {
    var placed = event.in(signIn.id(), signIn.destination().application());
    var transaction = signIn.asked().transaction();
    return transaction == null
        ? placed
        : placed
            .with("operation", String.join(" ", transaction.types()))
            .with("transaction", transaction.hash());
  }

  /** The newest decision of a sign-in. */
  public Optional<DecisionRecord> newestDecision(Tx tx, TenantId tenant, SignInId signIn) {
    return decisions.newest(tx, tenant, signIn);
  }
}
