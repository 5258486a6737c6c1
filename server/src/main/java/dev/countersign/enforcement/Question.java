package dev.countersign.enforcement;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One asking of the question: the facts with what the policy makes of them, and the order in which it is decided. First who
 * somebody is, then what is noteworthy about the sign-in, then what they are about to do, then what is owed in any case.
 */
final class Question {
  /** The reasons that something noteworthy took part in. */
  private static final Set<Reason> AT_RISK =
      Set.of(
          Reason.RISK,
          Reason.RISK_TOO_HIGH,
          Reason.VERIFY_EMAIL_FIRST,
          Reason.SUSPICIOUS_WITHOUT_FACTOR);

  final Policy policy;
  final Facts facts;
  final Means means;
  final Worth worth;

  /** What is demanded for what is noteworthy about the sign-in. */
  final Adaptive.Response response;

  private final Policy.Effective effective;
  private final Leeway leeway;

  /** What is demanded, unless the person may put it off and has nothing set up. */
  private final Mode mode;

  /** The strictest of the step-up rules for what the person is about to do; null when there is none. */
  private final @Nullable StepUp sensitive;

  Question(Policy policy, Facts facts) {
    this.policy = policy;
    this.facts = facts;
    effective = policy.effective(facts);
    means = new Means(policy, effective, facts);
    worth = new Worth(means, facts);
    leeway = new Leeway(effective, facts);
    response = Suspicion.response(policy, effective, facts);
    mode =
        effective.mode() == Mode.REQUIRED && !means.isProtected() && leeway.isLeft()
            ? Mode.OPTIONAL
            : effective.mode();
    sensitive = StepUp.strictest(policy.stepUpsFor(facts.asked().acts()));
  }

  Decision answer() {
    if (facts.who().blocked()) {
      return denied(Reason.BLOCKED);
    }
    var first = facts.proofs().stream().filter(Facts.Proven::first).toList();
    if (first.isEmpty()) {
      return demanded(new Demand.FirstProof(), Reason.NO_FIRST_PROOF);
    }
    if (first.stream()
        .noneMatch(proof -> Worth.notBefore(proof.at(), facts.asked().firstProofAfter()))) {
      return demanded(new Demand.FirstProof(), Reason.FIRST_PROOF_TOO_OLD);
    }
    if (facts.asked().approval() == Facts.Approval.OWED && response != Adaptive.Response.BLOCK) {
      return askForApproval();
    }
    return new Suspicion(this)
        .decision()
        .or(() -> act().flatMap(BeforeAct::decision))
        .orElseGet(this::forTheRest);
  }

  /** What step-up rules still want; nothing when it is proven. */
  Optional<StepUp> owedForAct() {
    return act().filter(BeforeAct::isOwed).map(BeforeAct::rule);
  }

  private Optional<BeforeAct> act() {
    return Optional.ofNullable(sensitive).map(rule -> new BeforeAct(this, rule));
  }

  /** What is owed beside what risk and sensitive acts call for. */
  private Decision forTheRest() {
    var wanted = wanted();
    var owed = addresses(wanted);
    if (!owed.isEmpty()) {
      return demanded(new Demand.Challenge(owed), whyChallenged());
    }
    if (worth.level(facts.asked().secondProofAfter()).reaches(wanted)) {
      return provenEnough(wanted);
    }
    if (wanted == Level.AAL3 && !means.mayReachThird()) {
      return denied(Reason.LEVEL_OUT_OF_REACH);
    }
    return askFor(wanted);
  }

  /** The level that policy, enrolment and application together call for. */
  private Level wanted() {
    var byPolicy =
        switch (mode) {
          case OFF -> Level.AAL1;
          case OPTIONAL -> means.isProtected() ? Level.AAL2 : Level.AAL1;
          case REQUIRED -> Level.AAL2;
        };
    var byPurpose =
        (facts.asked().guarded() || means.isInvited()) && means.isProtected()
            ? Level.AAL2
            : Level.AAL1;
    return byPolicy.orHigher(byPurpose).orHigher(facts.asked().level());
  }

  /**
   * What reaches an address of somebody who has nothing better, or asks once more for something known, until it has been
   * answered. It raises no level (SP 800-63B-4 section 3.1.3.1), so where one is wanted something better has to be set up
   * next; but a password alone leads past it nowhere.
   */
  private List<FactorId> addresses(Level wanted) {
    boolean asked = mode != Mode.OFF || wanted.reaches(Level.AAL2) || means.isInvited();
    if (!asked || means.isProtected()) {
      return List.of();
    }
    var reaching = means.addresses();
    return worth.answered(reaching, facts.asked().secondProofAfter()) ? List.of() : reaching;
  }

  // When it is proven

