package dev.countersign.management.api;

import dev.countersign.kernel.Json;
import dev.countersign.web.Reply;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API's description for programs (OpenAPI 3.1), made from the endpoints' declarations and from nothing else. It is the
 * same for every tenant.
 */
public final class OpenApi {
  /** Where it is served, to anybody: it tells nothing of a tenant. */
  public static final String PATH = Endpoint.BASE + "/openapi.json";

  private static final Pattern BRACE = Pattern.compile("\\{([a-z_]+)}");
  private static final List<String> ALLOWANCE =
      List.of("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

  private OpenApi() {}

  /** Written at the first question. */
  public static Route route(List<Endpoint> endpoints) {
    var written = new AtomicReference<Reply>();
    return Route.get(
        PATH,
        _ -> {
          var kept = written.get();
          if (kept == null) {
            kept = Reply.json(document(endpoints));
            written.set(kept);
          }
          return kept;
        });
  }

  public static ObjectNode document(List<Endpoint> endpoints) {
    var document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Countersign Management API")
        .put("version", "2")
        .put(
            "description",
            "Shaped like Auth0's Management API, so that its SDKs and tools work. Tokens are for the audience "
                + "<issuer>api/v2/, the tenant's issuer with its slash.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document
        .putArray("servers")
        .addObject()
        .put("url", Endpoint.BASE)
        .put("description", "On each tenant's host");
    var tags = document.putArray("tags");
    endpoints.stream()
        .map(OpenApi::tag)
        .distinct()
        .sorted()
        .forEach(name -> tags.addObject().put("name", name));
    Map<String, ObjectNode> paths = new TreeMap<>();
    for (var endpoint : endpoints) {
      paths
          .computeIfAbsent(endpoint.path(), _ -> Json.object())
          .set(endpoint.method().name().toLowerCase(Locale.ROOT), operation(endpoint));
    }
    var all = document.putObject("paths");
    paths.forEach(all::set);
    document.set("components", components(endpoints));
    return document;
  }

  /** The things it is about: the first word of the path. */
  private static String tag(Endpoint endpoint) {
    return endpoint.path().split("/", -1)[1];
  }

  private static ObjectNode operation(Endpoint endpoint) {
    var out =
        Json.object()
            .put(
                "operationId",
                (endpoint.method().name() + endpoint.path())
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9_-]+", "_")
                    .replaceAll("_$", ""))
            .put("summary", endpoint.summary());
    if (!endpoint.act().isEmpty()) {
      out.put(
          "description",
          "Of a person this may want a recent second proof (RFC 9470): step-up rules know it as "
              + endpoint.act()
              + ".");
    }
    out.putArray("tags").add(tag(endpoint));
    var security = out.putArray("security");
    endpoint.scopes().forEach(scope -> security.addObject().putArray("token").add(scope));
    var parameters = out.putArray("parameters");
    BRACE
        .matcher(endpoint.path())
        .results()
        .map(found -> found.group(1))
        .forEach(name ->
            parameters
                .addObject()
                .put("name", name)
                .put("in", "path")
                .put("required", true)
                .set("schema", schema(endpoint.parameters().getOrDefault(name, Endpoint.ID))));
    new TreeMap<>(endpoint.query())
        .forEach((name, shape) ->
            parameters
                .addObject()
                .put("name", name)
                .put("in", "query")
                .set("schema", schema(shape)));
    if (parameters.isEmpty()) {
      out.remove("parameters");
    }
    endpoint
        .body()
        .ifPresent(shape ->
            out.putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/json")
                .set("schema", schema(shape)));
    var responses = out.putObject("responses");
    endpoint
        .answers()
        .forEach((status, shape) -> {
          var answer = responses.putObject(status.toString()).put("description", "Done");
          allowance(answer);
          shape.ifPresent(it ->
              answer.putObject("content").putObject("application/json").set("schema", open(it)));
        });
    responses.putObject("4XX").put("$ref", "#/components/responses/Error");
    responses.putObject("5XX").put("$ref", "#/components/responses/Error");
    return out;
  }

  private static void allowance(ObjectNode answer) {
    var headers = answer.putObject("headers");
    ALLOWANCE.forEach(name -> headers.putObject(name).put("$ref", "#/components/headers/" + name));
  }

  private static ObjectNode components(List<Endpoint> endpoints) {
    var out = Json.object();
    var headers = out.putObject("headers");
    ALLOWANCE.forEach(name ->
        headers
            .putObject(name)
            .put("description", "How the caller stands; X-RateLimit-Reset in Unix seconds")
            .putObject("schema")
            .put("type", "integer"));
    var error =
        out.putObject("responses")
            .putObject("Error")
            .put("description", "What was wrong, and how to mend it");
    allowance(error);
    error.putObject("content").putObject("application/json").set("schema", open(ApiError.SHAPE));
    var flow =
        out.putObject("securitySchemes")
            .putObject("token")
            .put("type", "oauth2")
            .putObject("flows")
            .putObject("clientCredentials")
            .put("tokenUrl", "/oauth/token");
    var scopes = flow.putObject("scopes");
    var all = new TreeSet<String>();
    endpoints.forEach(endpoint -> all.addAll(endpoint.scopes()));
    all.forEach(scope -> scopes.put(scope, scope));
    return out;
  }

  /** Answers may get more fields one day, which readers are to ignore. */
  private static JsonNode open(Shape shape) {
    var schema = schema(shape);
    schema
        .findParents("additionalProperties")
        .forEach(it -> {
          if (it instanceof ObjectNode object) {
            object.remove("additionalProperties");
          }
        });
    schema
        .findParents("pattern")
        .forEach(it -> {
          if (it instanceof ObjectNode object
              && object.path("type").asString("").equals("string")) {
            object.remove(List.of("pattern", "minLength", "maxLength"));
          }
        });
    return schema;
  }

  private static JsonNode schema(Shape shape) {
    return Json.tree(Json.write(shape.schema()));
  }
}
