package dev.countersign.enforcement;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has to be proven before something sensitive, whatever was proven for signing in. Of all that match, the highest
 * counts: the highest level, the narrowest kind, the shortest time.
 *
 * @param acts what it is for: see {@link Act}; one that ends in {@code *} stands for all that begin so
 * @param level at least this
 * @param kind which factors do
 * @param lastsSeconds for how long a proof given for one does for the next; 0 for this one only
 */
public record StepUp(
    String id, String name, SortedSet<String> acts, Level level, Kind kind, long lastsSeconds) {
  /** Which factors do, from most to fewest. */
  public enum Kind {
    ANY,
    NOT_BY_TELEPHONE,
    PHISHING_RESISTANT;

    boolean takes(Facts.Offer offer) {
      return switch (this) {
        case ANY -> true;
        case NOT_BY_TELEPHONE -> !offer.byTelephone();
        case PHISHING_RESISTANT -> offer.phishingResistant();
      };
    }
  }

  public StepUp {
    acts = Collections.unmodifiableSortedSet(new TreeSet<>(acts));
  }

  public StepUp(String id, String name, Set<String> acts, Level level, Kind kind, long lasts) {
    this(id, name, new TreeSet<>(acts), level, kind, lasts);
  }

  /** What these amount to together, in the name of the first; null when there are none. */
  static @Nullable StepUp strictest(List<StepUp> rules) {
    return rules.stream().reduce(StepUp::and).orElse(null);
  }

  private StepUp and(StepUp other) {
    return new StepUp(
        id,
        name,
        acts,
        level.orHigher(other.level),
        kind.compareTo(other.kind) >= 0 ? kind : other.kind,
        Math.min(lastsSeconds, other.lastsSeconds));
  }

  boolean isFor(List<String> asked) {
    return asked.stream().anyMatch(this::isFor);
  }

  private boolean isFor(String act) {
    return acts.contains(act) || acts.stream().anyMatch(it -> Act.covers(it, act));
  }
}
