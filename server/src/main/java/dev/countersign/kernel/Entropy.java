package dev.countersign.kernel;

import java.util.Base64;

/** Where unpredictable bytes come from. Live: {@link LiveEntropy}; in tests a scripted source. Thread-safe. */
@FunctionalInterface
public interface Entropy {
  byte[] bytes(int count);

  /** At least {@code bits} random bits as base64url without padding. */
  default String token(int bits) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes((bits + 7) / 8));
  }

  /** {@code length} characters drawn evenly from {@code alphabet}, whose size must divide 256. */
  default String text(int length, String alphabet) {
    if (256 % alphabet.length() != 0) {
      throw new IllegalArgumentException(
          "an alphabet of " + alphabet.length() + " characters would be drawn unevenly");
    }
    var out = new StringBuilder(length);
    for (byte b : bytes(length)) {
      out.append(alphabet.charAt((b & 0xff) % alphabet.length()));
    }
    return out.toString();
  }
}
