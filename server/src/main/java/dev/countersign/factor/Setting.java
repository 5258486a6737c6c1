package dev.countersign.factor;

import java.util.List;

/**
 * One thing that a tenant may set for a factor, by its name in the Management API.
 *
 * @param words the values of a {@link Kind#WORD}; empty for the rest
 */
public record Setting(String name, Kind kind, List<String> words) {
  public Setting {
    words = List.copyOf(words);
  }

  /** What values it has. */
  public enum Kind {
    FLAG,
    TEXT,
    WORD,
    TEXTS
  }

  public static Setting flag(String name) {
    return new Setting(name, Kind.FLAG, List.of());
  }

  public static Setting text(String name) {
    return new Setting(name, Kind.TEXT, List.of());
  }

  public static Setting texts(String name) {
    return new Setting(name, Kind.TEXTS, List.of());
  }

  public static Setting word(String name, String... words) {
    return new Setting(name, Kind.WORD, List.of(words));
  }
}
