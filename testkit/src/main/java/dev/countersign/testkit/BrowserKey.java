package dev.countersign.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** The key that a browser holds, and what it signs with it, as the script of the pages does. Made apart from the product's own. */
public final class BrowserKey {
  private final KeyPair keys;

  private BrowserKey(KeyPair keys) {
    this.keys = keys;
  }

  public static BrowserKey fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new BrowserKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the browser sends, asked this by the page of that site. */
  public String answers(String question, String origin) {
    return signs(
        "{\"typ\":\"countersign-browser+jws\",\"alg\":\"ES256\",\"jwk\":" + jwk() + "}",
        "{\"aud\":\"" + origin + "\",\"nonce\":\"" + question + "\"}");
  }

  /** The public key (RFC 7517). */
  public String jwk() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
        + text(bytes(point.getAffineX().toByteArray()))
        + "\",\"y\":\""
        + text(bytes(point.getAffineY().toByteArray()))
        + "\"}";
  }

  /** Signs whatever is said. */
  public String signs(String header, String claims) {
    var said = text(utf8(header)) + "." + text(utf8(claims));
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(utf8(said));
      return said + "." + text(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A coordinate in 32 bytes, neither with a sign nor without leading zeros. */
  private static byte[] bytes(byte[] number) {
    var all = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(
        Arrays.copyOfRange(number, number.length - length, number.length),
        0,
        all,
        32 - length,
        length);
    return all;
  }
}
