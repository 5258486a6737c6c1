package dev.countersign.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The value of every key. Immutable; never printed, for it holds secrets. */
public final class Settings {
  private final Map<Key<?>, Object> values;

  Settings(Map<Key<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * The server's defaults with some keys set by name.
   *
   * @throws IllegalArgumentException when a name or a value does not fit
   */
  public static Settings with(Map<String, String> values) {
    var sources = new Configuration.Sources(values, Map.of(), Optional.empty());
    return switch (new Configuration(Keys.ALL).read(sources)) {
      case Configuration.Ready(Settings settings) -> settings;
      case Configuration.Refused(var mistakes) ->
          throw new IllegalArgumentException(mistakes.toString());
    };
  }

  /** These values and those. */
  public Settings and(Settings those) {
    Map<Key<?>, Object> all = new HashMap<>(values);
    all.putAll(those.values);
    return new Settings(all);
  }

  @SuppressWarnings("unchecked") // Configuration puts only what the key's own kind has parsed.
  public <T> T get(Key<T> key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key.name() + " was not read");
    }
    return (T) value;
  }
}
