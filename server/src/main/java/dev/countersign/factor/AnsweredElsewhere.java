package dev.countersign.factor;

import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.util.Optional;

/**
 * A factor whose questions are answered on another device of the person than the browser that asks. What the device says
 * is noted in the question's memo; the browser's next look, answered {@code NotYet} until then, finds it there. Like
 * every factor it sees values only.
 */
public interface AnsweredElsewhere extends Factor {
  /**
   * Judges what a device says to a question that stands.
   *
   * @param device an active enrolment, or the pending one that this question is to confirm
   * @param said the fields of its message, signed as a whole
   */
  Heard hear(Scene scene, Enrolment device, ChallengeId question, Secret memo, Answer said);

  /** Whether a message that answers no question is from that device, and from now. */
  boolean isFrom(Scene scene, Enrolment device, Answer said);

  /** What a device may show of a question. */
  Shown shown(Secret memo);

  /** Whether this device has turned questions off. */
  boolean isPaused(Enrolment device);

  /** Takes in what a device says of itself; nothing when it is not from that device, not from now, or was said before. */
  Optional<Renewed> renew(Scene scene, Enrolment device, Answer said);

  /** What is kept of a device once a push service knows that address no longer; nothing when it is another by now. */
  default Optional<Secret> unreachable(Enrolment device, String address) {
    return Optional.empty();
  }

  /** What became of a message. */
  sealed interface Heard {
    /** Noted; the page that asks will find it. */
    record Noted(Secret memo) implements Heard {}

    /** From the device, and wrong: counts as a wrong answer. */
    record Wrong(Refusal why, Secret memo) implements Heard {}

    /**
     * The person did not ask for this: the sign-in is somebody else's and ends.
     *
     * @param document what is kept of the device from now on
     */
    record Disowned(Secret document) implements Heard {}

    /** Not from the device, too late, or said before: worth nothing. */
    record Unheard(Refusal why) implements Heard {}
  }

  /**
   * What a device may show of a question.
   *
   * @param open whether it still waits for an answer
   */
  record Shown(Scene.Asking asking, Moment askedAt, Moment until, boolean open) {}

  /**
   * A device that said something of itself.
   *
   * @param document what is kept of it from now on
   * @param resumed whether it takes questions again, which it had turned off
   */
  record Renewed(Secret document, boolean resumed) {}
}
