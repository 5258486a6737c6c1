package dev.countersign.proof;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.Transaction;
import dev.countersign.kernel.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That a person has proven something, in one sign-in, at one time, for one purpose. Worthless anywhere else, and made by
 * nobody but the {@link ProofLedger}.
 */
public final class Proof {
  private final UserId user;
  private final SignInId signIn;
  private final String method;
  private final @Nullable EnrolmentId enrolment;
  private final Evidence evidence;
  private final Purpose purpose;
  private final Moment at;
  private final @Nullable String transaction;

  Proof(
      UserId user,
      SignInId signIn,
      String method,
      @Nullable EnrolmentId enrolment,
      Evidence evidence,
      Purpose purpose,
      Moment at,
      @Nullable String transaction) {
    this.user = user;
    this.signIn = signIn;
    this.method = method;
    this.enrolment = enrolment;
    this.evidence = evidence;
    this.purpose = purpose;
    this.at = at;
    this.transaction = transaction;
  }

  public UserId user() {
    return user;
  }

  public SignInId signIn() {
    return signIn;
  }

  /** {@code password}, or the id of the factor that was answered. */
  public String method() {
    return method;
  }

  /** What was answered; of {@link Purpose#TRUST} the browser's id. */
  public Optional<EnrolmentId> enrolment() {
    return Optional.ofNullable(enrolment);
  }

  /** What it is worth. */
  public Evidence evidence() {
    return evidence;
  }

  public Purpose purpose() {
    return purpose;
  }

  public Moment at() {
    return at;
  }

  /** Of {@link Purpose#TRANSACTION} the hash of what was approved. */
  Optional<String> transaction() {
    return Optional.ofNullable(transaction);
  }

  /** Whether it was given in that sign-in to approve this very transaction. */
  public boolean approves(SignInId within, Transaction what) {
    return purpose == Purpose.TRANSACTION
        && signIn.equals(within)
        && what.hash().equals(transaction);
  }

  @Override
  public String toString() {
    return method + " of " + user + " at " + at;
  }
}