  private Decision provenEnough(Level wanted) {
    if (means.isInvited()) {
      return demanded(new Demand.Enrol(means.invitedTo(), false), Reason.TICKET);
    }
    var offered = means.offered();
    if (mustBindAnew()) {
      var why = means.hasDisabled() ? Reason.FACTORS_DISABLED : Reason.POLICY_REQUIRES;
      return offered.isEmpty()
          ? denied(Reason.NO_FACTOR_POSSIBLE)
          : demanded(new Demand.Enrol(offered, false), why);
    }
    if (mayInvite() && !offered.isEmpty()) {
      return demanded(new Demand.Enrol(offered, true), isPutOff() ? Reason.GRACE : Reason.INVITED);
    }
    if (facts.interactive() && owesBackupCodes()) {
      return demanded(
          new Demand.SeeBackupCodes(),
          facts.backupCodes().issued() && facts.backupCodes().acknowledged()
              ? Reason.BACKUP_CODES_SPENT
              : Reason.BACKUP_CODES_UNSEEN);
    }
    return cleared(whyNoMore(wanted));
  }

  /**
   * Whoever proved two things and has nothing left to prove the second with: their last factor was removed, or they came
   * in by a backup code. Where a factor is required that ends what goes on silently, too; a password alone never leads here.
   */
  private boolean mustBindAnew() {
    boolean owed =
        switch (mode) {
          case REQUIRED -> true;
          case OPTIONAL -> facts.interactive() && means.hasDisabled();
          case OFF -> false;
        };
    return owed && !means.hasUsable() && worth.level(null).reaches(Level.AAL2);
  }

  private boolean mayInvite() {
    return mode == Mode.OPTIONAL
        && !means.hasUsable()
        && facts.interactive()
        && !facts.declined()
        && !leeway.isCoolingDown();
  }

  private boolean isPutOff() {
    return effective.mode() == Mode.REQUIRED && mode == Mode.OPTIONAL;
  }

  private boolean owesBackupCodes() {
    return means.lacksBackupCodes() && worth.level(null).reaches(Level.AAL2);
  }

  private Reason whyNoMore(Level wanted) {
    if (wanted.reaches(Level.AAL2)) {
      return Reason.PROVEN;
    }
    if (effective.exempt()) {
      return Reason.EXEMPT;
    }
    if (response != Adaptive.Response.ALLOW) {
      return Reason.RISK_ANSWERED;
    }
    if (isPutOff()) {
      return Reason.PUT_OFF;
    }
    return facts.declined() ? Reason.DECLINED : Reason.NOTHING_DEMANDED;
  }

  // When it is not

  private Decision askFor(Level wanted) {
    var after = facts.asked().secondProofAfter();
    var switchedOn = worth.halves(after, means::isSwitchedOn, true);
    if (switchedOn.lackWhatIsKnown()) {
      return askForWhatIsKnown(whyChallenged());
    }
    var renewable = renewable(wanted, false);
    if (!renewable.isEmpty()) {
      return demanded(new Demand.Enrol(renewable, false), Reason.RECOVERING);
    }
    var usable =
        means.usable(means::isAllowed).stream()
            .filter(offer -> wanted != Level.AAL3 || offer.reachesThird())
            .toList();
    boolean usableBesideRecovery = usable.stream().anyMatch(offer -> !offer.recovers());
    if (usableBesideRecovery && isSpared()) {
      return cleared(Reason.TRUSTED_BROWSER);
    }
    if (means.suffice(usable)) {
      return demanded(new Demand.Challenge(Means.ids(usable.stream())), whyChallenged());
    }
    if (means.hasDisabled()) {
      // Or whoever guesses long enough could bind a factor of their own.
      return denied(Reason.FACTORS_DISABLED);
    }
    var steppingStones = means.steppingStones();
    if (!steppingStones.isEmpty() && !switchedOn.makeTwo()) {
      return demanded(new Demand.Challenge(steppingStones), whyChallenged());
    }
    if (means.isInvited() && wanted != Level.AAL3) {
      return demanded(new Demand.Enrol(means.invitedTo(), false), Reason.TICKET);
    }
    var offered = wanted == Level.AAL3 ? means.offeredForThird() : means.offered();
    return offered.isEmpty()
        ? denied(Reason.NO_FACTOR_POSSIBLE)
        : demanded(
            new Demand.Enrol(offered, false),
            mode == Mode.REQUIRED ? Reason.POLICY_REQUIRES : Reason.APPLICATION_ASKS);
  }

