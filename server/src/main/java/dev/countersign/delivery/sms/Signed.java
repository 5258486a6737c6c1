package dev.countersign.delivery.sms;

import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures by a key that both sides know. */
final class Signed {
  private Signed() {}

  static String base64(String algorithm, Secret key, String text) {
    return Base64.getEncoder().encodeToString(mac(algorithm, key, text));
  }

  /** In lower case. */
  static String hex(String algorithm, Secret key, String text) {
    return HexFormat.of().formatHex(mac(algorithm, key, text));
  }

  /** In a time that does not tell where they differ. */
  static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] mac(String algorithm, Secret key, String text) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.bytes(), algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
