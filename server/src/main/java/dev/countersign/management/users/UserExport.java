package dev.countersign.management.users;

import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Shape;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * People as lines of a file. What is told of them is what the API shows: no hash, no seed, and of a number its last four
 * digits.
 *
 * @param csv whether lines are rows of a table rather than JSON objects
 */
public record UserExport(boolean csv, List<Field> fields) {
  /** What may be told where nothing is asked for. */
  private static final List<Field> USUAL =
      List.of("user_id", "email", "username", "name", "email_verified", "created_at", "updated_at")
          .stream()
          .map(name -> new Field(name, name))
          .toList();

  /** Fields as a request names them. */
  public static final Shape FIELDS =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("name", Shape.text(1, 128))
              .with("export_as", Shape.text(1, 128)),
          50);

  public UserExport {
    fields = List.copyOf(fields);
  }

  /**
   * A field.
   *
   * @param name of the user object; a dot leads into metadata
   * @param as its name in the file
   */
  public record Field(String name, String as) {}

  /** What a request asks for. */
  public static UserExport of(boolean csv, JsonNode fields) {
    var asked =
        fields
            .valueStream()
            .map(it ->
                new Field(
                    it.path("name").asString(""),
                    it.path("export_as").asString(it.path("name").asString(""))))
            .toList();
    return new UserExport(csv, asked.isEmpty() && csv ? USUAL : asked);
  }

  /** The first line; empty where there is none. */
  public String head() {
    return csv
        ? fields.stream().map(field -> quoted(field.as())).collect(Collectors.joining(",")) + "\n"
        : "";
  }

  public String line(Person person) {
    var whole = PersonShown.of(person);
    if (csv) {
      return fields.stream()
              .map(field -> {
                var value = at(whole, field.name());
                return quoted(
                    value.isMissingNode() || value.isNull()
                        ? ""
                        : value.isString() ? value.stringValue() : value.toString());
              })
              .collect(Collectors.joining(","))
          + "\n";
    }
    if (fields.isEmpty()) {
      return Json.write(whole) + "\n";
    }
    ObjectNode some = Json.object();
    for (var field : fields) {
      var value = at(whole, field.name());
      if (!value.isMissingNode()) {
        some.set(field.as(), value);
      }
    }
    return Json.write(some) + "\n";
  }

  private static JsonNode at(JsonNode whole, String path) {
    var at = whole;
    for (var step : path.split("\\.", -1)) {
      at = at.path(step);
    }
    return at;
  }

  /**
   * As RFC 4180 section 2 has it. What a spreadsheet would take for a formula is made a text by the apostrophe before it.
   */
  private static String quoted(String value) {
    var safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    return "\"" + safe.replace("\"", "\"\"") + "\"";
  }
}
