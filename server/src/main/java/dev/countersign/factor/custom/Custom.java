package dev.countersign.factor.custom;

import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorFamily;
import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.outbound.Callout;
import java.util.function.Function;

/** Makes factors of what tenants define. */
public final class Custom implements FactorFamily {
  public static final String PREFIX = "custom:";

  private final Entropy entropy;
  private final Callout callout;
  private final Function<FactorProfile, Factor> codes;
  private final Function<FactorProfile, Factor> keys;

  /**
   * A family.
   *
   * @param callout the way to the services of tenants
   * @param codes makes a factor that judges the codes of authenticator apps, as its settings say
   * @param keys makes a factor that judges WebAuthn keys, as its settings say
   */
  public Custom(
      Entropy entropy,
      Callout callout,
      Function<FactorProfile, Factor> codes,
      Function<FactorProfile, Factor> keys) {
    this.entropy = entropy;
    this.callout = callout;
    this.codes = codes;
    this.keys = keys;
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  @Override
  public Factor member(FactorId id, String definition) {
    var it = Definition.read(definition);
    var profile = it.profile(id);
    if (it.givenUp()) {
      return new GivenUp(profile);
    }
    return switch (it.kind()) {
      case WEBHOOK -> new Webhook(profile, it, callout, entropy);
      case REDIRECT -> new Redirect(profile, it, entropy);
      case TOTP -> codes.apply(profile);
      case WEBAUTHN -> keys.apply(profile);
    };
  }

  /** The id of the factor of that name. */
  public static FactorId id(String slug) {
    return new FactorId(PREFIX + slug);
  }
}
