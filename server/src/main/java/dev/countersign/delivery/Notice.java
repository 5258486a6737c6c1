package dev.countersign.delivery;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something a person is told by mail, so that they notice when it was somebody else's doing. */
public sealed interface Notice {
  /**
   * A factor was added.
   *
   * @param enrolment which one; null where nothing is to be done about it by mail
   */
  record FactorEnrolled(FactorId factor, String name, @Nullable EnrolmentId enrolment)
      implements Notice {
    public FactorEnrolled(FactorId factor, String name) {
      this(factor, name, null);
    }
  }

  record FactorRemoved(FactorId factor, String name) implements Notice {}

  /** All factors were taken off by an admin. */
  record FactorsReset() implements Notice {}

  /** A factor let somebody in at a place where its person has never used it. */
  record FactorUsedElsewhere(FactorId factor, String name) implements Notice {}

  record BackupCodeUsed(int left) implements Notice {}

  record BackupCodesRegenerated() implements Notice {}

  /** Too many wrong answers to a factor; for good, until it is set up anew, when {@code until} is empty. */
  record Locked(FactorId factor, Optional<Moment> until) implements Notice {}

  /** Too many wrong passwords; for good, until it is reset, when {@code until} is empty. */
  record PasswordLocked(Optional<Moment> until) implements Notice {}

  /** A one-time code was tried again after it had been used: somebody may be looking over a shoulder. */
  record CodeReplayed(FactorId factor) implements Notice {}

  record PasswordChanged() implements Notice {}

  /**
   * The way to a new password.
   *
   * @param link where a new password can be chosen, once and until {@code expires}
   */
  record PasswordReset(Secret link, Moment expires) implements Notice {}

  /**
   * An admin asks for a factor to be set up.
   *
   * @param link the ticket's page, good once and until {@code expires}
   * @param to where to, if not to the address on file
   * @param locale in which language, if not in the person's
   */
  record EnrolmentTicket(Secret link, Moment expires, Optional<String> to, Optional<String> locale)
      implements Notice {}

  /** The person, asked on another device, said that a sign-in was not theirs; it was ended. */
  record SignInDisowned() implements Notice {}

  /** A help desk gave out a code for setting up a new factor. */
  record AccessCodeIssued(Moment until) implements Notice {}

  /** Somebody used it: a new factor may be set up in their sign-in. */
  record AccessCodeUsed() implements Notice {}

  /**
   * Somebody who says that every factor is lost waits until a new one may be set up.
   *
   * @param due from when on it may be
   * @param again whether this was told before
   */
  record RecoveryWaiting(Moment due, boolean again) implements Notice {}

  /** It was stopped, or overtaken by a factor that is not lost. */
  record RecoveryCancelled() implements Notice {}

  /** A new factor was set up at its end; the old ones are gone. */
  record RecoveryCompleted() implements Notice {}

  /** Whether it goes to every address of the person, not only to the one on file (SP 800-63B-4 section 4.6). */
  default boolean isForEveryAddress() {
    return switch (this) {
      case FactorEnrolled _,
          FactorRemoved _,
          FactorsReset _,
          AccessCodeIssued _,
          AccessCodeUsed _,
          RecoveryWaiting _,
          RecoveryCancelled _,
          RecoveryCompleted _ ->
          true;
      case FactorUsedElsewhere _,
          BackupCodeUsed _,
          BackupCodesRegenerated _,
          Locked _,
          PasswordLocked _,
          CodeReplayed _,
          PasswordChanged _,
          PasswordReset _,
          EnrolmentTicket _,
          SignInDisowned _ ->
          false;
    };
  }
}
