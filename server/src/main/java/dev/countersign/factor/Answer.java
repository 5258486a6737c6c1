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

  /** The field {@code code} as so many ASCII digits, blanks between them forgiven; empty when it is anything else. */
  public Secret digits(int howMany) {
    var text = field("code").reveal().replace(" ", "").replace("\u00a0", "").strip();
    return text.length() == howMany && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Secret.of(text)
        : Secret.of("");
  }

  /** The named field, or an empty secret. */
  public Secret field(String name) {
    return fields.getOrDefault(name, Secret.of(""));
  }
}
