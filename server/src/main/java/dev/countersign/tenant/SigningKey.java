package dev.countersign.tenant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of a tenant's keys, ready for use. Signs with its one algorithm and verifies nothing signed by another. Thread-safe. */
public final class SigningKey {
  /** Where a key is in its life; it only moves forward. */
  public enum State {
    /** Published, so that clients know it when it begins to sign. */
    NEXT,
    /** The one that signs. */
    CURRENT,
    /** Verifies still. */
    RETIRED
  }

  /** The key proper, which stays the same while the state changes. */
  record Material(
      SigningAlgorithm algorithm,
      Map<String, Object> publicJwk,
      JWSSigner signer,
      JWSVerifier verifier) {
    static Material of(JWK whole) {
      try {
        return switch (whole) {
          case RSAKey rsa ->
              new Material(
                  SigningAlgorithm.RS256,
                  rsa.toPublicJWK().toJSONObject(),
                  new RSASSASigner(rsa.toPrivateKey()),
                  new RSASSAVerifier(rsa.toRSAPublicKey()));
          case ECKey ec ->
              new Material(
                  SigningAlgorithm.ES256,
                  ec.toPublicJWK().toJSONObject(),
                  new ECDSASigner(ec),
                  new ECDSAVerifier(ec.toPublicJWK()));
          case JWK other ->
              throw new IllegalStateException("a signing key of type " + other.getKeyType());
        };
      } catch (JOSEException e) {
        throw new IllegalStateException("a stored signing key cannot be used", e);
      }
    }
  }

  private final String kid;
  private final Material material;
  private final State state;
  private final Moment createdAt;
  private final @Nullable Moment retiredAt;

  SigningKey(
      String kid, Material material, State state, Moment createdAt, @Nullable Moment retiredAt) {
    this.kid = kid;
    this.material = material;
    this.state = state;
    this.createdAt = createdAt;
    this.retiredAt = retiredAt;
  }

  public String kid() {
    return kid;
  }

  public SigningAlgorithm algorithm() {
    return material.algorithm();
  }

  public State state() {
    return state;
  }

  public Moment createdAt() {
    return createdAt;
  }

  @Nullable Moment retiredAt() {
    return retiredAt;
  }

  /** What everybody may know of it, as JWK parameters (RFC 7517). */
  public Map<String, Object> publicJwk() {
    return material.publicJwk();
  }

  /**
   * Signs in the compact serialization (RFC 7515 section 7.1).
   *
   * @param type the {@code typ} that tells this kind of token from all others (RFC 8725 section 3.11)
   * @param payload what is signed, as it stands
   */
  public Secret sign(String type, byte[] payload) {
    var header = new JWSHeader.Builder(jws()).keyID(kid).type(new JOSEObjectType(type)).build();
    var input = header.toBase64URL() + "." + Base64URL.encode(payload);
    try {
      return Secret.of(
          input + "." + material.signer().sign(header, input.getBytes(StandardCharsets.US_ASCII)));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing failed", e);
    }
  }

  /** Whether this key made the signature, by the key's own algorithm, whatever the header claims (RFC 8725 section 3.1). */
  public boolean verifies(JWSHeader header, byte[] input, Base64URL signature) {
    if (!header.getAlgorithm().equals(jws())
        || header.getCriticalParams() != null
        || !header.isBase64URLEncodePayload()) {
      return false;
    }
    try {
      return material.verifier().verify(header, input, signature);
    } catch (JOSEException e) {
      return false; // Such as a signature of the wrong length.
    }
  }

  private JWSAlgorithm jws() {
    return switch (material.algorithm()) {
      case RS256 -> JWSAlgorithm.RS256;
      case ES256 -> JWSAlgorithm.ES256;
    };
  }
}
