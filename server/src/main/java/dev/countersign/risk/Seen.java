package dev.countersign.risk;

import dev.countersign.kernel.Moment;
import dev.countersign.risk.places.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person's sign-ins: in which browsers, from which countries, where last, and at which hours. A value.
 *
 * @param at when they last signed in, to the hour; null of somebody who never did
 * @param devices those used last come first
 * @param countries when each was last seen; {@link #NOWHERE} for addresses that are in none
 * @param last where they were at {@code at}; null when that is not known
 * @param hours how often they signed in at each hour of the day, in UTC
 */
public record Seen(
    @Nullable Moment at,
    List<Known> devices,
    Map<String, Moment> countries,
    @Nullable Place last,
    List<Integer> hours) {
  public static final Seen NOTHING =
      new Seen(null, List.of(), Map.of(), null, Collections.nCopies(24, 0));

  /** Stands for addresses that are in no country. */
  public static final String NOWHERE = "ZZ";

  static final int MOST_DEVICES = 20;
  static final int MOST_COUNTRIES = 20;

  /** Countries are remembered for so long. */
  static final Duration COUNTRY_KEPT = Duration.ofDays(400);

  /** What was seen so lately is not written anew. */
  static final Duration FRESH = Duration.ofDays(1);

  /** When and where somebody was last is known to within so much. */
  static final Duration PRECISION = Duration.ofHours(1);

  /** Beyond so many, hours of long ago lose weight. */
  private static final int MOST_HOURS = 240;

  /**
   * A browser.
   *
   * @param mark what its cookie is known by
   * @param key what its key is known by; empty of one that is known by its cookie alone
   */
  public record Known(String mark, String key, Moment lastAt) {
    /** By its cookie alone. */
    Known(String mark, Moment lastAt) {
      this(mark, "", lastAt);
    }

    /**
     * Whether this is the one. A cookie alone is enough for one that never showed a key, and where a browser could not be asked
     * for it.
     */
    boolean is(Devices.Marks seen) {
      return mark.equals(seen.cookie())
          && (key.isEmpty() || seen.key() == null || key.equals(seen.key()));
    }
  }

  public Seen {
    devices = List.copyOf(devices);
    countries = Collections.unmodifiableMap(new TreeMap<>(countries));
    hours = List.copyOf(hours);
  }

  /** What this browser is to be remembered as. */
  private Known remembered(Now now) {
    var marks = now.device();
    var key =
        marks.key() == null
            ? devices.stream().filter(it -> it.is(marks)).map(Known::key).findFirst().orElse("")
            : marks.key();
    return new Known(marks.cookie(), key, now.at());
  }

  /** Whether what is remembered of one is superseded by remembering the other: a cookie that has a key is none without. */
  private static boolean isReplaced(Known old, Known by) {
    return old.mark().equals(by.mark()) && (old.key().isEmpty() || old.key().equals(by.key()));
  }

  int times() {
    return hours.stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether this sign-in would change anything that matters. */
  boolean wouldLearn(Now now) {
    return at == null
        || now.at().since(at).compareTo(PRECISION) >= 0
        || (!now.device().cookie().isEmpty() && wouldLearnDevice(now))
        || (now.placed() && isStale(Optional.ofNullable(countries.get(now.country())), now));
  }

  private boolean wouldLearnDevice(Now now) {
    var it = remembered(now);
    var replaced = devices.stream().filter(old -> isReplaced(old, it)).toList();
    return replaced.size() != 1
        || !replaced.getFirst().key().equals(it.key())
        || isStale(Optional.of(replaced.getFirst().lastAt()), now);
  }

  private static boolean isStale(Optional<Moment> lastAt, Now now) {
    return lastAt.map(it -> it.plus(FRESH).isBefore(now.at())).orElse(true);
  }

  /** With this sign-in, which was the person's. */
  Seen with(Now now, Duration deviceKept) {
    List<Known> known = new ArrayList<>();
    var current = remembered(now);
    if (!current.mark().isEmpty()) {
      known.add(current);
    }
    devices.stream()
        .filter(it -> !isReplaced(it, current))
        .filter(it -> now.at().since(it.lastAt()).compareTo(deviceKept) < 0)
        .limit(MOST_DEVICES - 1)
        .forEach(known::add);
    var been = new TreeMap<>(countries);
    if (now.placed()) {
      been.put(now.country(), now.at());
    }
    been.values().removeIf(it -> now.at().since(it).compareTo(COUNTRY_KEPT) > 0);
    while (been.size() > MOST_COUNTRIES) {
      been.entrySet().stream()
          .min(Comparator.comparing(Map.Entry::getValue))
          .map(Map.Entry::getKey)
          .ifPresent(been::remove);
    }
    return new Seen(now.at(), known, been, now.placed() ? now.place() : last, counted(now));
  }

  /** An hour counts once, however often somebody signs in within it. */
  private List<Integer> counted(Now now) {
    if (at != null && now.at().since(at).compareTo(PRECISION) < 0) {
      return hours;
    }
    boolean full = times() >= MOST_HOURS;
    List<Integer> counted = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      int before = full ? hours.get(hour) / 2 : hours.get(hour);
      counted.add(before + (hour == now.hour() ? 1 : 0));
    }
    return counted;
  }
}
