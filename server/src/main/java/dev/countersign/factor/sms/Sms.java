package dev.countersign.factor.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.CodeByPhone;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.MfaMethod;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.Optional;

/** Text messages. */
public final class Sms extends CodeByPhone {
  private static final FactorProfile PROFILE =
      new FactorProfile(
          new FactorId("sms"),
          "sms",
          "phone",
          FactorProfile.Audience.EVERYONE,
          Evidence.of(ProofKind.HAS, "sms"),
          FactorProfile.Memory.UNTIL_RIGHT,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          1,
          Duration.ofMinutes(30),
          80,
          new FactorProfile.Look("sms", "chat", 1));

  public Sms(Entropy entropy) {
    super(PROFILE, Dispatch.Via.SMS, entropy);
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.oob("phone", "sms", "sms");
  }
}
