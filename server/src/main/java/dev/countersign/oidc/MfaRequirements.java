package dev.countersign.oidc;

import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Factor;
import dev.countersign.factor.MfaMethod;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** What a sign-in demands, in the words of Auth0's MFA API. */
final class MfaRequirements {
  private MfaRequirements() {}

  /** Of several factors those that an application can ask for by itself and that are of this kind, in their order. */
  static Stream<Factor> among(Catalogue factors, List<FactorId> all, MfaMethod.Kind kind) {
    return all.stream()
        .map(factors::get)
        .filter(it -> it.mfaMethod().filter(method -> method.kind() == kind).isPresent());
  }

  /**
   * Auth0's {@code mfa_requirements}. What the API does not know is named all the same, so that an application sees that its
   * person has to come to a page. Clients look for the type of an authenticator or for {@code oob}.
   */
  static ObjectNode of(Catalogue factors, Demand demand) {
    var out = Json.object();
    switch (demand) {
      case Demand.Challenge(var anyOf) -> {
        var types = types(factors, anyOf);
        if (among(factors, anyOf, MfaMethod.Kind.OOB).findAny().isPresent()) {
          types.add(MfaMethod.Kind.OOB.word());
        }
        put(out, "challenge", types);
      }
      case Demand.Enrol(var anyOf, var _) -> put(out, "enroll", types(factors, anyOf));
      case Demand.FirstProof _, Demand.Password _, Demand.SeeBackupCodes _ -> {
        // Nothing that a second proof would settle.
      }
    }
    return out;
  }

  private static Set<String> types(Catalogue factors, List<FactorId> all) {
    var types = new LinkedHashSet<String>();
    for (var factor : all) {
      var it = factors.get(factor);
      types.add(it.mfaMethod().map(MfaMethod::type).orElse(it.profile().guardianName()));
    }
    return types;
  }

  private static void put(ObjectNode out, String name, Set<String> types) {
    var list = out.putArray(name);
    types.forEach(type -> list.addObject().put("type", type));
  }
}
