package dev.countersign.application;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.countersign.kernel.Moment;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A public key by whose private half an application proves that it is itself (OpenID Connect Core 1.0 section 9,
 * {@code private_key_jwt}).
 *
 * @param kid by which assertions name it
 * @param algorithm the only one that this key verifies
 * @param key the SubjectPublicKeyInfo (RFC 5280 section 4.1) in base64
 * @param expiresAt from when on it verifies nothing; null when it never ends
 * @param active whether the application authenticates by it; one that was only added waits for that
 */
public record Credential(
    String id,
    String name,
    String kid,
    Algorithm algorithm,
    String key,
    Moment createdAt,
    Moment updatedAt,
    @Nullable Moment expiresAt,
    boolean active) {
  /** As many as Auth0 lets an application have: one, and the one that takes its place. */
  public static final int MOST = 2;

  private static final int LEAST_BITS = 2_048;
  private static final int MOST_BITS = 4_096;

  /** The usual one, F4, which is also the smallest that FIPS 186-5 section 5.1 allows. */
  private static final BigInteger LEAST_EXPONENT = BigInteger.valueOf(65_537);

  /** Larger ones are legal, and make whoever verifies work. */
  private static final int MOST_EXPONENT_BITS = 32;

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]++)-----END \\1-----");

  /** The algorithms of RFC 7518 section 3.1 that an application may sign with. */
  public enum Algorithm {
    RS256,
    RS384,
    PS256;

    private JWSAlgorithm jws() {
      return switch (this) {
        case RS256 -> JWSAlgorithm.RS256;
        case RS384 -> JWSAlgorithm.RS384;
        case PS256 -> JWSAlgorithm.PS256;
      };
    }
  }

  /** Key material that can be used, in the form in which it is kept. */
  public record Material(String key, String thumbprint) {}

  /**
   * Reads a public key or a certificate (RFC 7468 sections 13 and 5), of which the key alone counts. Empty when it is not
   * exactly one of these with an RSA key of 2048 to 4096 bits.
   */
  public static Optional<Material> read(String pem) {
    var parts = PEM.matcher(pem.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var der = Base64.getMimeDecoder().decode(parts.group(2));
      var key =
          parts.group(1).equals("CERTIFICATE")
              ? CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der))
                  .getPublicKey()
              : parsed(der);
      if (!(key instanceof RSAPublicKey rsa) || !isSafe(rsa)) {
        return Optional.empty();
      }
      return Optional.of(
          new Material(
              Base64.getEncoder().encodeToString(rsa.getEncoded()),
              // RFC 7638, what Auth0 gives as kid as well.
              new RSAKey.Builder(rsa).build().computeThumbprint().toString()));
    } catch (GeneralSecurityException | JOSEException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isSafe(RSAPublicKey it) {
    int bits = it.getModulus().bitLength();
    var exponent = it.getPublicExponent();
    return bits >= LEAST_BITS
        && bits <= MOST_BITS
        && exponent.compareTo(LEAST_EXPONENT) >= 0
        && exponent.bitLength() <= MOST_EXPONENT_BITS
        && exponent.testBit(0)
        && it.getModulus().testBit(0);
  }

  private static PublicKey parsed(byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
  }

  /** Whether it may be verified by at this moment. */
  public boolean isGood(Moment now) {
    return active && (expiresAt == null || !now.reached(expiresAt));
  }

  /** Whether an assertion with this header can be its; costs nothing. */
  public boolean fits(JWSHeader header) {
    return header.getAlgorithm().equals(algorithm.jws())
        && (header.getKeyID() == null || header.getKeyID().equals(kid))
        && header.getCriticalParams() == null
        && header.isBase64URLEncodePayload();
  }

  /** Whether this key made the signature, by the key's own algorithm, whatever the header claims (RFC 8725 section 3.1). */
  public boolean verifies(JWSHeader header, byte[] input, Base64URL signature) {
    if (!fits(header)) {
      return false;
    }
    PublicKey parsed;
    try {
      parsed = parsed(Base64.getDecoder().decode(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a stored key cannot be used", e);
    }
    try {
      return new RSASSAVerifier((RSAPublicKey) parsed).verify(header, input, signature);
    } catch (JOSEException _) {
      return false; // Such as a signature of the wrong length.
    }
  }

  public Credential expiring(@Nullable Moment at, Moment now) {
    return new Credential(id, name, kid, algorithm, key, createdAt, now, at, active);
  }

  public Credential active(boolean is) {
    return new Credential(id, name, kid, algorithm, key, createdAt, updatedAt, expiresAt, is);
  }
}
