package dev.countersign.proof;

import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Secret;

/** What accepting an answer uses up. A factor says it; only the {@link ProofLedger} may grant it. */
public sealed interface Claim {
  /** The enrolment's counter moves up to {@code mark}; refused when it stands there or beyond (RFC 6238 section 5.2). */
  record Advances(EnrolmentId enrolment, long mark) implements Claim {}

  /** A thing that exists once among the {@link Spendables}. */
  record Spends(Spendables.Kind kind, String owner, Secret value) implements Claim {}

  /** A question that was put once, and is answered once. */
  record Answers(ChallengeId challenge) implements Claim {}

  /** Both, or neither. */
  record Both(Claim one, Claim other) implements Claim {}

  /** Nothing: the same answer is right again, as with a password. */
  record Repeatable() implements Claim {}
}
