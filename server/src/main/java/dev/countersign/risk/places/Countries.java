package dev.countersign.risk.places;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where countries are, roughly. */
public final class Countries {
  private static final Map<String, Place> PLACES = read();

  private Countries() {}

  /** Empty when nobody has such a code. */
  public static Optional<Place> place(String code) {
    return Optional.ofNullable(PLACES.get(code));
  }

  private static Map<String, Place> read() {
    var places = new HashMap<String, Place>();
    try (var in =
        Objects.requireNonNull(Countries.class.getResourceAsStream("/places/countries.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", -1))
          .forEach(it ->
              places.put(
                  it[0],
                  new Place(
                      it[0],
                      Double.parseDouble(it[1]),
                      Double.parseDouble(it[2]),
                      Integer.parseInt(it[3]))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(places);
  }
}
