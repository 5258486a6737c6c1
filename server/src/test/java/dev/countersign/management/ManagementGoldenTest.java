package dev.countersign.management;

import dev.countersign.Golden;
import dev.countersign.kernel.Json;
import org.junit.jupiter.api.Test;

class ManagementGoldenTest {
  @Test
  void the_endpoints_are_the_ones_that_are_documented() {
    var page =
        new StringBuilder(
            """
            # Endpoints of the Management API

            This page is made from the declarations in `server/src/main/java/dev/countersign/management/`. Any of the scopes
            lets a caller in. Bodies are JSON Schema; what they do not name is refused.

            | Endpoint | Scopes | Query |
            |---|---|---|
            """);
    var bodies = new StringBuilder();
    try (var api = new ManagementApi()) {
      for (var it : api.wiring.management.endpoints()) {
        var name = it.method() + " /api/v2" + it.path();
        page.append("| `")
            .append(name)
            .append("` | `")
            .append(String.join("`, `", it.scopes()))
            .append("` | ")
            .append(String.join(", ", it.query().keySet().stream().sorted().toList()))
            .append(" |\n");
        it.body()
            .ifPresent(body ->
                bodies
                    .append("\n## `")
                    .append(name)
                    .append("`\n\n```json\n")
                    .append(Json.write(body.schema()))
                    .append("\n```\n"));
      }
    }
    Golden.compare("docs/management-endpoints.md", page.append(bodies).toString());
  }
}
