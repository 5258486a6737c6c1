package dev.countersign.testkit;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An authenticator app on a phone (RFC 6238), written apart from the product's own reckoning so that the two check each
 * other. Immutable.
 *
 * @param key base 32, as the set-up page shows it
 * @param algorithm {@code SHA1}, {@code SHA256} or {@code SHA512}
 * @param clockOffset how far the phone's clock is ahead of the right time; negative when it is slow
 */
public record AuthenticatorApp(
    String key, String algorithm, int digits, Duration period, Duration clockOffset) {

  /** What apps assume of a key that is typed in. */
  public static AuthenticatorApp typed(String key) {
    return new AuthenticatorApp(
        key.replace(" ", ""), "SHA1", 6, Duration.ofSeconds(30), Duration.ZERO);
  }

  /** Reads a key URI, as the QR code holds it. */
  public static AuthenticatorApp scanning(String uri) {
    if (!uri.startsWith("otpauth://totp/")) {
      throw new IllegalArgumentException("not a TOTP key URI");
    }
    Map<String, String> query = new HashMap<>();
    for (var pair : URI.create(uri).getRawQuery().split("&", -1)) {
      var parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return new AuthenticatorApp(
        query.getOrDefault("secret", ""),
        query.getOrDefault("algorithm", "SHA1"),
        Integer.parseInt(query.getOrDefault("digits", "6")),
        Duration.ofSeconds(Long.parseLong(query.getOrDefault("period", "30"))),
        Duration.ZERO);
  }

  public AuthenticatorApp withClockOff(Duration offset) {
    return new AuthenticatorApp(key, algorithm, digits, period, offset);
  }

  /** What the phone shows when the right time is {@code now}. */
  public String codeAt(Instant now) {
    return codeOfStep(Math.floorDiv(now.plus(clockOffset).getEpochSecond(), period.toSeconds()));
  }

  /** The code of one time step. */
  public String codeOfStep(long step) {
    try {
      var mac = Mac.getInstance("Hmac" + algorithm);
      mac.init(new SecretKeySpec(bytes(key), "Hmac" + algorithm));
      var hash = mac.doFinal(java.nio.ByteBuffer.allocate(8).putLong(step).array());
      int offset = hash[hash.length - 1] & 0x0f;
      int number = java.nio.ByteBuffer.wrap(hash, offset, 4).getInt() & 0x7fffffff;
      return String.format(Locale.ROOT, "%0" + digits + "d", number % (int) Math.pow(10, digits));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm, e);
    }
  }

  /** A code that is right in no step near {@code now}. */
  public String wrongCodeAt(Instant now) {
    long step = Math.floorDiv(now.plus(clockOffset).getEpochSecond(), period.toSeconds());
    for (int guess = 0; ; guess++) {
      var text = String.format(Locale.ROOT, "%0" + digits + "d", guess);
      boolean right = false;
      for (long near = step - 25; near <= step + 25; near++) {
        right |= codeOfStep(near).equals(text);
      }
      if (!right) {
        return text;
      }
    }
  }

  private static byte[] bytes(String base32) {
    var out = new ByteArrayOutputStream();
    long buffer = 0;
    int bits = 0;
    for (char c : base32.toUpperCase(Locale.ROOT).toCharArray()) {
      buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        out.write((int) (buffer >> bits));
      }
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return "an authenticator app";
  }
}
