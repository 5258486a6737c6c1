package dev.countersign.factor;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.UserId;
import java.util.Map;

/**
 * What a factor may know of the person who holds it.
 *
 * @param label the name to show on the person's devices
 * @param handle names the person towards devices without telling who it is: always the same, another in each tenant
 * @param traits by their purpose, such as {@code phone}; one that serves a purpose and that the person does not have yet is
 *     empty
 */
public record Holder(UserId user, String label, Map<String, String> traits, String handle) {
  public Holder {
    traits = Map.copyOf(traits);
  }

  /** The trait that is the confirmed mail address of the account; empty where there is none. */
  public static final String ADDRESS = "email";

  /** The trait that is there where people can be reached so by telephone. */
  public static String reached(Dispatch.Via via) {
    return switch (via) {
      case SMS -> "phone";
      case VOICE -> "phone-calls";
    };
  }

  /** For factors that name nobody to a device. */
  public Holder(UserId user, String label, Map<String, String> traits) {
    this(user, label, traits, "");
  }
}
