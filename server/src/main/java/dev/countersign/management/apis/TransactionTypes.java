package dev.countersign.management.apis;

import dev.countersign.application.TransactionType;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Transaction;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Messages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The types of transactions of an API as the Management API has them: Auth0's {@code authorization_details: [{type}]}, and
 * beside the type how it is shown to whoever is to approve it.
 */
final class TransactionTypes {
  private static final String FIELD = "authorization_details";
  private static final String PATH = "[A-Za-z0-9_-]{1,60}(\\.[A-Za-z0-9_-]{1,60}){0,3}";

  /** A name by language, such as {@code {"en": "Payout"}}. */
  private static final Shape NAMES = names();

  private static final Shape FIELDS =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("name", Shape.text(1, 200))
              .with("shown_as", Shape.word("amount", "payee", "account", "date", "text"))
              .with("currency", Shape.text(1, 200))
              .with("label", NAMES)
              .with("optional", Shape.flag()),
          20);

  static final Shape SHAPE =
      new Shape.ListOf(
              Shape.fields()
                  .withRequired("type", Shape.text(1, 100))
                  .with("label", NAMES)
                  .with("fields", FIELDS),
              50)
          .orNull();

  private TransactionTypes() {}

  private static Shape names() {
    var fields = Shape.fields();
    for (var language : Messages.LANGUAGES) {
      fields = fields.with(language.getLanguage(), Shape.text(1, 60));
    }
    return fields;
  }

  /** What is wrong with them, beyond their shape. */
  static Optional<ApiError> refused(JsonNode sent) {
    var types = new HashSet<String>();
    for (var type : sent) {
      var name = type.path("type").stringValue("");
      if (!name.matches("[A-Za-z0-9_:/.-]+") || !types.add(name)) {
        return wrong("Types are words of letters, digits and _:/.-, each once");
      }
      var fields = new HashSet<String>();
      for (var field : type.path("fields")) {
        if (!field.path("name").stringValue("").matches(PATH)
            || !fields.add(field.path("name").stringValue(""))) {
          return wrong("Names of fields are paths of letters, digits, - and _, each once");
        }
      }
      for (var field : type.path("fields")) {
        boolean amount = kind(field) == Transaction.Kind.AMOUNT;
        var currency = field.path("currency").stringValue("");
        if (!currency.isEmpty()
            && (!amount || !currency.matches(PATH) || fields.contains(currency))) {
          return wrong("currency is the path of a field that is shown with an amount only");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ApiError> wrong(String what) {
    return Optional.of(ApiError.body(what, FIELD));
  }

  static List<TransactionType> read(JsonNode sent) {
    var types = new ArrayList<TransactionType>();
    sent.forEach(type -> {
      var fields = new ArrayList<TransactionType.Field>();
      type.path("fields")
          .forEach(field ->
              fields.add(
                  new TransactionType.Field(
                      field.path("name").stringValue(""),
                      kind(field),
                      field.path("currency").stringValue(null),
                      names(field.path("label")),
                      field.path("optional").asBoolean(false))));
      types.add(
          new TransactionType(
              type.path("type").stringValue(""), names(type.path("label")), fields));
    });
    return types;
  }

  private static Transaction.Kind kind(JsonNode field) {
    return Transaction.Kind.valueOf(
        field.path("shown_as").stringValue("text").toUpperCase(Locale.ROOT));
  }

  private static Map<String, String> names(JsonNode sent) {
    Map<String, String> out = new TreeMap<>();
    sent.properties().forEach(it -> out.put(it.getKey(), it.getValue().stringValue("")));
    return out;
  }

  static ArrayNode shown(List<TransactionType> types) {
    var out = Json.array();
    types.forEach(type -> {
      var one = out.addObject().put("type", type.type());
      named(one, type.names());
      if (!type.fields().isEmpty()) {
        var fields = one.putArray("fields");
        type.fields().forEach(it -> shown(fields.addObject(), it));
      }
    });
    return out;
  }

  private static void shown(ObjectNode out, TransactionType.Field it) {
    out.put("name", it.name()).put("shown_as", it.kind().name().toLowerCase(Locale.ROOT));
    if (it.currency() != null) {
      out.put("currency", it.currency());
    }
    named(out, it.names());
    if (it.optional()) {
      out.put("optional", true);
    }
  }

  private static void named(ObjectNode out, Map<String, String> names) {
    if (!names.isEmpty()) {
      var label = out.putObject("label");
      names.forEach(label::put);
    }
  }
}
