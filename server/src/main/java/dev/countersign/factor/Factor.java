package dev.countersign.factor;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import java.util.Map;

/**
 * One way to give a second proof. A factor sees values only: no HTTP, no database, no clock, no other factor. Stateless
 * and thread-safe.
 */
public interface Factor {
  FactorProfile profile();

  /** Whether this person could use it at all, whatever the policy. */
  default boolean suits(Holder holder) {
    return true;
  }

  /** Begins to set it up. */
  Begun beginEnrolment(Holder holder, Moment moment);

  /** Shows again what {@link #beginEnrolment} made, for a page that is loaded again. */
  Map<String, String> exhibit(Holder holder, Secret document);

  /** Judges the answer that is to confirm a set-up. */
  Finish finishEnrolment(Enrolment pending, Answer answer, Moment moment);

  /**
   * Reads one that an admin brings from elsewhere, confirmed there.
   *
   * @param brought its fields by the names of the Management API, such as {@code totp_secret}
   */
  default Brought bring(Map<String, Secret> brought) {
    return new Brought.Impossible();
  }

  /** Judges an answer to a challenge. What it accepts still has to be redeemed. */
  Verdict check(Enrolment enrolment, Answer answer, Moment moment);

  /**
   * A set-up begun.
   *
   * @param document what the server keeps, sealed
   * @param exhibit what the person is shown, by name; shown once per page and never stored
   */
  record Begun(Secret document, Map<String, String> exhibit) {}

  /** What came of bringing one from elsewhere. */
  sealed interface Brought {
    record Ready(Secret document) implements Brought {}

    /** A field is missing or cannot be right. */
    record Unfit(String field, String why) implements Brought {}

    /** This factor is only ever set up by the person. */
    record Impossible() implements Brought {}
  }

  /** How a set-up ends. */
  sealed interface Finish {
    /**
     * Right.
     *
     * @param document what is kept from now on
     */
    record Confirmed(Secret document, Claim claim) implements Finish {}

    record Refused(Refusal why) implements Finish {}
  }

  /** What a factor says of an answer. */
  sealed interface Verdict {
    record Accepted(Claim claim) implements Verdict {}

    record Refused(Refusal why) implements Verdict {}
  }
}
