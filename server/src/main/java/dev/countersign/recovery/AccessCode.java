package dev.countersign.recovery;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import java.util.Optional;

/**
 * A temporary access code, without the code.
 *
 * @param issuedBy who gave it, in the words of the audit log
 * @param signIn in which sign-in it was used
 */
public record AccessCode(
    String id,
    UserId user,
    String issuedBy,
    Optional<SignInId> signIn,
    Moment createdAt,
    Moment expiresAt,
    Optional<Moment> usedAt,
    Optional<Moment> revokedAt) {

  /** Where one stands; the words of the Management API. */
  public enum State {
    WAITING,
    USED,
    REVOKED,
    EXPIRED;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public State state(Moment now) {
    if (usedAt.isPresent()) {
      return State.USED;
    }
    if (revokedAt.isPresent()) {
      return State.REVOKED;
    }
    return now.reached(expiresAt) ? State.EXPIRED : State.WAITING;
  }
}
