package dev.countersign.enforcement;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one decision that every path asks: browser, silent, refresh, step-up. A pure function: the same policy and facts
 * give the same decision, whenever it is asked.
 */
public final class Enforcement {
  /** How long a second proof counts (SP 800-63B-4 section 2.2.3). */
  public static final Duration SECOND_PROOF_LASTS = Duration.ofHours(24);

  /** How long a second proof counts that was given to approve a transaction. */
  public static final Duration APPROVAL_LASTS = Duration.ofMinutes(5);

  /** The reasons that something noteworthy took part in. */
  private static final Set<Reason> AT_RISK =
      Set.of(
          Reason.RISK,
          Reason.RISK_TOO_HIGH,
          Reason.VERIFY_EMAIL_FIRST,
          Reason.SUSPICIOUS_WITHOUT_FACTOR);

  private Enforcement() {}

  public static Decision decide(Policy policy, Facts facts) {
    return Question.of(policy, facts).answer();
  }

  /**
   * What step-up rules still want for what somebody is about to do: the strictest of them, or nothing when it is proven. By
   * the same rules as {@link #decide}, which also says by what it could be proven.
   */
  public static Optional<StepUp> owed(Policy policy, Facts facts) {
    return Question.of(policy, facts).owed();
  }

  /**
   * One asking of the question: the facts with what the policy makes of them.
   *
   * @param mode what is demanded, unless the person may put it off and has nothing set up
   * @param response what is demanded for what is noteworthy about the sign-in
   * @param sensitive the strictest of the step-up rules for what the person is about to do; null when there is none
   */
  private record Question(
      Policy policy,
      Policy.Effective effective,
      Facts facts,
      Mode mode,
      Adaptive.Response response,
      @Nullable StepUp sensitive) {

    static Question of(Policy policy, Facts facts) {
      var effective = policy.effective(facts);
      var asked =
          new Question(
              policy,
              effective,
              facts,
              effective.mode(),
              response(policy, facts, effective),
              strictest(policy.stepUpsFor(facts.asked().acts())));
      return effective.mode() == Mode.REQUIRED && !asked.isProtected() && asked.canPutOff()
          ? asked.as(Mode.OPTIONAL)
          : asked;
    }

    private Question as(Mode changed) {
      return new Question(policy, effective, facts, changed, response, sensitive);
    }

    /** The same without what has been answered already. */
    private Question withoutRisk() {
      return new Question(policy, effective, facts, mode, Adaptive.Response.ALLOW, sensitive);
    }

    /** Somebody exempt is asked for nothing, and not let in either when it is all but certain that it is not them. */
    private static Adaptive.Response response(
        Policy policy, Facts facts, Policy.Effective effective) {
      var adaptive = policy.adaptive();
      if (!adaptive.isFollowed(facts.at())) {
        return Adaptive.Response.ALLOW;
      }
      var response = adaptive.response(adaptive.score(facts.circumstances().findings()));
      return effective.exempt() && response != Adaptive.Response.BLOCK
          ? Adaptive.Response.ALLOW
          : response;
    }

    private static @Nullable StepUp strictest(List<StepUp> rules) {
      StepUp strictest = null;
      for (var rule : rules) {
        strictest =
            strictest == null
                ? rule
                : new StepUp(
                    strictest.id(),
                    strictest.name(),
                    strictest.acts(),
                    strictest.level().orHigher(rule.level()),
                    strictest.kind().compareTo(rule.kind()) >= 0 ? strictest.kind() : rule.kind(),
                    Math.min(strictest.lastsSeconds(), rule.lastsSeconds()));
      }
      return strictest;
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
          .noneMatch(proof -> notBefore(proof.at(), facts.asked().firstProofAfter()))) {
        return demanded(new Demand.FirstProof(), Reason.FIRST_PROOF_TOO_OLD);
      }
      if (facts.asked().approval() == Facts.Approval.OWED && response != Adaptive.Response.BLOCK) {
        return askForApproval();
      }
      return forRisk()
          .or(this::forAct)
          .orElseGet(() -> withoutRisk().forTheRest(response != Adaptive.Response.ALLOW));
    }

