package dev.countersign.factor.custom;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.StandardWebhooks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the browser carries between us and a tenant's page: a JWT (RFC 7519) signed with HMAC-SHA256, whose type says which way
 * it goes (RFC 8725 section 3.11), so that neither can pass for the other. Only this one algorithm is known here.
 */
final class Slip {
  /** From us to the page. */
  static final String REQUEST = "countersign-request+jwt";

  /** From the page to us. */
  static final String ANSWER = "countersign-answer+jwt";

  private static final int MOST = 4_000;

  private Slip() {}

  static String signed(String type, ObjectNode claims, Secret key) {
    var content =
        encoded(Json.writeBytes(Json.object().put("alg", "HS256").put("typ", type)))
            + "."
            + encoded(Json.writeBytes(claims));
    return content + "." + encoded(StandardWebhooks.mac(key, content));
  }

  /** What it says; nothing unless one of these keys signed exactly this, as a slip of that type. */
  static Optional<JsonNode> verified(String type, Secret slip, List<Secret> keys) {
    var parts = slip.reveal().length() > MOST ? new String[0] : slip.reveal().split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      var signature = Base64.getUrlDecoder().decode(parts[2]);
      var content = parts[0] + "." + parts[1];
      boolean ours = false;
      for (var key : keys) {
        ours |= MessageDigest.isEqual(signature, StandardWebhooks.mac(key, content));
      }
      var header = Json.parse(Base64.getUrlDecoder().decode(parts[0]));
      var claims = Json.parse(Base64.getUrlDecoder().decode(parts[1]));
      return ours
              && header.path("alg").asString("").equals("HS256")
              && header.path("typ").asString("").equals(type)
              && !header.has("crit") // RFC 7515 section 4.1.11: nothing critical is understood.
              && claims.isObject()
          ? Optional.of(claims)
          : Optional.empty();
    } catch (IllegalArgumentException | Json.Malformed _) {
      return Optional.empty();
    }
  }

  private static String encoded(byte[] bytes) {
    return new String(
        Base64.getUrlEncoder().withoutPadding().encode(bytes), StandardCharsets.US_ASCII);
  }
}
