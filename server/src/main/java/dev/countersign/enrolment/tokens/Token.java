package dev.countersign.enrolment.tokens;

import dev.countersign.kernel.Base32;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import java.util.Optional;

/**
 * A token as its maker describes it.
 *
 * @param seed in base 32
 * @param period seconds between codes, of a clock token
 * @param counter of its next code, of a counter token
 */
public record Token(
    String serial,
    Kind kind,
    OneTimeCodes.Algorithm algorithm,
    int digits,
    int period,
    Secret seed,
    long counter) {
  /** What makes it show another code. */
  public enum Kind {
    HOTP,
    TOTP
  }

  /** What it cannot be, in words; nothing when it can be. RFC 4226 section 4 (R6) wants 128 bits at least. */
  Optional<String> unfit() {
    if (!serial.matches("[!-~]([ -~]{0,62}[!-~])?")) {
      return Optional.of("a serial number has 1 to 64 printable ASCII characters");
    }
    if (digits < 6 || digits > 8) {
      return Optional.of("codes have 6 to 8 digits");
    }
    if (period < 10 || period > 300) {
      return Optional.of("codes change every 10 to 300 seconds");
    }
    if (counter < 0 || counter > Long.MAX_VALUE / 2) {
      return Optional.of("the counter is out of range");
    }
    int bits = Base32.decode(seed.reveal()).length * 8;
    return bits < 128 || bits > 1024
        ? Optional.of("a seed has 128 to 1024 bits")
        : Optional.empty();
  }
}
