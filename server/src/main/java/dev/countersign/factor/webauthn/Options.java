package dev.countersign.factor.webauthn;

import dev.countersign.factor.Scene;
import dev.countersign.kernel.Json;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What browsers are asked, in the JSON forms of WebAuthn Level 3 sections 5.1.8 and 5.1.9. */
final class Options {
  private Options() {}

  /** To make a credential (section 5.4). */
  static String create(
      Scene scene,
      Question question,
      String handle,
      List<Credential> already,
      String attachment,
      boolean attested,
      Duration lasts) {
    ObjectNode user =
        Json.object()
            .put("id", handle)
            .put("name", scene.holder().label())
            .put("displayName", scene.holder().label());
    ArrayNode algorithms = Json.array();
    for (int algorithm : Registration.ALGORITHMS) {
      algorithms.add(Json.object().put("type", "public-key").put("alg", algorithm));
    }
    boolean platform = attachment.equals(Settings.PLATFORM);
    boolean any = attachment.equals(Settings.ANY);
    ObjectNode selection = Json.object();
    if (!any) {
      selection.put("authenticatorAttachment", attachment);
    }
    selection
        .put("residentKey", platform ? "required" : any ? "preferred" : "discouraged")
        .put("requireResidentKey", platform)
        .put("userVerification", question.verified() ? "required" : "preferred");
    ObjectNode options = Json.object();
    options.set(
        "rp", Json.object().put("id", question.relyingParty()).put("name", scene.site().name()));
    options.set("user", user);
    options.put("challenge", question.challenge());
    options.set("pubKeyCredParams", algorithms);
    options.put("timeout", lasts.toMillis());
    options.set("excludeCredentials", descriptors(already));
    options.set("authenticatorSelection", selection);
    if (!any) {
      options.set("hints", Json.array().add(platform ? "client-device" : "security-key"));
    }
    options.put("attestation", attested ? "direct" : "none");
    return Json.write(options);
  }

  /** To sign with one of these (section 5.5). */
  static String get(Question question, List<Credential> mine, String verification, Duration lasts) {
    ObjectNode options =
        Json.object()
            .put("challenge", question.challenge())
            .put("timeout", lasts.toMillis())
            .put("rpId", question.relyingParty());
    options.set("allowCredentials", descriptors(mine));
    options.put("userVerification", verification);
    return Json.write(options);
  }

  private static ArrayNode descriptors(List<Credential> credentials) {
    ArrayNode all = Json.array();
    for (var credential : credentials) {
      ObjectNode each = Json.object().put("type", "public-key").put("id", credential.id());
      if (!credential.transports().isEmpty()) {
        ArrayNode transports = Json.array();
        credential.transports().forEach(transports::add);
        each.set("transports", transports);
      }
      all.add(each);
    }
    return all;
  }
}
