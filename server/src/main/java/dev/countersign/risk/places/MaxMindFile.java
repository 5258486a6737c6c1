package dev.countersign.risk.places;

import com.maxmind.db.Reader;
import dev.countersign.risk.networks.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A MaxMind DB, version 2.0 of the format: of countries, or of cities, which says where they are more exactly. Besides the
 * names of MaxMind's own databases it knows the flat ones ({@code country_code}, {@code latitude}).
 */
final class MaxMindFile implements Atlas {
  /** Where a database does not say how exact it is, of cities. */
  private static final int USUAL_RADIUS = 50;

  private final Reader reader;

  MaxMindFile(Path path) throws IOException {
    reader = new Reader(path.toFile());
  }

  @Override
  public @Nullable Place find(Address address) {
    try {
      var found = reader.get(address.inet(), Map.class);
      return found == null ? null : place(found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Place place(Map<?, ?> found) {
    var country =
        text(within(found, "country").get("iso_code"))
            .or(() -> text(within(found, "registered_country").get("iso_code")))
            .or(() -> text(found.get("country_code")));
    if (country.isEmpty()) {
      return null;
    }
    var location = found.get("location") instanceof Map<?, ?> map ? map : found;
    if (location.get("latitude") instanceof Number latitude
        && location.get("longitude") instanceof Number longitude) {
      int within =
          location.get("accuracy_radius") instanceof Number radius
              ? radius.intValue()
              : USUAL_RADIUS;
      return new Place(country.get(), latitude.doubleValue(), longitude.doubleValue(), within);
    }
    return Countries.place(country.get()).orElse(null);
  }

  private static Map<?, ?> within(Map<?, ?> found, String name) {
    return found.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && text.matches("[A-Z]{2}")
        ? Optional.of(text)
        : Optional.empty();
  }
}
