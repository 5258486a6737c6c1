package dev.countersign.management.api;

import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.web.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that fits its endpoint's declaration.
 *
 * @param query the declared parameters that were sent
 * @param body JSON null where the endpoint takes none
 */
public record Call(Request request, Map<String, JsonNode> query, JsonNode body) {

  public TenantId tenant() {
    return request.site().tenant();
  }

  /** The origin of the tenant at which this call came in. */
  public String origin() {
    return request.site().origin();
  }

  public Occasion occasion() {
    return new Occasion(request.at(), request.address(), request.userAgent(), request.id());
  }

  /** Who did it, for the record: a person, or {@code <client id>@clients} for a client that acts for itself. */
  public String actor() {
    return request.holder().subject();
  }

  /**
   * That this caller changed something of the tenant's.
   *
   * @param resource what kind of thing, in the words of the API: {@code client}
   * @param how such as {@code created}
   */
  public AuditEvent did(String how, String resource, String id) {
    return AuditEvent.success(AuditType.API_CHANGED, occasion())
        .by(actor(), null)
        .with("resource", resource)
        .with("id", id)
        .with("operation", how);
  }

  public String parameter(String name) {
    return request.parameter(name);
  }

  /** A field of the body; null when it was not sent. */
  public @Nullable JsonNode field(String name) {
    return body.get(name);
  }

  /** A text field of the body; null when it was not sent or is null. */
  public @Nullable String text(String name) {
    var value = body.get(name);
    return (value == null || value.isNull()) ? null : value.stringValue();
  }

  public boolean flag(String name, boolean otherwise) {
    var value = body.get(name);
    return (value == null || value.isNull()) ? otherwise : value.booleanValue();
  }

  public List<String> texts(String name) {
    return texts(body.get(name));
  }

  /** The texts of an array. */
  public static List<String> texts(@Nullable JsonNode array) {
    var out = new ArrayList<String>();
    if (array != null) {
      array.forEach(each -> out.add(each.stringValue()));
    }
    return out;
  }

  public Optional<String> queryText(String name) {
    return Optional.ofNullable(query.get(name)).map(JsonNode::stringValue);
  }

  public boolean queryFlag(String name, boolean otherwise) {
    return Optional.ofNullable(query.get(name)).map(JsonNode::booleanValue).orElse(otherwise);
  }

  public long queryNumber(String name, long otherwise) {
    return Optional.ofNullable(query.get(name)).map(JsonNode::longValue).orElse(otherwise);
  }

  /** The fields that {@code fields} and {@code include_fields} ask for. */
  public ObjectNode narrowed(ObjectNode whole) {
    var fields = queryText("fields").orElse("").strip();
    if (fields.isEmpty()) {
      return whole;
    }
    Set<String> named = new HashSet<>(List.of(fields.split("\\s*,\\s*", -1)));
    return queryFlag("include_fields", true) ? whole.retain(named) : whole.remove(named);
  }
}
