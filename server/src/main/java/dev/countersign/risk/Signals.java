package dev.countersign.risk;

import dev.countersign.kernel.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is noteworthy about a sign-in, given what is known of its person. Pure: the same values, the same findings, in the
 * order of the signals.
 */
final class Signals {
  /** Whoever was away for longer is missed, and after twice as long for sure. */
  static final Duration ABSENCE = Duration.ofDays(90);

  /** Nearer than this nobody has travelled, whatever the clock says. */
  static final int NEAR = 300;

  /** Kilometres in an hour, from door to door, that some reach, and that nobody does. */
  static final int SWIFT = 600;

  static final int IMPOSSIBLE = 900;

  /** A habit of hours shows after so many. */
  static final int HABIT = 20;

  /** Wrong answers that are one's own mistakes; from so many more on it is certain that they are not. */
  private static final int USER_FEW = 3;

  private static final int USER_MANY = 10;
  private static final int NETWORK_FEW = 10;
  private static final int NETWORK_MANY = 50;
  private static final int TENANT_FEW = 100;
  private static final int TENANT_MANY = 500;

  private Signals() {}

  /**
   * The findings.
   *
   * @param deviceKept for how long a browser is known that is not used
   */
  static List<Finding> of(Seen before, Now now, Duration deviceKept) {
    List<Finding> found = new ArrayList<>();
    listed(now, found);
    device(before, now, deviceKept, found);
    country(before, now, found);
    travel(before, now, found);
    absence(before, now, found);
    failures(now, found);
    agent(now, found);
    hour(before, now, found);
    if (!now.unavailable().isEmpty()) {
      found.add(unavailable(now.unavailable()));
    }
    return List.copyOf(found);
  }

  /** That something could not be found out: one finding, however much it is. */
  static Finding unavailable(List<String> what) {
    return new Finding(Signal.SENSES_UNAVAILABLE, 100, Map.of("senses", String.join(", ", what)));
  }

  private static void listed(Now now, List<Finding> found) {
    for (var listing : now.listings()) {
      found.add(
          new Finding(
              listing.anonymiser() ? Signal.ANONYMISER : Signal.ADDRESS_LISTED,
              100,
              Map.of("list", listing.name(), "weight", String.valueOf(listing.weight()))));
    }
  }

  private static void device(Seen before, Now now, Duration deviceKept, List<Finding> found) {
    if (now.userAgent() == null) {
      return;
    }
    var marks = now.device();
    var sameCookie =
        before.devices().stream()
            .filter(_ -> !marks.cookie().isEmpty())
            .filter(it -> it.mark().equals(marks.cookie()))
            .filter(it -> now.at().since(it.lastAt()).compareTo(deviceKept) < 0)
            .toList();
    if (sameCookie.stream().anyMatch(it -> it.is(marks))) {
      return;
    }
    Map<String, String> details = new TreeMap<>();
    details.put("first", String.valueOf(before.at() == null));
    details.put("cookie", String.valueOf(!marks.cookie().isEmpty()));
    if (!sameCookie.isEmpty()) {
      details.put("key", Objects.requireNonNullElse(marks.key(), "").isEmpty() ? "none" : "other");
    }
    // Of somebody who never signed in before every browser is new, which tells little.
    found.add(new Finding(Signal.NEW_DEVICE, before.at() == null ? 50 : 100, details));
  }

  /** Whoever signs in for the first time is from no other country than before. */
  private static void country(Seen before, Now now, List<Finding> found) {
    if (before.at() == null || !now.placed() || before.countries().containsKey(now.country())) {
      return;
    }
    var last = before.last();
    found.add(
        new Finding(
            Signal.NEW_COUNTRY,
            100,
            Map.of(
                "country", now.country(), "before", last == null ? Seen.NOWHERE : last.country())));
  }

  private static void travel(Seen before, Now now, List<Finding> found) {
    var from = before.last();
    var here = now.place();
    var since = before.at();
    if (from == null || here == null || since == null) {
      return;
    }
    int kilometres = from.kilometresTo(here);
    double hours = Math.max(now.at().since(since).toMillis() / 3_600_000.0, 0.01);
    double speed = kilometres / hours;
    if (kilometres >= NEAR && speed > SWIFT) {
      found.add(
          new Finding(
              Signal.IMPOSSIBLE_TRAVEL,
              speed > IMPOSSIBLE ? 100 : 50,
              Map.of(
                  "country", here.country(),
                  "before", from.country(),
                  "km", String.valueOf(kilometres),
                  "hours", hours(since, now.at()))));
    }
  }

  private static String hours(Moment from, Moment to) {
    double hours = to.since(from).toMillis() / 3_600_000.0;
    return hours >= 10
        ? String.valueOf(Math.round(hours))
        : String.format(Locale.ROOT, "%.1f", hours);
  }

  private static void absence(Seen before, Now now, List<Finding> found) {
    var last = before.at();
    if (last == null || now.at().since(last).compareTo(ABSENCE) < 0) {
      return;
    }
    var away = now.at().since(last);
    found.add(
        new Finding(
            Signal.LONG_ABSENCE,
            away.compareTo(ABSENCE.multipliedBy(2)) < 0 ? 60 : 100,
            Map.of("days", String.valueOf(away.toDays()))));
  }

  private static void failures(Now now, List<Finding> found) {
    failures(Signal.USER_FAILURES, now.failures().user(), USER_FEW, USER_MANY, found);
    failures(Signal.ADDRESS_FAILURES, now.failures().network(), NETWORK_FEW, NETWORK_MANY, found);
    failures(Signal.TENANT_FAILURES, now.failures().tenant(), TENANT_FEW, TENANT_MANY, found);
  }

  private static void failures(Signal signal, int count, int few, int many, List<Finding> found) {
    if (count >= few) {
      int strength = 40 + 60 * (Math.min(count, many) - few) / (many - few);
      found.add(new Finding(signal, strength, Map.of("failures", String.valueOf(count))));
    }
  }

  private static void agent(Now now, List<Finding> found) {
    var agent = now.userAgent();
    if (agent != null) {
      Agents.of(agent)
          .ifPresent(it ->
              found.add(
                  new Finding(Signal.ODD_USER_AGENT, it.strength(), Map.of("kind", it.word()))));
    }
  }

  /** The hour and its neighbours: summer time moves habits by one. */
  private static void hour(Seen before, Now now, List<Finding> found) {
    int times = before.times();
    if (times < HABIT) {
      return;
    }
    int around = 0;
    for (int step = -1; step <= 1; step++) {
      around += before.hours().get(Math.floorMod(now.hour() + step, 24));
    }
    if (around * 50 < times) {
      found.add(
          new Finding(
              Signal.UNUSUAL_HOUR,
              around == 0 ? 100 : 50,
              Map.of("hour", String.format(Locale.ROOT, "%02d", now.hour()))));
    }
  }
}