    /** What is owed beside what risk and sensitive acts call for. */
    private Decision forTheRest(boolean risky) {
      var wanted = wanted();
      var owed = addresses(wanted);
      if (!owed.isEmpty()) {
        return demanded(new Demand.Challenge(owed), whyChallenged());
      }
      if (level(facts.asked().secondProofAfter()).reaches(wanted)) {
        return provenEnough(wanted);
      }
      if (wanted == Level.AAL3
          && facts.offers().stream()
              .noneMatch(
                  offer -> (offer.reachesThird() || offer.mayReachThird()) && isAllowed(offer))) {
        return denied(Reason.LEVEL_OUT_OF_REACH);
      }
      return askFor(wanted, risky);
    }

    /**
     * What has to be proven because of what is noteworthy about the sign-in: in this sign-in, and by what was there before it.
     * Nothing once it is.
     */
    private Optional<Decision> forRisk() {
      return switch (response) {
        case ALLOW -> Optional.empty();
        case BLOCK -> Optional.of(denied(Reason.RISK_TOO_HIGH));
        case CHALLENGE -> forRisk(StepUp.Kind.ANY);
        case PHISHING_RESISTANT -> forRisk(StepUp.Kind.PHISHING_RESISTANT);
      };
    }

    private Optional<Decision> forRisk(StepUp.Kind kind) {
      var since = facts.circumstances().begun();
      Predicate<Facts.Offer> does = offer -> isAllowed(offer) && isOf(kind, offer);
      if (halves(since, does, false).makeTwo()) {
        return Optional.empty();
      }
      var usable = usable(does);
      if (usable.stream().anyMatch(offer -> !offer.recovers())
          || (hasDisabled() && !usable.isEmpty())) {
        return Optional.of(prove(since, usable, Reason.RISK));
      }
      if (hasDisabled()) {
        return Optional.of(denied(Reason.FACTORS_DISABLED));
      }
      var lesser =
          usable(this::isSwitchedOn); // A rule that takes one no longer makes nobody safer.
      return policy.adaptive().withoutFactor() == Adaptive.WithoutFactor.BLOCK
          ? Optional.of(denied(Reason.SUSPICIOUS_WITHOUT_FACTOR))
          : lesser.stream().anyMatch(offer -> !offer.recovers())
                  && !halves(since, this::isSwitchedOn, false).makeTwo()
              ? Optional.of(prove(since, lesser, Reason.RISK))
              : withoutFactor(since, does);
    }

    /** Of somebody who has nothing that does: what the policy says of that. */
    private Optional<Decision> withoutFactor(@Nullable Moment since, Predicate<Facts.Offer> does) {
      if (policy.adaptive().withoutFactor() == Adaptive.WithoutFactor.ALLOW_ENROLMENT) {
        if (halves(since, does, true).makeTwo()) {
          return Optional.empty();
        }
        var offered =
            offered().stream().filter(id -> facts.offer(id.value()).filter(does).isPresent());
        var anyOf = offered.toList();
        return Optional.of(
            anyOf.isEmpty()
                ? denied(Reason.SUSPICIOUS_WITHOUT_FACTOR)
                : demanded(new Demand.Enrol(anyOf, false), Reason.RISK));
      }
      var reaching =
          facts.offers().stream()
              .filter(offer -> offer.kind() == ProofKind.REACHES && offer.suits())
              .map(Facts.Offer::factor)
              .toList();
      boolean reached =
          facts.proofs().stream()
              .anyMatch(proof ->
                  proof.kind() == ProofKind.REACHES && !proof.bySetUp() && isRecent(proof, since));
      if (reached) {
        return Optional.empty();
      }
      return Optional.of(
          reaching.isEmpty()
              ? denied(Reason.SUSPICIOUS_WITHOUT_FACTOR)
              : demanded(new Demand.Challenge(reaching), Reason.VERIFY_EMAIL_FIRST));
    }

    /** What has to be proven for what the person is about to do; nobody gets there by setting something up on the way. */
    private Optional<Decision> forAct() {
      if (sensitive == null || owed().isEmpty()) {
        return Optional.empty();
      }
      var after = sensitiveAfter(sensitive);
      var usable =
          usable(offer -> does(sensitive, offer)).stream()
              .filter(offer -> sensitive.level() != Level.AAL3 || offer.reachesThird())
              .toList();
      if (usable.stream().anyMatch(offer -> !offer.recovers())
          || (hasDisabled() && !usable.isEmpty())) {
        return Optional.of(prove(after, usable, Reason.STEP_UP));
      }
      return Optional.of(
          denied(
              hasDisabled()
                  ? Reason.FACTORS_DISABLED
                  : hasUsable() ? Reason.LEVEL_OUT_OF_REACH : Reason.STEP_UP_NEEDS_FACTOR));
    }

