package dev.countersign.enforcement;

import java.time.Duration;
import java.util.Optional;

/**
 * The one decision that every path asks: browser, silent, refresh, step-up. A pure function: the same policy and facts
 * give the same decision, whenever it is asked. {@link Question} is the order in which it is made.
 */
public final class Enforcement {
  /** How long a second proof counts (SP 800-63B-4 section 2.2.3). */
  public static final Duration SECOND_PROOF_LASTS = Duration.ofHours(24);

  /** How long a second proof counts that was given to approve a transaction. */
  public static final Duration APPROVAL_LASTS = Duration.ofMinutes(5);

  private Enforcement() {}

  public static Decision decide(Policy policy, Facts facts) {
    return new Question(policy, facts).answer();
  }

  /**
   * What step-up rules still want for what somebody is about to do: the strictest of them, or nothing when it is proven. By
   * the same rules as {@link #decide}, which also says by what it could be proven.
   */
  public static Optional<StepUp> owed(Policy policy, Facts facts) {
    return new Question(policy, facts).owedForAct();
  }
}
