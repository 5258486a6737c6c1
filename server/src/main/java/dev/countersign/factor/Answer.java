package dev.countersign.factor;

import dev.countersign.kernel.Secret;
import java.util.Map;

/** What a person sent in reply, by the names of the page's fields. Factors pick what they know and ignore the rest. */
public record Answer(Map<String, Secret> fields) {
  public static Answer ofCode(Secret code) {
    return new Answer(Map.of("code", code));
  }

  /** Nothing was said. */
  public static final Answer NONE = new Answer(Map.of());

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The named field, or an empty secret. */
  public Secret field(String name) {
    return fields.getOrDefault(name, Secret.of(""));
  }
}