    private Optional<StepUp> owed() {
      return Optional.ofNullable(sensitive)
          .filter(it ->
              !halves(sensitiveAfter(it), offer -> does(it, offer), false)
                  .level()
                  .reaches(it.level()));
    }

    private boolean does(StepUp rule, Facts.Offer offer) {
      return isAllowed(offer) && isOf(rule.kind(), offer);
    }

    /** What was given in this very sign-in counts, however long the person takes. */
    private @Nullable Moment sensitiveAfter(StepUp rule) {
      var begun = facts.circumstances().begun();
      var since = facts.at().minus(Duration.ofSeconds(rule.lastsSeconds()));
      if (begun == null) {
        return since;
      }
      return begun.isBefore(since) || rule.lastsSeconds() == 0 ? begun : since;
    }

    /** Asks for one of these, or first for what is known where only a key was shown. */
    private Decision prove(@Nullable Moment since, List<Facts.Offer> usable, Reason reason) {
      var switchedOn = halves(since, this::isSwitchedOn, false);
      if (switchedOn.has() && !switchedOn.knows()) {
        return askForWhatIsKnown(reason);
      }
      var renewable = renewable(wanted());
      return renewable.isEmpty()
          ? demanded(
              new Demand.Challenge(usable.stream().map(Facts.Offer::factor).toList()), reason)
          : demanded(new Demand.Enrol(renewable, false), Reason.RECOVERING);
    }

    private List<Facts.Offer> usable(Predicate<Facts.Offer> which) {
      return facts.offers().stream()
          .filter(offer -> offer.enrolled() > 0 && raises(offer) && which.test(offer))
          .filter(offer -> !offer.recovers() || facts.backupCodes().left() > 0)
          .toList();
    }

    private static boolean isOf(StepUp.Kind kind, Facts.Offer offer) {
      return switch (kind) {
        case ANY -> true;
        case NOT_BY_TELEPHONE -> !offer.byTelephone();
        case PHISHING_RESISTANT -> offer.phishingResistant();
      };
    }

    /** Whether all that requires a factor of somebody who has none can still be put off. */
    private boolean canPutOff() {
      return effective.dues().stream()
          .filter(due -> due.mode() == Mode.REQUIRED)
          .allMatch(due -> canPutOff(due) || isLeftAlone(due.timing()));
    }

    private boolean canPutOff(Policy.Due due) {
      var timing = due.timing();
      if (!timing.gives()) {
        return false;
      }
      var grace = grace(due);
      var since = grace.since();
      var days = timing.graceDays();
      var skips = timing.graceSkips();
      var deadline = timing.deadline();
      return (deadline == null || facts.at().isBefore(deadline))
          && (days == null
              || since == null
              || facts.at().isBefore(since.plus(Duration.ofDays(days))))
          // What was said in this very sign-in is counted already.
          && (skips == null || grace.skips() - (facts.declined() ? 1 : 0) < skips);
    }

    /** Whoever signed in before it began, where it leaves sessions alone. */
    private boolean isLeftAlone(Timing timing) {
      var start = timing.start();
      return timing.leavesSessions()
          && start != null
          && facts.proofs().stream().anyMatch(proof -> proof.first() && proof.at().isBefore(start));
    }

    private Grace grace(Policy.Due due) {
      return facts.circumstances().graces().getOrDefault(due.by(), Grace.UNTOUCHED);
    }

    /** Whether the person said 'not now' so lately that nobody who invites them does so again. */
    private boolean isCoolingDown() {
      return !effective.dues().isEmpty()
          && effective.dues().stream()
              .allMatch(due -> {
                var last = grace(due).lastSkip();
                return last != null
                    && facts.at().isBefore(last.plus(Duration.ofDays(due.timing().coolDownDays())));
              });
    }

    private boolean isPutOff() {
      return effective.mode() == Mode.REQUIRED && mode == Mode.OPTIONAL;
    }

