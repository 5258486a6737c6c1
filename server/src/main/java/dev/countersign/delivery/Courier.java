package dev.countersign.delivery;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries what challenges need to the people whom they are put to: first admitted, in the transaction that keeps the
 * challenge, then handed over without holding the database. Thread-safe.
 */
public interface Courier {
  /**
   * Something to carry.
   *
   * @param factor the id of the factor that wants it sent
   * @param signIn in which sign-in; null outside of one
   * @param enrolling whether it is to confirm a set-up, rather than to answer a challenge
   * @param application for which application, by name
   * @param locales languages in order of preference, as {@code ui_locales} has them; null when none were named
   * @param transaction what it is to approve, which whoever it reaches has to be told; null where somebody signs in
   */
  record Errand(
      TenantId tenant,
      UserId user,
      String factor,
      @Nullable SignInId signIn,
      boolean enrolling,
      String application,
      @Nullable String locales,
      Dispatch dispatch,
      @Nullable Transaction transaction) {
    /** One that approves nothing. */
    public Errand(
        TenantId tenant,
        UserId user,
        String factor,
        @Nullable SignInId signIn,
        boolean enrolling,
        String application,
        @Nullable String locales,
        Dispatch dispatch) {
      this(tenant, user, factor, signIn, enrolling, application, locales, dispatch, null);
    }
  }

  /** Whether it may be sent. */
  sealed interface Admission {
    record Admitted() implements Admission {}

    /**
     * It may not.
     *
     * @param reason the stable word of the audit log
     * @param until when it may be tried again; empty when waiting does not help
     */
    record Refused(String reason, Optional<Moment> until) implements Admission {}
  }

  /** What came of handing it over. */
  sealed interface Outcome {
    /**
     * Somebody took it.
     *
     * @param by who did, such as the name of a provider
     */
    record Handed(String by) implements Outcome {}

    /**
     * Nobody did.
     *
     * @param reason the stable word of the audit log
     */
    record Failed(String reason) implements Outcome {}
  }

  /** Counts it against what may be sent, and records a refusal. */
  Admission admit(Tx tx, Errand errand, Occasion occasion);

  /** Hands it over; waits no longer than providers are given. */
  Outcome send(Errand errand, Occasion occasion);
}
