package dev.countersign.kernel;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The HOTP value of RFC 4226 section 5.3, over the hashes that RFC 6238 section 1.2 allows. */
public final class OneTimeCodes {
  private static final int[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private OneTimeCodes() {}

  /** The hash below the code. */
  public enum Algorithm {
    SHA1("HmacSHA1"),
    SHA256("HmacSHA256"),
    SHA512("HmacSHA512");

    private final String mac;

    Algorithm(String mac) {
      this.mac = mac;
    }
  }

  /** The code at one counter value, with leading zeros. */
  public static String at(byte[] key, long counter, int digits, Algorithm algorithm) {
    byte[] hash;
    try {
      var mac = Mac.getInstance(algorithm.mac);
      mac.init(new SecretKeySpec(key, algorithm.mac));
      hash = mac.doFinal(bytes(counter));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(algorithm.mac, e);
    }
    // Dynamic truncation, RFC 4226 section 5.3.
    int offset = hash[hash.length - 1] & 0x0f;
    int binary =
        (hash[offset] & 0x7f) << 24
            | (hash[offset + 1] & 0xff) << 16
            | (hash[offset + 2] & 0xff) << 8
            | (hash[offset + 3] & 0xff);
    var text = Integer.toString(binary % POWERS[digits]);
    return "0".repeat(digits - text.length()) + text;
  }

  /** The lowest counter value from {@code from} to {@code to} whose code this is. */
  public static OptionalLong find(
      byte[] key, Secret typed, long from, long to, int digits, Algorithm algorithm) {
    for (long counter = Math.max(0, from); counter <= to; counter++) {
      if (Secret.of(at(key, counter, digits, algorithm)).equals(typed)) {
        return OptionalLong.of(counter);
      }
    }
    return OptionalLong.empty();
  }

  private static byte[] bytes(long counter) {
    var bytes = new byte[8];
    for (int i = 7; i >= 0; i--) {
      bytes[i] = (byte) counter;
      counter >>>= 8;
    }
    return bytes;
  }
}