  /**
   * Whether a browser that its person trusts stands for the challenge. It spares somebody who has a factor the question and
   * nothing else: not the setting up of one, not what risk or a sensitive act wants, not what an application asked to be proven
   * or to be fresh, and not those whose factor was closed after too many wrong answers.
   */
  private boolean isSpared() {
    var trust = facts.trust();
    return trust != null
        && response == Adaptive.Response.ALLOW
        && sensitive == null
        && !facts.asked().level().reaches(Level.AAL2)
        && facts.asked().firstProofAfter() == null
        && !means.hasDisabled()
        && !means.isInvited()
        && !(facts.interactive() && means.lacksBackupCodes())
        && effective.allowed().contains(trust.factor())
        && facts.at().isBefore(trust.until())
        && facts.at().since(trust.since()).compareTo(effective.trustFor()) < 0;
  }

  private Reason whyChallenged() {
    if (worth.level(null).reaches(Level.AAL2)) {
      return Reason.PROOF_TOO_OLD;
    }
    return switch (mode) {
      case REQUIRED -> Reason.POLICY_REQUIRES;
      case OPTIONAL -> Reason.ENROLLED;
      case OFF -> Reason.APPLICATION_ASKS;
    };
  }

  /**
   * A transaction wants a second proof of its own, by something that its person had before: nothing proven earlier, no
   * trusted browser, nothing that reaches an address, no way back in, and nothing that is set up on the spot.
   */
  private Decision askForApproval() {
    var kind = sensitive == null ? StepUp.Kind.ANY : sensitive.kind();
    var level = sensitive == null ? wanted() : sensitive.level().orHigher(wanted());
    boolean noLess = response == Adaptive.Response.PHISHING_RESISTANT;
    var usable =
        Means.ids(
            means.usable(means::isAllowed).stream()
                .filter(offer -> !offer.recovers() && kind.takes(offer))
                .filter(offer -> !noLess || offer.phishingResistant())
                .filter(offer -> level != Level.AAL3 || offer.reachesThird()));
    return usable.isEmpty()
        ? denied(Reason.LEVEL_OUT_OF_REACH)
        : demanded(
            new Demand.Challenge(usable),
            sensitive == null ? Reason.APPLICATION_ASKS : Reason.STEP_UP);
  }

  /** Asks for one of these, or first for what is known where only a key was shown. */
  Decision prove(@Nullable Moment since, List<Facts.Offer> usable, Reason reason) {
    if (worth.halves(since, means::isSwitchedOn, false).lackWhatIsKnown()) {
      return askForWhatIsKnown(reason);
    }
    var renewable = renewable(wanted(), response == Adaptive.Response.PHISHING_RESISTANT);
    return renewable.isEmpty()
        ? demanded(new Demand.Challenge(Means.ids(usable.stream())), reason)
        : demanded(new Demand.Enrol(renewable, false), Reason.RECOVERING);
  }

  /**
   * A key came first that is one factor only, and another thing that somebody has would not make two (SP 800-63B-4 section
   * 2.2.1): what is missing is something known, or a key that verifies its user, be it one that a rule no longer takes.
   */
  private Decision askForWhatIsKnown(Reason reason) {
    if (facts.password()) {
      return demanded(new Demand.Password(), reason);
    }
    var both = means.both();
    return both.isEmpty()
        ? denied(Reason.NO_FACTOR_POSSIBLE)
        : demanded(new Demand.Challenge(both), reason);
  }

  /**
   * What somebody who lost every factor may set up in place of answering one (SP 800-63B-4 section 4.2.2.2); nothing of anybody else.
   * Whoever has no factor to have lost is on no way back: the usual rules lead them to setting one up.
   */
  private List<FactorId> renewable(Level wanted, boolean phishingResistant) {
    if (!facts.circumstances().recovering() || !means.isProtected()) {
      return List.of();
    }
    var kind =
        wanted == Level.AAL3 || phishingResistant
            ? StepUp.Kind.PHISHING_RESISTANT
            : sensitive == null ? StepUp.Kind.ANY : sensitive.kind();
    return means.offered(kind::takes);
  }

  // How it is said

  Decision demanded(Demand demand, Reason reason) {
    return new Decision.Demanded(demand, because(reason));
  }

  Decision denied(Reason reason) {
    return new Decision.Denied(because(reason));
  }

  private Decision cleared(Reason reason) {
    return new Cleared(
        worth.level(facts.asked().secondProofAfter()), because(reason), policy.version());
  }

  private Because because(Reason reason) {
    var rules = new ArrayList<>(effective.rules());
    policy.stepUpsFor(facts.asked().acts()).forEach(it -> rules.add(it.id()));
    return new Because(
        reason,
        rules,
        AT_RISK.contains(reason) ? Suspicion.signals(policy.adaptive(), facts) : List.of(),
        leave(reason));
  }

  private Because.@Nullable Leave leave(Reason reason) {
    if (reason == Reason.GRACE) {
      return leeway.leave();
    }
    return reason == Reason.POLICY_REQUIRES && leeway.isOver() ? Because.Leave.NONE : null;
  }
}
