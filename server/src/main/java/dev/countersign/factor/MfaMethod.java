package dev.countersign.factor;

import java.util.Optional;

/**
 * How Auth0's MFA API calls a factor that an application can ask for by itself, without a page of ours.
 *
 * @param type its word in {@code mfa_requirements}
 * @param channel how one that reaches its person does so; empty for the other kinds
 * @param prefix how the ids of its authenticators begin
 */
public record MfaMethod(String type, Kind kind, Optional<String> channel, String prefix) {
  /** How it is answered. */
  public enum Kind {
    /** By a code that the person reads somewhere. */
    OTP("otp"),
    /** By what reaches the person. */
    OOB("oob"),
    RECOVERY_CODE("recovery-code");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The API's word for it, which is its {@code authenticator_type}. */
    public String word() {
      return word;
    }
  }

  /** One whose codes the person reads. */
  public static Optional<MfaMethod> otp() {
    return Optional.of(new MfaMethod(Kind.OTP.word(), Kind.OTP, Optional.empty(), "totp"));
  }

  /** One that reaches its person by this channel. */
  public static Optional<MfaMethod> oob(String type, String channel, String prefix) {
    return Optional.of(new MfaMethod(type, Kind.OOB, Optional.of(channel), prefix));
  }

  /** The way back in. */
  public static Optional<MfaMethod> recovery() {
    var word = Kind.RECOVERY_CODE.word();
    return Optional.of(new MfaMethod(word, Kind.RECOVERY_CODE, Optional.empty(), word));
  }

  public String id(Enrolment enrolment) {
    return prefix + "|" + enrolment.id();
  }
}
