package dev.countersign.risk;

import dev.countersign.kernel.Moment;
import dev.countersign.risk.lists.Listing;
import dev.countersign.risk.places.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a sign-in. A value.
 *
 * @param device what the browser is known by to this person; all empty when it showed nothing
 * @param userAgent what it calls itself; null where there is no browser to be seen
 * @param place where it comes from; null when that is nowhere, or not known
 * @param listings the lists that its address stands on
 * @param failures wrong answers of late
 * @param unavailable what could not be found out, in words
 */
record Now(
    Moment at,
    Devices.Marks device,
    @Nullable String userAgent,
    @Nullable Place place,
    List<Listing> listings,
    Failures failures,
    List<String> unavailable) {

  /** Wrong answers within some minutes, of this person, from this network, and in this tenant. */
  record Failures(int user, int network, int tenant) {
    static final Failures NONE = new Failures(0, 0, 0);
  }

  Now {
    listings = List.copyOf(listings);
    unavailable = List.copyOf(unavailable);
  }

  String country() {
    return place == null ? Seen.NOWHERE : place.country();
  }

  /** Whether it could be looked up where this is. */
  boolean placed() {
    return !unavailable.contains(Observe.PLACES);
  }

  /** Of the day, in UTC. */
  int hour() {
    return (int) Math.floorMod(Math.floorDiv(at.millis(), 3_600_000L), 24L);
  }
}
