package dev.countersign.oidc;

import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.MfaMethod;
import dev.countersign.kernel.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A person's factors as Auth0's MFA API lists them; those that are answered on pages only are left out. */
final class Authenticators {
  private Authenticators() {}

  static ArrayNode of(Catalogue factors, List<Enrolment> active) {
    var list = Json.array();
    for (var enrolment : active) {
      factors
          .get(enrolment.factor())
          .mfaMethod()
          .ifPresent(method ->
              list.add(shown(method, enrolment, factors.get(enrolment.factor()).shown(enrolment))));
    }
    return list;
  }

  /** Whether this is what an application calls that person's factor. */
  static boolean is(Catalogue factors, Enrolment enrolment, String id) {
    return factors
        .get(enrolment.factor())
        .mfaMethod()
        .filter(method -> method.id(enrolment).equals(id))
        .isPresent();
  }

  /** Auth0's clients read {@code oob_channel} or {@code oob_channels}, and drop what has no {@code type}. */
  private static ObjectNode shown(
      MfaMethod method, Enrolment enrolment, Map<String, Object> details) {
    var out =
        Json.object()
            .put("id", method.id(enrolment))
            .put("authenticator_type", method.kind().word())
            .put("type", method.type())
            .put("active", true);
    method
        .channel()
        .ifPresent(channel -> {
          out.put("oob_channel", channel);
          out.putArray("oob_channels").add(channel);
        });
    var name = name(enrolment, details);
    if (!name.isEmpty()) {
      out.put("name", name);
    }
    return out;
  }

  /** What the person calls it; of what reaches a person, where: masked, of an address all that names its owner. */
  private static String name(Enrolment enrolment, Map<String, Object> details) {
    if (details.get("email") instanceof String address) {
      return "****" + address.substring(address.lastIndexOf('@'));
    }
    return details.get("phone_number") instanceof String number ? number : enrolment.name();
  }
}
