package dev.countersign.risk;

import java.util.Map;
import java.util.TreeMap;

/**
 * Something noticed about one sign-in. Raw: what it counts, the policy says, so that another policy can be asked about the
 * same sign-in later.
 *
 * @param strength how much of the signal's weight it has, from 0 to 100
 * @param details what there is to say of it in words, such as {@code country} and {@code before}; nothing secret
 */
public record Finding(Signal signal, int strength, Map<String, String> details) {
  public Finding {
    if (strength < 0 || strength > 100) {
      throw new IllegalArgumentException("strength " + strength);
    }
    details = java.util.Collections.unmodifiableMap(new TreeMap<>(details));
  }

  public static Finding of(Signal signal) {
    return new Finding(signal, 100, Map.of());
  }
}
