package dev.countersign.factor;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;

/**
 * How codes are that are sent: so many digits, good for so long (SP 800-63B-4 section 3.1.3.2), as the tenant has set by the
 * names of Auth0's Guardian API; six digits and ten minutes where it has not.
 */
public record CodeTerms(int length, Duration lasts) {
  private static final String LENGTH = "otp_length";
  private static final String LASTS = "otp_expiration_time";

  public static CodeTerms read(String settings) {
    var set = Json.tree(settings);
    return new CodeTerms(
        set.path(LENGTH).asInt(6), Duration.ofSeconds(set.path(LASTS).asLong(600)));
  }

  /** By the names under which they are set. */
  public Map<String, Object> inForce() {
    return Map.of(LENGTH, length, LASTS, lasts.toSeconds());
  }

  /** A code, each as likely as any other. */
  public Secret draw(Entropy entropy) {
    var number = new BigInteger(1, entropy.bytes(16)).mod(BigInteger.TEN.pow(length)).toString();
    return Secret.of("0".repeat(length - number.length()) + number);
  }
}
