package dev.countersign.management;

import dev.countersign.Golden;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.OpenApi;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ManagementGoldenTest {
  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_endpoints_are_the_ones_that_are_documented() {
    var page =
        new StringBuilder(
            """
            # Endpoints of the Management API

            This page is made from the declarations in `server/src/main/java/dev/countersign/management/`. Any of the scopes
            lets a caller in. What each takes and answers stands in [openapi.json](openapi.json), which every server also
            serves at `/api/v2/openapi.json`.

            | Endpoint | What it does | Scopes | Query |
            |---|---|---|---|
            """);
    for (var it : api.wiring.administration.management.endpoints()) {
      page.append("| `")
          .append(it.method() + " /api/v2" + it.path())
          .append("` | ")
          .append(it.summary())
          .append(" | `")
          .append(String.join("`, `", it.scopes()))
          .append("` | ")
          .append(String.join(", ", it.query().keySet().stream().sorted().toList()))
          .append(" |\n");
    }
    Golden.compare("docs/management-endpoints.md", page.toString());
  }

  @Test
  void the_description_for_programs_is_the_one_that_is_documented() {
    var document = OpenApi.document(api.wiring.administration.management.endpoints());
    Golden.compare("docs/openapi.json", lines(document, 3, "") + "\n");
  }

  /** An operation a line. */
  private static String lines(JsonNode node, int depth, String indent) {
    if (depth == 0 || !node.isObject()) {
      return Json.write(node);
    }
    return node.properties().stream()
        .map(it ->
            indent
                + " "
                + Json.write(it.getKey())
                + ": "
                + lines(it.getValue(), depth - 1, indent + " "))
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
  }
}
