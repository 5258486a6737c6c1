package dev.countersign.management.api;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Fields for things that there are not here. Tools send them all the same, mostly to say that they are off: that is taken,
 * and read back as it was given. What would turn something on is refused, so that nobody relies on it.
 */
public final class Absent {
  /** Words by which Auth0 says that something is off. */
  private static final Set<String> OFF = Set.of("", "none", "deny", "no_prompt", "off");

  private Absent() {}

  /** What is wrong with such a field, if it asks for anything. */
  public static Optional<ApiError> refused(String field, JsonNode sent) {
    return asksForNothing(sent)
        ? Optional.empty()
        : Optional.of(
            ApiError.unsupported(
                field, "there is no such thing here; leave it out or turn it off."));
  }

  /** Null, false, empty, a word for off, or an object or list of such values. */
  public static boolean asksForNothing(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> true;
      case BOOLEAN -> !value.booleanValue();
      case STRING -> OFF.contains(value.stringValue());
      case OBJECT, ARRAY -> value.valueStream().allMatch(Absent::asksForNothing);
      case NUMBER, BINARY, POJO -> false;
    };
  }
}
