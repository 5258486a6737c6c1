package dev.countersign.recovery;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;

/**
 * Somebody's way back by waiting.
 *
 * @param startedAt when it was asked for
 * @param dueAt from when on a new factor may be set up
 * @param endsAt until when
 * @param told how often the person was told of it
 * @param tellAt when they are told again
 * @param reason why it was cancelled, a word of the audit log; empty otherwise
 */
public record Recovery(
    UserId user,
    String id,
    State state,
    Moment startedAt,
    Moment dueAt,
    Moment endsAt,
    long told,
    Moment tellAt,
    String reason,
    Moment changedAt) {

  /** How it stands. What waits and was not used in time has run out without a move. */
  public enum State {
    WAITING,
    CANCELLED,
    COMPLETED
  }

  /** The word of the Management API. */
  public String word(Moment now) {
    return switch (state) {
      case CANCELLED -> "cancelled";
      case COMPLETED -> "completed";
      case WAITING -> now.reached(endsAt) ? "expired" : now.reached(dueAt) ? "due" : "waiting";
    };
  }

  /** Whether it goes on at this moment, due or not. */
  public boolean goesOn(Moment now) {
    return state == State.WAITING && now.isBefore(endsAt);
  }

  /** Whether it has come to the point where a new factor may be set up. */
  public boolean isDue(Moment now) {
    return goesOn(now) && now.reached(dueAt);
  }
}
