package dev.countersign.logging;

import java.util.LinkedHashMap;
import java.util.Map;

/** Named values that go with a log record; in JSON they are members of their own. Numbers stay numbers. */
public record Fields(Map<String, Object> values) {

  /** An empty set of fields to add to. */
  public static Fields none() {
    return new Fields(new LinkedHashMap<>());
  }

  public Fields with(String name, String value) {
    return put(name, value);
  }

  public Fields with(String name, long value) {
    return put(name, value);
  }

  private Fields put(String name, Object value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Fields(more);
  }

  /** For a formatter that knows nothing of fields. */
  @Override
  public String toString() {
    return values.toString();
  }
}
