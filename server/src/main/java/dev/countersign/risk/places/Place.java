package dev.countersign.risk.places;

/**
 * Somewhere in the world.
 *
 * @param country as ISO 3166-1 alpha-2 has it
 * @param within how many kilometres around these coordinates it may really be
 */
public record Place(String country, double latitude, double longitude, int within) {
  private static final double EARTH = 6_371;

  public Place {
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180) || within < 0) {
      throw new IllegalArgumentException("nowhere on earth");
    }
  }

  /** The shortest journey that there can be from here to there, as the crow flies, in kilometres. */
  public int kilometresTo(Place there) {
    double sinLat = Math.sin(Math.toRadians(there.latitude - latitude) / 2);
    double sinLon = Math.sin(Math.toRadians(there.longitude - longitude) / 2);
    double haversine =
        sinLat * sinLat
            + Math.cos(Math.toRadians(latitude))
                * Math.cos(Math.toRadians(there.latitude))
                * sinLon
                * sinLon;
    double between = 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, haversine)));
    return (int) Math.max(0, Math.round(between) - within - there.within);
  }
}
