package dev.countersign.oidc;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Level;
import dev.countersign.loginsession.SignIn;

/**
 * What an application is told whose demand cannot be met (RFC 9470 section 5): what was needed, and what the person could do
 * about it.
 */
final class Unmet {
  private Unmet() {}

  /** Of levels that are essential it named none that there is (OpenID Connect Core 1.0 section 5.5.1.1). */
  static OAuthError unknownLevel() {
    return error(
        "None of the acr values that were demanded is known here: there are aal1, aal2, aal3 and "
            + Level.MULTI_FACTOR
            + ".");
  }

  /**
   * The person can prove less than was asked for.
   *
   * @param why the word of the reason for which they were turned away
   * @param issuer whose security page they may be sent to
   */
  static OAuthError by(SignIn.Asked asked, String why, String issuer) {
    return error(
        needed(asked, why)
            + " They can set one up at "
            + issuer
            + "account and come back, unless their administrator allows none.");
  }

  private static String needed(SignIn.Asked asked, String why) {
    if (asked.transaction() != null) {
      return "Approving a transaction takes a method that was set up before, no code by mail and no backup code, and of"
          + " the kind that the tenant's rules name; the person has none.";
    }
    if (asked.level() == Level.AAL3) {
      return "aal3 takes a passkey or security key that cannot leave its device; the person has none.";
    }
    return why.equals(Because.Reason.STEP_UP_NEEDS_FACTOR.word())
        ? "A rule of the tenant wants a second method for this, set up before; the person has none."
        : "A rule of the tenant wants a stronger method for this, such as a passkey or security key; the person has none.";
  }

  private static OAuthError error(String description) {
    return OAuthError.of("unmet_authentication_requirements", description);
  }
}
