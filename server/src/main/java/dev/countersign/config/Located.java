package dev.countersign.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a network is, as the operator knows it.
 *
 * @param country as ISO 3166-1 alpha-2 has it
 */
public record Located(Cidr network, String country, Optional<Coordinates> at) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<network>[0-9a-fA-F:./]+)\\s*=\\s*(?<country>[A-Z]{2})"
              + "(\\s*@\\s*(?<latitude>-?\\d{1,2}(\\.\\d{1,4})?):(?<longitude>-?\\d{1,3}(\\.\\d{1,4})?))?");

  /** A point on earth, in degrees. */
  public record Coordinates(double latitude, double longitude) {}

  /** Reads {@code 192.0.2.0/24=DE} or {@code 192.0.2.0/24=DE@52.5:13.4}; empty when it is neither. */
  public static Optional<Located> parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<Coordinates> at =
        Optional.ofNullable(parts.group("latitude"))
            .map(latitude ->
                new Coordinates(
                    Double.parseDouble(latitude), Double.parseDouble(parts.group("longitude"))));
    boolean onEarth =
        at.map(it -> Math.abs(it.latitude()) <= 90 && Math.abs(it.longitude()) <= 180).orElse(true);
    return onEarth
        ? Cidr.parse(parts.group("network")).map(it -> new Located(it, parts.group("country"), at))
        : Optional.empty();
  }
}
