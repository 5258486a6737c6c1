package dev.countersign.factor;

import dev.countersign.kernel.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that a browser may be told of the keys it keeps, so that it stops offering those that are gone (WebAuthn Level
 * 3 section 5.1.10). It answers nothing, and nothing depends on whether it listens.
 *
 * @param method of {@code PublicKeyCredential}
 * @param options its argument, in JSON
 */
public record Signal(String method, String options) {

  /**
   * The keys of one person at one relying party.
   *
   * @param user the handle by which keys know the person, in base64url
   * @param ids of the keys, in base64url
   */
  public record Keys(String relyingParty, String user, List<String> ids) {
    public Keys {
      ids = List.copyOf(ids);
    }
  }

  /** There is no such key here (any more). */
  public static Signal unknown(String relyingParty, String id) {
    return new Signal(
        "signalUnknownCredential",
        Json.write(Json.object().put("rpId", relyingParty).put("credentialId", id)));
  }

  /**
   * These are all the keys of a person, and this is what the person is called. Keys of several factors at one relying party
   * are told together: a browser hides whatever is missing from the list.
   */
  public static List<Signal> all(List<Keys> keys, String name) {
    record Whose(String relyingParty, String user) {}
    Map<Whose, Set<String>> together = new LinkedHashMap<>();
    for (var each : keys) {
      together
          .computeIfAbsent(new Whose(each.relyingParty(), each.user()), _ -> new LinkedHashSet<>())
          .addAll(each.ids());
    }
    List<Signal> signals = new ArrayList<>();
    together.forEach((whose, ids) -> {
      ArrayNode accepted = Json.array();
      ids.forEach(accepted::add);
      ObjectNode all = about(whose.relyingParty(), whose.user());
      all.set("allAcceptedCredentialIds", accepted);
      signals.add(new Signal("signalAllAcceptedCredentials", Json.write(all)));
      if (!ids.isEmpty()) {
        signals.add(
            new Signal(
                "signalCurrentUserDetails",
                Json.write(
                    about(whose.relyingParty(), whose.user())
                        .put("name", name)
                        .put("displayName", name))));
      }
    });
    return List.copyOf(signals);
  }

  private static ObjectNode about(String relyingParty, String user) {
    return Json.object().put("rpId", relyingParty).put("userId", user);
  }
}
