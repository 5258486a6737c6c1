package dev.countersign.risk;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.ShownKey;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digester;
import java.text.ParseException;
import java.util.Optional;

/**
 * Asks a browser for its key, and reads what it says. The question is not kept: it is a keyed digest of the sign-in and of how
 * often that was saved, so that whatever moves the sign-in ends the question, and one answer at most is good. What a browser
 * says is a JWS in its compact form (RFC 7515) with the public key in its header, as in RFC 9449 section 4.2; whatever is wrong
 * with it, it says nothing. A key is no factor, and proves nothing but that this browser was here before. Thread-safe.
 */
public final class BrowserKeys {
  /** What an answer declares itself to be, so that nothing else that was signed can be one (RFC 8725 section 3.11). */
  static final JOSEObjectType TYPE = new JOSEObjectType("countersign-browser+jws");

  private static final String PURPOSE = "browser-key";

  /** Longer than any answer, whatever the name of the site. */
  private static final int LONGEST = 1_500;

  private final Digester digester;

  public BrowserKeys(Digester digester) {
    this.digester = digester;
  }

  /** What the browser in which this sign-in goes on is asked to sign. */
  public String question(TenantId tenant, SignInId signIn, long version) {
    return digester.digest(PURPOSE, subject(tenant, signIn, version)).text();
  }

  /** The thumbprint of the key that signed the question of this sign-in as it stands; nothing where none did. */
  public Optional<String> proven(
      TenantId tenant, SignInId signIn, long version, Occasion occasion) {
    return Optional.ofNullable(occasion.key())
        .filter(shown ->
            digester.candidates(PURPOSE, subject(tenant, signIn, version)).stream()
                .anyMatch(it -> it.text().equals(shown.question())))
        .map(ShownKey::thumbprint);
  }

  private static Secret subject(TenantId tenant, SignInId signIn, long version) {
    return Secret.of(String.join("\n", tenant.value(), signIn.value(), String.valueOf(version)));
  }

  /**
   * Reads an answer; nothing when it is none, or was made for another site.
   *
   * @param origin of the site that was asked
   */
  public static Optional<ShownKey> read(String said, String origin) {
    if (said.isEmpty() || said.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var answer = JWSObject.parse(said);
      var header = answer.getHeader();
      // RFC 9449 section 4.3, points 4 to 7.
      if (!TYPE.equals(header.getType())
          || !JWSAlgorithm.ES256.equals(header.getAlgorithm())
          || !(header.getJWK() instanceof ECKey key)
          || !Curve.P_256.equals(key.getCurve())
          || key.isPrivate()
          || !answer.verify(new ECDSAVerifier(key))) {
        return Optional.empty();
      }
      var claims = answer.getPayload().toJSONObject();
      return claims != null
              && origin.equals(claims.get("aud"))
              && claims.get("nonce") instanceof String question
          ? Optional.of(new ShownKey(key.computeThumbprint().toString(), question))
          : Optional.empty();
    } catch (ParseException | JOSEException | RuntimeException _) {
      // The parser throws whatever it stumbles over, such as at a header that is "null".
      return Optional.empty();
    }
  }
}
