package dev.countersign.oidc;

import com.nimbusds.jose.JWSObject;
import java.text.ParseException;
import java.util.Optional;

/** Signed objects as others send them (RFC 7515, compact form), none of it believed yet. */
final class Jws {
  private Jws() {}

  /** Empty when it is none. The library throws whatever it stumbles over, such as at a header that is {@code null}. */
  static Optional<JWSObject> read(String text) {
    try {
      return Optional.of(JWSObject.parse(text));
    } catch (ParseException | RuntimeException _) {
      return Optional.empty();
    }
  }
}
