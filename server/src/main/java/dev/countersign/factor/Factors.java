package dev.countersign.factor;

import dev.countersign.factor.backupcodes.BackupCodes;
import dev.countersign.factor.email.EmailCode;
import dev.countersign.factor.hardware.HardwareToken;
import dev.countersign.factor.push.Push;
import dev.countersign.factor.sms.Sms;
import dev.countersign.factor.totp.Totp;
import dev.countersign.factor.webauthn.WebAuthn;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every factor there is, in the order in which they are offered. A new one is a folder and a line here. Immutable. */
public final class Factors {
  /** The factors of Auth0's Guardian API in the order in which it lists them, whether or not they are in this build. */
  public static final List<String> GUARDIAN =
      List.of(
          "sms",
          "push-notification",
          "otp",
          "email",
          "duo",
          "webauthn-roaming",
          "webauthn-platform",
          "recovery-code");

  /** The same, and after them those that Auth0 has no name for. */
  public static final List<String> NAMES =
      Stream.concat(GUARDIAN.stream(), Stream.of(HardwareToken.ID.value())).toList();

  private final Map<FactorId, Factor> byId = new LinkedHashMap<>();
  private final RecoveryCodes recovery;

  private Factors(List<Factor> all) {
    all.stream()
        .sorted(Comparator.comparingInt(factor -> factor.profile().order()))
        .forEach(factor -> byId.put(factor.profile().id(), factor));
    this.recovery =
        all.stream()
            .filter(RecoveryCodes.class::isInstance)
            .map(RecoveryCodes.class::cast)
            .findFirst()
            .orElseThrow();
  }

  public static Factors all(Entropy entropy) {
    return new Factors(
        List.of(
            new Totp(entropy),
            WebAuthn.platform(entropy),
            WebAuthn.roaming(entropy),
            new Push(entropy),
            new BackupCodes(entropy),
            new EmailCode(entropy),
            new HardwareToken(),
            new Sms(entropy)));
  }

  public List<Factor> inOrder() {
    return List.copyOf(byId.values());
  }

  public List<FactorProfile> profiles() {
    return byId.values().stream().map(Factor::profile).toList();
  }

  public Optional<Factor> find(FactorId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** A factor that must exist, since somebody has it. */
  public Factor get(FactorId id) {
    return find(id).orElseThrow(() -> new IllegalStateException("no factor " + id));
  }

  public FactorProfile profile(FactorId id) {
    return get(id).profile();
  }

  public Optional<Factor> byGuardianName(String name) {
    return byId.values().stream()
        .filter(factor -> factor.profile().guardianName().equals(name))
        .findFirst();
  }

  public RecoveryCodes recovery() {
    return recovery;
  }
}
