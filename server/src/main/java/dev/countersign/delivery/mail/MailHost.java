package dev.countersign.delivery.mail;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a tenant's own mails are handed in.
 *
 * @param from the address that they come from
 * @param user empty where the host asks for no name
 */
public record MailHost(
    String name,
    int port,
    Optional<String> user,
    Optional<Secret> password,
    String from,
    boolean enabled) {

  /** For the sealed column and nowhere else: it holds the password. */
  ObjectNode written() {
    var out =
        Json.object().put("name", name).put("port", port).put("from", from).put("enabled", enabled);
    user.ifPresent(it -> out.put("user", it));
    password.ifPresent(it -> out.put("password", it.reveal()));
    return out;
  }

  static MailHost read(JsonNode it) {
    return new MailHost(
        it.path("name").stringValue(""),
        it.path("port").asInt(0),
        Optional.ofNullable(it.get("user")).map(JsonNode::stringValue),
        Optional.ofNullable(it.get("password")).map(JsonNode::stringValue).map(Secret::of),
        it.path("from").stringValue(""),
        it.path("enabled").asBoolean(false));
  }
}
