package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description for programs says what the server does, and the server does what it says. That answers are as
 * described is asked after every single call of all other tests.
 */
class OpenApiTest {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final ManagementApi api = new ManagementApi();
  private final List<Endpoint> endpoints = api.wiring.administration.management.endpoints();

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode document() {
    return api.call(api.acme, Method.GET, "/openapi.json", Optional.empty()).json();
  }

  @Test
  void it_is_served_to_anybody_and_names_every_endpoint_and_nothing_else() {
    Set<String> described = new HashSet<>();
    for (var path : document().path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    assertThat(described)
        .isEqualTo(
            endpoints.stream()
                .map(it -> it.method() + " " + it.path())
                .collect(Collectors.toSet()));
    assertThat(
            api.wiring.web.router.routes().stream()
                .filter(route -> route.path().startsWith(Endpoint.BASE + "/"))
                .map(route -> route.method() + " " + route.path().substring(Endpoint.BASE.length()))
                .filter(route -> !route.equals("GET /openapi.json"))
                .collect(Collectors.toSet()))
        .isEqualTo(described);
  }

  @Test
  void every_operation_says_what_it_does_and_what_it_answers() {
    assertThat(endpoints)
        .allSatisfy(it -> {
          assertThat(it.summary()).as(it.method() + " " + it.path()).isNotBlank();
          assertThat(it.answers()).as(it.method() + " " + it.path()).isNotEmpty();
        });
    List<String> ids = new ArrayList<>();
    document()
        .path("paths")
        .forEach(path ->
            path.forEach(operation -> ids.add(operation.path("operationId").stringValue())));
    assertThat(ids).doesNotHaveDuplicates();
  }

  /** Bodies that its schema refuses are refused, and those that it lets pass are not refused for their shape. */
  @Test
  void what_its_schemas_say_of_a_body_is_what_the_server_says() {
    int agreed = 0;
    var document = document();
    for (var endpoint : endpoints) {
      if (endpoint.body().isEmpty()) {
        continue;
      }
      var described =
          document
              .path("paths")
              .path(endpoint.path())
              .path(endpoint.method().name().toLowerCase(Locale.ROOT))
              .path("requestBody")
              .path("content")
              .path("application/json")
              .path("schema");
      var schema = SCHEMAS.getSchema(described);
      for (var body : bodies(endpoint.body().get())) {
        assertThat(endpoint.body().get().check(body).isEmpty())
            .as(endpoint.method() + " " + endpoint.path() + " " + body)
            .isEqualTo(fits(schema, body));
        agreed++;
      }
    }
    assertThat(agreed).isGreaterThan(300);
  }

  private static boolean fits(Schema schema, JsonNode body) {
    return schema.validate(Json.write(body), InputFormat.JSON).isEmpty();
  }

  /** One that fits as well as can be guessed, and those that differ from it in one field. */
  private static List<JsonNode> bodies(Shape shape) {
    List<JsonNode> all = new ArrayList<>(odd());
    if (shape instanceof Shape.Fields(var fields)) {
      var whole = Json.object();
      fields.forEach((name, it) -> whole.set(name, guess(it.shape())));
      all.add(whole);
      for (var name : fields.keySet()) {
        ObjectNode without = whole.deepCopy();
        without.remove(name);
        all.add(without);
        for (var value : odd()) {
          ObjectNode other = whole.deepCopy();
          other.set(name, value);
          all.add(other);
        }
      }
      all.add(whole.deepCopy().put("undeclared", 1));
    } else {
      all.add(guess(shape));
    }
    return all;
  }

  private static List<JsonNode> odd() {
    return List.of(
        Json.tree("null"),
        Json.tree("true"),
        Json.tree("-1"),
        Json.tree("99999999999"),
        Json.tree("1.5"),
        Json.tree("\"\""),
        Json.tree("\"plain\""),
        Json.tree("\"" + "x".repeat(2_000) + "\""),
        Json.tree("[]"),
        Json.tree("[1]"),
        Json.tree("{}"),
        Json.tree("{\"undeclared\":1}"));
  }

  private static JsonNode guess(Shape shape) {
    return Json.tree(
        switch (shape) {
          case Shape.Text(var least, var _, var format) ->
              "\""
                  + switch (format) {
                    case EMAIL -> "ana@example.com";
                    case PHONE -> "+491701234567";
                    case DATE_TIME -> "2026-01-31T10:20:30.123Z";
                    case BASE32 -> "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
                    default -> "a".repeat(Math.max(1, least));
                  }
                  + "\"";
          case Shape.Word(var words, var _) -> "\"" + words.iterator().next() + "\"";
          case Shape.Flag _ -> "true";
          case Shape.Whole(var least, var _) -> String.valueOf(least);
          case Shape.ListOf _ -> "[]";
          case Shape.Open _ -> "{}";
          case Shape.Decimal _ -> "1.5";
          case Shape.Anything _, Shape.OrNull _ -> "null";
          case Shape.AnyOf(var shapes) -> guess(shapes.getFirst()).toString();
          case Shape.Fields(var fields) -> {
            var whole = Json.object();
            fields.forEach((name, it) -> whole.set(name, guess(it.shape())));
            yield whole.toString();
          }
        });
  }
}