    /** The level that policy, enrolment and application together call for. */
    private Level wanted() {
      var byPolicy =
          switch (mode) {
            case OFF -> Level.AAL1;
            case OPTIONAL -> isProtected() ? Level.AAL2 : Level.AAL1;
            case REQUIRED -> Level.AAL2;
          };
      var byPurpose =
          (facts.asked().guarded() || isInvited()) && isProtected() ? Level.AAL2 : Level.AAL1;
      return byPolicy.orHigher(byPurpose).orHigher(facts.asked().level());
    }

    /** What a ticket asks the person to set up, as far as they may have it. */
    private List<FactorId> invitedTo() {
      return facts.invitedTo().stream()
          .filter(factor -> effective.allowed().contains(factor))
          .toList();
    }

    private boolean isInvited() {
      return !invitedTo().isEmpty();
    }

    /**
     * What reaches an address of somebody who has nothing better, or asks once more for something known, until it has been answered. It raises no level (SP
     * 800-63B-4 section 3.1.3.1), so where one is wanted something better has to be set up next; but a password alone leads
     * past it nowhere.
     */
    private List<FactorId> addresses(Level wanted) {
      boolean asked = mode != Mode.OFF || wanted.reaches(Level.AAL2) || isInvited();
      if (!asked || isProtected()) {
        return List.of();
      }
      var reaching =
          facts.offers().stream()
              .filter(offer -> offer.enrolled() > 0 && !raises(offer) && isSwitchedOn(offer))
              .map(Facts.Offer::factor)
              .toList();
      boolean reached =
          facts.proofs().stream()
              .anyMatch(proof ->
                  reaching.stream().anyMatch(it -> it.value().equals(proof.method()))
                      && !proof.first()
                      && isRecent(proof, facts.asked().secondProofAfter()));
      return reached ? List.of() : reaching;
    }

    private static boolean raises(Facts.Offer offer) {
      return offer.kind().isMoreThanPassword();
    }

    private Decision provenEnough(Level wanted) {
      if (isInvited()) {
        return demanded(new Demand.Enrol(invitedTo(), false), Reason.TICKET);
      }
      boolean mayInvite =
          mode == Mode.OPTIONAL
              && !hasUsable()
              && facts.interactive()
              && !facts.declined()
              && !isCoolingDown();
      var offered = offered();
      if (mustBindAnew()) {
        var why = hasDisabled() ? Reason.FACTORS_DISABLED : Reason.POLICY_REQUIRES;
        return offered.isEmpty()
            ? denied(Reason.NO_FACTOR_POSSIBLE)
            : demanded(new Demand.Enrol(offered, false), why);
      }
      if (mayInvite && !offered.isEmpty()) {
        return demanded(
            new Demand.Enrol(offered, true), isPutOff() ? Reason.GRACE : Reason.INVITED);
      }
      if (facts.interactive() && owesBackupCodes()) {
        return demanded(
            new Demand.SeeBackupCodes(),
            facts.backupCodes().issued() && facts.backupCodes().acknowledged()
                ? Reason.BACKUP_CODES_SPENT
                : Reason.BACKUP_CODES_UNSEEN);
      }
      return new Cleared(
          level(facts.asked().secondProofAfter()), because(whyNoMore(wanted)), policy.version());
    }

    private Reason whyNoMore(Level wanted) {
      if (wanted.reaches(Level.AAL2)) {
        return Reason.PROVEN;
      }
      if (effective.exempt()) {
        return Reason.EXEMPT;
      }
      if (isPutOff()) {
        return Reason.PUT_OFF;
      }
      return facts.declined() ? Reason.DECLINED : Reason.NOTHING_DEMANDED;
    }

    /**
     * Whoever proved two things and has nothing left to prove the second with: their last factor was removed, or they came
     * in by a backup code. Where a factor is required that ends what goes on silently, too; a password alone never leads here.
     */
    private boolean mustBindAnew() {
      boolean owed =
          switch (mode) {
            case REQUIRED -> true;
            case OPTIONAL -> facts.interactive() && hasDisabled();
            case OFF -> false;
          };
      return owed && !hasUsable() && level(null).reaches(Level.AAL2);
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
          usable(this::isAllowed).stream()
              .filter(offer -> !offer.recovers() && isOf(kind, offer))
              .filter(offer -> !noLess || offer.phishingResistant())
              .filter(offer -> level != Level.AAL3 || offer.reachesThird())
              .map(Facts.Offer::factor)
              .toList();
      return usable.isEmpty()
          ? denied(Reason.LEVEL_OUT_OF_REACH)
          : demanded(
              new Demand.Challenge(usable),
              sensitive == null ? Reason.APPLICATION_ASKS : Reason.STEP_UP);
    }

