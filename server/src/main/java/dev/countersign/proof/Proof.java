package dev.countersign.proof;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import java.util.List;
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
  private final ProofKind kind;
  private final List<String> amr;
  private final boolean phishingResistant;
  private final Purpose purpose;
  private final Moment at;

  Proof(
      UserId user,
      SignInId signIn,
      String method,
      @Nullable EnrolmentId enrolment,
      ProofKind kind,
      List<String> amr,
      boolean phishingResistant,
      Purpose purpose,
      Moment at) {
    this.user = user;
    this.signIn = signIn;
    this.method = method;
    this.enrolment = enrolment;
    this.kind = kind;
    this.amr = List.copyOf(amr);
    this.phishingResistant = phishingResistant;
    this.purpose = purpose;
    this.at = at;
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

  public Optional<EnrolmentId> enrolment() {
    return Optional.ofNullable(enrolment);
  }

  public ProofKind kind() {
    return kind;
  }

  /** Authentication method references (RFC 8176). */
  public List<String> amr() {
    return amr;
  }

  public boolean phishingResistant() {
    return phishingResistant;
  }

  public Purpose purpose() {
    return purpose;
  }

  public Moment at() {
    return at;
  }

  @Override
  public String toString() {
    return method + " of " + user + " at " + at;
  }
}
