package dev.countersign.risk;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be noticed about a sign-in. The weight of each is a tenant's to set; these are the usual ones, of 100. */
public enum Signal {
  /** The address stands on a list or feed; which one, and with what weight, the finding says. */
  ADDRESS_LISTED(100),
  /** The address is an exit of a network that hides where people are. */
  ANONYMISER(20),
  NEW_DEVICE(30),
  NEW_COUNTRY(30),
  /** Farther from the last place than anybody travels in that time. */
  IMPOSSIBLE_TRAVEL(45),
  LONG_ABSENCE(15),
  USER_FAILURES(25),
  ADDRESS_FAILURES(25),
  TENANT_FAILURES(15),
  ODD_USER_AGENT(20),
  /** At an hour at which this person never signs in. */
  UNUSUAL_HOUR(10),
  /** The password stands in a collection of stolen ones. */
  BREACHED_PASSWORD(40),
  /** Something could not be found out in time: enough to be asked for more, never a way past it. */
  SENSES_UNAVAILABLE(30);

  private final int usualWeight;

  Signal(int usualWeight) {
    this.usualWeight = usualWeight;
  }

  /** Its stable name in policies, records and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int usualWeight() {
    return usualWeight;
  }

  private static final Map<String, Signal> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(Signal::word, it -> it));

  public static Optional<Signal> of(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }
}
