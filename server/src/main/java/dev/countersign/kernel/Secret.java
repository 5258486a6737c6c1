package dev.countersign.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen: password, code, token, key. Prints as dots, compares in constant time, and is read only
 * by {@link #reveal()}, so that every reader can be found by searching for that word. Immutable.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /** A fresh secret of {@code bits} random bits, base64url without padding. */
  public static Secret fresh(Entropy entropy, int bits) {
    return new Secret(entropy.token(bits));
  }

  public String reveal() {
    return value;
  }

  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return 0; // Equal secrets must collide without telling anything about them.
  }

  @Override
  public String toString() {
    return "••••";
  }
}
