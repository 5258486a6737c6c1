package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What somebody's proofs amount to (SP 800-63B-4 sections 2.1 to 2.3). */
record Worth(Means means, Facts facts) {

  /** What is proven of each kind. */
  record Halves(boolean knows, boolean has, boolean is, boolean bound) {
    Level level() {
      if (knows && has) {
        return bound ? Level.AAL3 : Level.AAL2;
      }
      return is && (knows || has) ? Level.AAL2 : Level.AAL1;
    }

    boolean makeTwo() {
      return level().reaches(Level.AAL2);
    }

    /** Whether a key came first that is one factor only. */
    boolean lackWhatIsKnown() {
      return has && !knows;
    }
  }

  /**
   * Counting factors that the policy allows now, and of second proofs only those given within {@link
   * Enforcement#SECOND_PROOF_LASTS} and since {@code after}. Reaching an address adds nothing.
   */
  Level level(@Nullable Moment after) {
    return halves(after, means::isAllowed, true).level();
  }

  /**
   * An answer of a factor is worth the same whether it came first or second: it counts while it is recent and its factor
   * allowed; a rule that names factors speaks of what somebody has, and takes away nothing that was known. That an answer
   * also said who somebody is, holds for as long as the session does, as of a password.
   *
   * @param setUps whether what was proven by setting it up counts as well
   */
  Halves halves(@Nullable Moment after, Predicate<Facts.Offer> counted, boolean setUps) {
    boolean knows = false;
    boolean has = false;
    boolean is = false;
    boolean bound = false;
    for (var proof : facts.proofs()) {
      var offer = facts.offer(proof.method());
      boolean stands =
          offer.isPresent()
              ? offer.filter(means::isSwitchedOn).isPresent() && isRecent(proof, after)
              : proof.first();
      if (stands) {
        boolean counts =
            (setUps || !proof.bySetUp()) && (offer.isEmpty() || offer.filter(counted).isPresent());
        knows |= proof.kind() == ProofKind.KNOWS || proof.kind() == ProofKind.BOTH;
        has |= counts && (proof.kind() == ProofKind.HAS || proof.kind() == ProofKind.BOTH);
        is |= counts && proof.kind() == ProofKind.IS;
        bound |= counts && proof.phishingResistant() && proof.hardwareBound();
      }
    }
    return new Halves(knows, has, is, bound);
  }

  /** Whether one of these was answered, after the first proof and since then. */
  boolean answered(List<FactorId> anyOf, @Nullable Moment after) {
    return facts.proofs().stream()
        .anyMatch(proof ->
            anyOf.stream().anyMatch(it -> it.value().equals(proof.method()))
                && !proof.first()
                && isRecent(proof, after));
  }

  /** Whether an address answered since then. */
  boolean reachedAddress(@Nullable Moment after) {
    return facts.proofs().stream()
        .anyMatch(proof ->
            proof.kind() == ProofKind.REACHES && !proof.bySetUp() && isRecent(proof, after));
  }

  private boolean isRecent(Facts.Proven proof, @Nullable Moment after) {
    return notBefore(proof.at(), after)
        && facts.at().since(proof.at()).compareTo(Enforcement.SECOND_PROOF_LASTS) < 0;
  }

  static boolean notBefore(Moment at, @Nullable Moment earliest) {
    return earliest == null || !at.isBefore(earliest);
  }
}
