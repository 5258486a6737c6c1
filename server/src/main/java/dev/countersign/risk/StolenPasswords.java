package dev.countersign.risk;

import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a password stands in a collection of stolen ones. The collection is told the first five of the forty digits of
 * the password's SHA-1 digest and answers with all that go on from there, hundreds of them: it learns neither the password
 * nor whether it was there. Off unless the operator names a collection. Thread-safe.
 */
public final class StolenPasswords {
  /** Nobody waits longer. */
  static final Duration PATIENCE = Duration.ofMillis(300);

  private static final String SENSE = "stolen_passwords";
  private static final int PREFIX = 5;
  private static final int LARGEST = 256 * 1024;

  private final Optional<URI> collection;
  private final Outbound outbound;

  public StolenPasswords(Optional<URI> collection, Outbound outbound) {
    this.collection = collection;
    this.outbound = outbound;
  }

  /**
   * What is to be said of a right password: nothing, that it is among the stolen ones, or that it could not be looked up. To
   * be called without a database connection.
   */
  public List<Finding> judge(Secret password) {
    if (collection.isEmpty()) {
      return List.of();
    }
    var digest = digest(password);
    var uri = URI.create(collection.get() + digest.substring(0, PREFIX));
    // With padding, the length of an answer tells nothing of which one it is.
    var answer = outbound.get(uri, Map.of("Add-Padding", "true"), PATIENCE, LARGEST);
    if (!(answer instanceof Outcome.Answered(var status, var text)) || status != 200) {
      return List.of(Signals.unavailable(List.of(SENSE)));
    }
    long times = times(text, digest.substring(PREFIX));
    return times == 0
        ? List.of()
        : List.of(
            new Finding(Signal.BREACHED_PASSWORD, 100, Map.of("times", String.valueOf(times))));
  }

  /** How often it was seen; lines that pad the answer say 0. */
  private static long times(String text, String suffix) {
    for (var line : (Iterable<String>) text.lines()::iterator) {
      if (line.length() > suffix.length() + 1
          && line.charAt(suffix.length()) == ':'
          && line.regionMatches(true, 0, suffix, 0, suffix.length())) {
        var count = line.substring(suffix.length() + 1).strip();
        return count.matches("[0-9]{1,18}") ? Long.parseLong(count) : 1;
      }
    }
    return 0;
  }

  private static String digest(Secret password) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(password.bytes()))
          .toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is part of every JDK", e);
    }
  }
}
