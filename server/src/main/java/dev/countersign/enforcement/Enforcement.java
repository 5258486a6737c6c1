package dev.countersign.enforcement;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one decision that every path asks: browser, silent, refresh, step-up. A pure function: the same policy and facts
 * give the same decision, whenever it is asked.
 */
public final class Enforcement {
  /** How long a second proof counts (SP 800-63B-4 section 2.2.3). */
  public static final Duration SECOND_PROOF_LASTS = Duration.ofHours(24);

  private Enforcement() {}

  public static Decision decide(Policy policy, Facts facts) {
    return new Question(policy, policy.effective(facts.who()), facts).answer();
  }

  /** One asking of the question: the facts with what the policy makes of them. */
  private record Question(Policy policy, Policy.Effective effective, Facts facts) {

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
      return askFor(wanted);
    }

    /** The level that policy, enrolment and application together call for. */
    private Level wanted() {
      var byPolicy =
          switch (effective.mode()) {
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
      boolean asked = effective.mode() != Mode.OFF || wanted.reaches(Level.AAL2) || isInvited();
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
          effective.mode() == Mode.OPTIONAL
              && !hasUsable()
              && facts.interactive()
              && !facts.declined();
      var offered = offered();
      if (mustBindAnew()) {
        var why = hasDisabled() ? Reason.FACTORS_DISABLED : Reason.POLICY_REQUIRES;
        return offered.isEmpty()
            ? denied(Reason.NO_FACTOR_POSSIBLE)
            : demanded(new Demand.Enrol(offered, false), why);
      }
      if (mayInvite && !offered.isEmpty()) {
        return demanded(new Demand.Enrol(offered, true), Reason.INVITED);
      }
      if (facts.interactive() && owesBackupCodes()) {
        return demanded(
            new Demand.SeeBackupCodes(),
            facts.backupCodes().issued() && facts.backupCodes().acknowledged()
                ? Reason.BACKUP_CODES_SPENT
                : Reason.BACKUP_CODES_UNSEEN);
      }
      var reason =
          wanted.reaches(Level.AAL2)
              ? Reason.PROVEN
              : facts.declined() ? Reason.DECLINED : Reason.NOTHING_DEMANDED;
      return new Cleared(
          level(facts.asked().secondProofAfter()), because(reason), policy.version());
    }

    /**
     * Whoever proved two things and has nothing left to prove the second with: their last factor was removed, or they came
     * in by a backup code. Where a factor is required that ends what goes on silently, too; a password alone never leads here.
     */
    private boolean mustBindAnew() {
      boolean owed =
          switch (effective.mode()) {
            case REQUIRED -> true;
            case OPTIONAL -> facts.interactive() && hasDisabled();
            case OFF -> false;
          };
      return owed && !hasUsable() && level(null).reaches(Level.AAL2);
    }

    private Decision askFor(Level wanted) {
      var switchedOn = halves(facts.asked().secondProofAfter(), this::isSwitchedOn);
      if (switchedOn.has() && !switchedOn.knows()) {
        return askForWhatIsKnown();
      }
      var usable =
          facts.offers().stream()
              .filter(offer -> offer.enrolled() > 0 && raises(offer) && isAllowed(offer))
              .filter(offer -> wanted != Level.AAL3 || offer.reachesThird())
              .filter(offer -> !offer.recovers() || facts.backupCodes().left() > 0)
              .toList();
      boolean usableBesideRecovery = usable.stream().anyMatch(offer -> !offer.recovers());
      if (usableBesideRecovery && isSpared()) {
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
              effective.mode() == Mode.REQUIRED ? Reason.POLICY_REQUIRES : Reason.APPLICATION_ASKS);
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
    private Decision askForWhatIsKnown() {
      if (facts.password()) {
        return demanded(new Demand.Password(), whyChallenged());
      }
      var both =
          facts.offers().stream()
              .filter(offer -> offer.enrolled() > 0 && offer.both() && isSwitchedOn(offer))
              .map(Facts.Offer::factor)
              .toList();
      return both.isEmpty()
          ? denied(Reason.NO_FACTOR_POSSIBLE)
          : demanded(new Demand.Challenge(both), whyChallenged());
    }

    private Reason whyChallenged() {
      if (level(null).reaches(Level.AAL2)) {
        return Reason.PROOF_TOO_OLD;
      }
      return switch (effective.mode()) {
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
      var halves = halves(after, counted);
      if (halves.knows() && halves.has()) {
        return halves.bound() ? Level.AAL3 : Level.AAL2;
      }
      return halves.is() && (halves.knows() || halves.has()) ? Level.AAL2 : Level.AAL1;
    }

    /** What is proven of each kind. */
    private record Halves(boolean knows, boolean has, boolean is, boolean bound) {}

    /**
     * An answer of a factor is worth the same whether it came first or second: it counts while it is recent and its factor
     * allowed; a rule that names factors speaks of what somebody has, and takes away nothing that was known. That an answer
     * also said who somebody is, holds for as long as the session does, as of a password.
     */
    private Halves halves(@Nullable Moment after, Predicate<Facts.Offer> counted) {
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
          boolean counts = offer.isEmpty() || offer.filter(counted).isPresent();
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
      return new Because(reason, effective.rules());
    }

    private Decision demanded(Demand demand, Reason reason) {
      return new Decision.Demanded(demand, because(reason));
    }

    private Decision denied(Reason reason) {
      return new Decision.Denied(because(reason));
    }
  }
}
