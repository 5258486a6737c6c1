package dev.countersign.enforcement;

import java.util.Locale;
import java.util.Optional;

/** Authentication assurance levels of SP 800-63B-4 section 2, lowest first. */
public enum Level {
  /** Nothing proven. */
  NONE,
  /** One proof. */
  AAL1,
  /** Proofs of two kinds. */
  AAL2,
  /** Proofs of two kinds, one of them resistant to phishing and bound to hardware. */
  AAL3;

  /** Auth0's and OpenID PAPE's word for any multi-factor authentication. */
  public static final String MULTI_FACTOR =
      "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

  /** The value of {@code acr}. */
  public String acr() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level that an {@code acr} value asks for; nothing when we do not know the value. */
  public static Optional<Level> ofAcr(String acr) {
    return switch (acr) {
      case "aal1" -> Optional.of(AAL1);
      case "aal2", MULTI_FACTOR -> Optional.of(AAL2);
      case "aal3" -> Optional.of(AAL3);
      default -> Optional.empty();
    };
  }

  public boolean reaches(Level wanted) {
    return compareTo(wanted) >= 0;
  }

  public Level orHigher(Level other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