    private Decision askFor(Level wanted, boolean risky) {
      var switchedOn = halves(facts.asked().secondProofAfter(), this::isSwitchedOn, true);
      if (switchedOn.has() && !switchedOn.knows()) {
        return askForWhatIsKnown(whyChallenged());
      }
      var renewable = renewable(wanted);
      if (!renewable.isEmpty()) {
        return demanded(new Demand.Enrol(renewable, false), Reason.RECOVERING);
      }
      var usable =
          usable(this::isAllowed).stream()
              .filter(offer -> wanted != Level.AAL3 || offer.reachesThird())
              .toList();
      boolean usableBesideRecovery = usable.stream().anyMatch(offer -> !offer.recovers());
      if (usableBesideRecovery && !risky && sensitive == null && isSpared()) {
        return new Cleared(
            level(facts.asked().secondProofAfter()),
            because(Reason.TRUSTED_BROWSER),
            policy.version());
      }
      if (usableBesideRecovery || (hasDisabled() && !usable.isEmpty())) {
        return demanded(
            new Demand.Challenge(usable.stream().map(Facts.Offer::factor).toList()),
            whyChallenged());
      }
      if (hasDisabled()) {
        return denied(
            Reason.FACTORS_DISABLED); // Or whoever guesses long enough could bind a factor of their
        // own.
      }
      var steppingStones = steppingStones();
      if (!steppingStones.isEmpty()
          && !levelBy(facts.asked().secondProofAfter(), this::isSwitchedOn).reaches(Level.AAL2)) {
        return demanded(new Demand.Challenge(steppingStones), whyChallenged());
      }
      if (isInvited() && wanted != Level.AAL3) {
        return demanded(new Demand.Enrol(invitedTo(), false), Reason.TICKET);
      }
      var offered = wanted == Level.AAL3 ? offeredForThird() : offered();
      return offered.isEmpty()
          ? denied(Reason.NO_FACTOR_POSSIBLE)
          : demanded(
              new Demand.Enrol(offered, false),
              mode == Mode.REQUIRED ? Reason.POLICY_REQUIRES : Reason.APPLICATION_ASKS);
    }

    /**
     * Whether a browser that its person trusts stands for the challenge. It spares somebody who has a factor the question and
     * nothing else: not the setting up of one, not what an application asked to be proven or to be fresh, and not those whose
     * factor was closed after too many wrong answers.
     */
    private boolean isSpared() {
      var trust = facts.trust();
      return trust != null
          && !facts.asked().level().reaches(Level.AAL2)
          && facts.asked().firstProofAfter() == null
          && !hasDisabled()
          && !isInvited()
          && !(facts.interactive() && lacksBackupCodes())
          && effective.allowed().contains(trust.factor())
          && facts.at().isBefore(trust.until())
          && facts.at().since(trust.since()).compareTo(effective.trustFor()) < 0;
    }

    /**
     * A key came first that is one factor only, and another thing that somebody has would not make two (SP 800-63B-4 section
     * 2.2.1): what is missing is something known, or a key that verifies its user, be it one that a rule no longer takes.
     */
    private Decision askForWhatIsKnown(Reason reason) {
      if (facts.password()) {
        return demanded(new Demand.Password(), reason);
      }
      var both =
          facts.offers().stream()
              .filter(offer -> offer.enrolled() > 0 && offer.both() && isSwitchedOn(offer))
              .map(Facts.Offer::factor)
              .toList();
      return both.isEmpty()
          ? denied(Reason.NO_FACTOR_POSSIBLE)
          : demanded(new Demand.Challenge(both), reason);
    }

    private Reason whyChallenged() {
      if (level(null).reaches(Level.AAL2)) {
        return Reason.PROOF_TOO_OLD;
      }
      return switch (mode) {
        case REQUIRED -> Reason.POLICY_REQUIRES;
        case OPTIONAL -> Reason.ENROLLED;
        case OFF -> Reason.APPLICATION_ASKS;
      };
    }

