package dev.countersign.oidc;

import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.SignIns;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The handle on a sign-in that an application leads by itself: Auth0's {@code mfa_token}. It stands where a browser has a
 * cookie, and opens nothing but the next step of that one sign-in.
 */
record MfaToken(SignInId signIn, Secret secret) {
  private static final Pattern FORM = Pattern.compile("(si_[a-z0-9]{1,64})\\.([A-Za-z0-9_-]{43})");

  static Optional<MfaToken> read(String text) {
    var match = FORM.matcher(text);
    return match.matches()
        ? Optional.of(new MfaToken(new SignInId(match.group(1)), Secret.of(match.group(2))))
        : Optional.empty();
  }

  Secret write() {
    return Secret.of(signIn + "." + secret.reveal());
  }

  /** As the operations of a sign-in take it, in the place of a browser's cookie. */
  Optional<Secret> handle() {
    return Optional.of(SignIns.handle(secret));
  }
}
