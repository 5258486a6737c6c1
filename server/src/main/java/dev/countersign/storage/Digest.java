package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A keyed hash of a code or token: what the database keeps in its place. Compares in constant time.
 *
 * @param text 43 characters base64url, as stored
 */
public record Digest(String text) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  public Digest {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a digest: " + text.length() + " characters");
    }
  }

  static Digest of(byte[] mac) {
    return new Digest(Base64.getUrlEncoder().withoutPadding().encodeToString(mac));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest(var that)
        && MessageDigest.isEqual(text.getBytes(US_ASCII), that.getBytes(US_ASCII));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