    /** What a person without a factor can set up now, strongest first. */
    private List<FactorId> offered() {
      return facts.offers().stream()
          .filter(offer ->
              offer.audience() == FactorProfile.Audience.EVERYONE
                  && offer.suits()
                  && raises(offer)
                  && isAllowed(offer))
          .map(Facts.Offer::factor)
          .toList();
    }

    /**
     * What somebody who lost every factor may set up in place of answering one (SP 800-63B-4 section 4.2.2.2); nothing of anybody else.
     * Whoever has no factor to have lost is on no way back: the usual rules lead them to setting one up.
     */
    private List<FactorId> renewable(Level wanted) {
      if (!facts.circumstances().recovering() || !isProtected()) {
        return List.of();
      }
      var kind =
          wanted == Level.AAL3 || response == Adaptive.Response.PHISHING_RESISTANT
              ? StepUp.Kind.PHISHING_RESISTANT
              : sensitive == null ? StepUp.Kind.ANY : sensitive.kind();
      return facts.offers().stream()
          .filter(offer ->
              offer.audience() == FactorProfile.Audience.EVERYONE
                  && offer.suits()
                  && raises(offer)
                  && isOf(kind, offer)
                  && isAllowed(offer))
          .map(Facts.Offer::factor)
          .toList();
    }

    private List<FactorId> offeredForThird() {
      return facts.offers().stream()
          .filter(offer -> offer.mayReachThird() && isAllowed(offer))
          .map(Facts.Offer::factor)
          .toList();
    }

    private boolean hasUsable() {
      return facts.offers().stream()
          .anyMatch(offer ->
              offer.enrolled() > 0 && !offer.recovers() && raises(offer) && isAllowed(offer));
    }

    /** Whether the person's account is protected by a second factor, be it one that a rule no longer takes. */
    private boolean isProtected() {
      return hasDisabled()
          || facts.offers().stream()
              .anyMatch(offer ->
                  offer.enrolled() > 0
                      && !offer.recovers()
                      && raises(offer)
                      && isSwitchedOn(offer));
    }

    /**
     * What a person has whose factors a rule no longer takes. Answering one satisfies nothing, but only whoever can may set
     * up a new one (SP 800-63B-4 section 4.1.2.1).
     */
    private List<FactorId> steppingStones() {
      return facts.offers().stream()
          .filter(offer ->
              offer.enrolled() > 0 && !offer.recovers() && raises(offer) && isSwitchedOn(offer))
          .map(Facts.Offer::factor)
          .toList();
    }

    private boolean isSwitchedOn(Facts.Offer offer) {
      return policy.allowed().contains(offer.factor());
    }

    private boolean hasDisabled() {
      return facts.offers().stream().anyMatch(offer -> offer.disabled() > 0);
    }

    private boolean owesBackupCodes() {
      return lacksBackupCodes() && level(null).reaches(Level.AAL2);
    }

    private boolean lacksBackupCodes() {
      boolean on = facts.offers().stream().anyMatch(offer -> offer.recovers() && isAllowed(offer));
      var codes = facts.backupCodes();
      return on && hasUsable() && (!codes.issued() || !codes.acknowledged() || codes.left() == 0);
    }

    /** Recovery narrows with the tenant's switch alone: a rule that names factors speaks of those that people set up. */
    private boolean isAllowed(Facts.Offer offer) {
      return offer.recovers() ? isSwitchedOn(offer) : effective.allowed().contains(offer.factor());
    }

    /**
     * What the proofs amount to (SP 800-63B-4 sections 2.1 to 2.3), counting factors that the policy allows now, and of
     * second proofs only those given within {@link #SECOND_PROOF_LASTS} and since {@code after}. Reaching an address adds nothing.
     */
    private Level level(@Nullable Moment after) {
      return levelBy(after, this::isAllowed);
    }

    private Level levelBy(@Nullable Moment after, Predicate<Facts.Offer> counted) {
      return halves(after, counted, true).level();
    }

    /** What is proven of each kind. */
    private record Halves(boolean knows, boolean has, boolean is, boolean bound) {
      Level level() {
        if (knows && has) {
          return bound ? Level.AAL3 : Level.AAL2;
        }
        return is && (knows || has) ? Level.AAL2 : Level.AAL1;
      }

