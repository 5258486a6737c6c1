package dev.countersign.factor;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.util.Optional;

/**
 * One factor of one person.
 *
 * @param document what the factor needs to judge answers, in its own form; empty once removed
 * @param highWater the highest counter accepted so far
 */
public record Enrolment(
    EnrolmentId id,
    UserId user,
    FactorId factor,
    String name,
    State state,
    Secret document,
    long highWater,
    Moment createdAt,
    Optional<Moment> confirmedAt,
    Optional<Moment> lastUsedAt) {

  public boolean isActive() {
    return state == State.ACTIVE;
  }

  /** Where it is in its life. */
  public enum State {
    /** Begun and not confirmed; worth nothing. */
    PENDING,
    ACTIVE,
    /** Too many wrong answers in a row: has to be set up anew (SP 800-63B-4 section 3.2.2). */
    DISABLED,
    REMOVED
  }
}
