package dev.countersign.factor;

import dev.countersign.kernel.Secret;
import java.util.Map;

/** What a person sent in reply, by the names of the page's fields. Factors pick what they know and ignore the rest. */
public record Answer(Map<String, Secret> fields) {
  public static Answer ofCode(Secret code) {
    return new Answer(Map.of("code", code));
  }

  /** The named field, or an empty secret. */
  public Secret field(String name) {
    return fields.getOrDefault(name, Secret.of(""));
  }
}