      boolean makeTwo() {
        return level().reaches(Level.AAL2);
      }
    }

    /**
     * An answer of a factor is worth the same whether it came first or second: it counts while it is recent and its factor
     * allowed; a rule that names factors speaks of what somebody has, and takes away nothing that was known. That an answer
     * also said who somebody is, holds for as long as the session does, as of a password.
     *
     * @param setUps whether what was proven by setting it up counts as well
     */
    private Halves halves(@Nullable Moment after, Predicate<Facts.Offer> counted, boolean setUps) {
      boolean knows = false;
      boolean has = false;
      boolean is = false;
      boolean bound = false;
      for (var proof : facts.proofs()) {
        var offer = facts.offer(proof.method());
        boolean stands =
            offer.isPresent()
                ? offer.filter(this::isSwitchedOn).isPresent() && isRecent(proof, after)
                : proof.first();
        if (stands) {
          boolean counts =
              (setUps || !proof.bySetUp())
                  && (offer.isEmpty() || offer.filter(counted).isPresent());
          knows |= proof.kind() == ProofKind.KNOWS || proof.kind() == ProofKind.BOTH;
          has |= counts && (proof.kind() == ProofKind.HAS || proof.kind() == ProofKind.BOTH);
          is |= counts && proof.kind() == ProofKind.IS;
          bound |= counts && proof.phishingResistant() && proof.hardwareBound();
        }
      }
      return new Halves(knows, has, is, bound);
    }

    private boolean isRecent(Facts.Proven proof, @Nullable Moment after) {
      return notBefore(proof.at(), after)
          && facts.at().since(proof.at()).compareTo(SECOND_PROOF_LASTS) < 0;
    }

    private static boolean notBefore(Moment at, @Nullable Moment earliest) {
      return earliest == null || !at.isBefore(earliest);
    }

    private Because because(Reason reason) {
      var rules = new ArrayList<>(effective.rules());
      policy.stepUpsFor(facts.asked().acts()).forEach(it -> rules.add(it.id()));
      return new Because(
          reason,
          rules,
          AT_RISK.contains(reason) ? signals() : List.of(),
          reason == Reason.GRACE
              ? leave()
              : reason == Reason.POLICY_REQUIRES && isGraceOver() ? Because.Leave.NONE : null);
    }

    /** Whether the person was let off until now. */
    private boolean isGraceOver() {
      return effective.dues().stream()
          .anyMatch(due ->
              due.mode() == Mode.REQUIRED
                  && due.timing().gives()
                  && grace(due).since() != null
                  && !canPutOff(due));
    }

    /** The shortest of all. */
    private Because.Leave leave() {
      Integer times = null;
      Moment until = null;
      for (var due : effective.dues()) {
        var timing = due.timing();
        if (due.mode() == Mode.REQUIRED && timing.gives()) {
          var grace = grace(due);
          var skips = timing.graceSkips();
          if (skips != null) {
            int left = skips - grace.skips();
            times = times == null ? left : Math.min(times, left);
          }
          until = earlier(until, timing.deadline());
          var days = timing.graceDays();
          if (days != null) {
            var since = grace.since();
            until =
                earlier(until, (since == null ? facts.at() : since).plus(Duration.ofDays(days)));
          }
        }
      }
      return new Because.Leave(times, until);
    }

    private static @Nullable Moment earlier(@Nullable Moment one, @Nullable Moment other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isBefore(other) ? one : other;
    }

    /** What was noteworthy, the weightiest first; of those that weigh alike a new browser tells least. */
    private List<String> signals() {
      var adaptive = policy.adaptive();
      return facts.circumstances().findings().stream()
          .filter(it -> adaptive.points(it) > 0)
          .sorted(
              Comparator.comparingInt(adaptive::points)
                  .reversed()
                  .thenComparing(it -> it.signal() == Signal.NEW_DEVICE)
                  .thenComparing(Finding::signal))
          .map(it -> it.signal().word())
          .distinct()
          .toList();
    }

    private Decision demanded(Demand demand, Reason reason) {
      return new Decision.Demanded(demand, because(reason));
    }

    private Decision denied(Reason reason) {
      return new Decision.Denied(because(reason));
    }
  }
}
