package dev.countersign.identity;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tenant's people are described by: a JSON Schema (draft 2020-12) for their traits. The keyword {@code countersign}
 * says what a trait serves for: {@code identifier} to sign in by, {@code recovery_email} to get back in, {@code phone} to
 * get texts. Immutable and thread-safe.
 *
 * @param version 0 for the usual one, which no tenant has written
 */
public record IdentitySchema(long version, ObjectNode document, Optional<Schema> compiled) {
  /** The keyword that is ours. */
  static final String KEYWORD = "countersign";

  /** What a trait may serve for. */
  public enum Use {
    IDENTIFIER("identifier"),
    RECOVERY_EMAIL("recovery_email"),
    PHONE("phone");

    private final String word;

    Use(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** The traits that people have, and what each must be marked as where it is declared, and may be. */
  private static final Map<String, Set<Use>> MUST =
      Map.of(
          "username", Set.of(Use.IDENTIFIER),
          "email", Set.of(Use.IDENTIFIER, Use.RECOVERY_EMAIL),
          "phone", Set.of(),
          "name", Set.of(),
          "user_metadata", Set.of());

  /**
   * Keywords that may stand anywhere. Those that lead elsewhere are not among them, nor those whose check can take for ever
   * (regular expressions of somebody else's making).
   */
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "enum",
          "const",
          "format",
          "title",
          "description",
          KEYWORD);

  private static final IdentitySchema USUAL =
      new IdentitySchema(
          0,
          (ObjectNode)
              Json.tree(
                  """
                  {"$schema": "https://json-schema.org/draft/2020-12/schema",
                   "type": "object",
                   "properties": {
                     "username": {"type": "string", "minLength": 1, "maxLength": 128, "countersign": ["identifier"]},
                     "email": {"type": "string", "format": "email", "countersign": ["identifier", "recovery_email"]},
                     "phone": {"type": "string", "minLength": 8, "maxLength": 16, "countersign": ["phone"]},
                     "name": {"type": "string"},
                     "user_metadata": {"type": "object"}
                   }}
                  """),
          Optional.empty());

  /** The usual one: what every person can have fits it, so nothing has to be checked against it. */
  public static IdentitySchema usual() {
    return USUAL;
  }

  /** What came of reading one. */
  public sealed interface Reading {
    record Read(IdentitySchema schema) implements Reading {}

    /** It will not do. */
    record Unfit(String why, String path) implements Reading {}
  }

  /** Something of a person's that does not fit; {@code trait} is empty for the person as a whole. */
  public record Misfit(String trait, String why) {}

  /** Reads one that somebody has written. */
  public static Reading read(ObjectNode document, long version) {
    var wrong = unfit(document);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Schema compiled;
    try {
      compiled =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(plain(document));
      compiled.validate(Json.object());
    } catch (RuntimeException _) {
      // The library tells of every mistake in a schema by exceptions of many kinds.
      return new Reading.Unfit("Not a JSON Schema of draft 2020-12", "");
    }
    return new Reading.Read(
        new IdentitySchema(version, document.deepCopy(), Optional.of(compiled)));
  }

  /** Without our keyword, which the library does not know. */
  private static JsonNode plain(ObjectNode document) {
    var copy = document.deepCopy();
    copy.path("properties").forEach(trait -> ((ObjectNode) trait).remove(KEYWORD));
    return copy;
  }

  private static Optional<Reading.Unfit> unfit(ObjectNode document) {
    if (!document.path("type").asString("").equals("object")) {
      return unfit("Traits are an object: \"type\" must be \"object\"", "type");
    }
    var dialect = document.path("$schema");
    if (!dialect.isMissingNode()
        && !dialect.asString("").equals("https://json-schema.org/draft/2020-12/schema")) {
      return unfit("Only draft 2020-12 is spoken here", "$schema");
    }
    var shallow = document.deepCopy();
    shallow.remove("$schema");
    var unknown = unknown(shallow, "");
    if (unknown.isPresent()) {
      return unknown;
    }
    if (!document.path("properties").isObject()) {
      return unfit("Missing required property: properties", "properties");
    }
    for (var trait : document.path("properties").properties()) {
      var place = "properties." + trait.getKey();
      var must = MUST.get(trait.getKey());
      if (must == null) {
        return unfit(
            "People have the traits " + String.join(", ", new TreeSet<>(MUST.keySet())), place);
      }
      if (!trait.getValue().isObject()) {
        return unfit("Expected type object", place);
      }
      var wrong = unfit(trait.getKey(), trait.getValue(), must, place);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return document.path("properties").has("username") || document.path("properties").has("email")
        ? Optional.empty()
        : unfit("People sign in by username or email: one of them is needed", "properties");
  }

  private static Optional<Reading.Unfit> unfit(
      String trait, JsonNode declared, Set<Use> must, String place) {
    var uses = declared.path(KEYWORD);
    var named = new TreeSet<String>();
    for (var use : uses) {
      named.add(use.asString(""));
    }
    for (var use : must) {
      if (!named.remove(use.word())) {
        return unfit("This trait serves as " + use.word() + ": mark it so", place + "." + KEYWORD);
      }
    }
    if (trait.equals("phone")) {
      named.remove(Use.PHONE.word());
    }
    return named.isEmpty()
        ? Optional.empty()
        : unfit("This trait cannot serve as " + named.first(), place + "." + KEYWORD);
  }

  private static Optional<Reading.Unfit> unknown(JsonNode schema, String place) {
    for (var keyword : schema.properties()) {
      var name = keyword.getKey();
      if (!KNOWN.contains(name)) {
        return unfit("This keyword is not supported", below(place, name));
      }
      if (name.equals("properties")) {
        for (var property : keyword.getValue().properties()) {
          var wrong = unknown(property.getValue(), below(place, name + "." + property.getKey()));
          if (wrong.isPresent()) {
            return wrong;
          }
        }
      } else if ((name.equals("items") || name.equals("additionalProperties"))
          && keyword.getValue().isObject()) {
        var wrong = unknown(keyword.getValue(), below(place, name));
        if (wrong.isPresent()) {
          return wrong;
        }
      }
    }
    return Optional.empty();
  }

  private static String below(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private static Optional<Reading.Unfit> unfit(String why, String path) {
    return Optional.of(new Reading.Unfit(why, path));
  }

  /** Whether a trait serves for texts, so that the people of this tenant can have codes sent to a phone. */
  public boolean marksPhone() {
    for (var use : document.path("properties").path("phone").path(KEYWORD)) {
      if (use.asString("").equals(Use.PHONE.word())) {
        return true;
      }
    }
    return false;
  }

  /** What of a person does not fit, one entry for each trait. */
  public List<Misfit> misfits(Traits traits) {
    return compiled
        .map(it ->
            it.validate(traits.json()).stream()
                .map(error -> new Misfit(trait(error), error.getMessage()))
                .distinct()
                .toList())
        .orElse(List.of());
  }

  private static String trait(Error error) {
    var missing = error.getProperty();
    var at = error.getInstanceLocation();
    return at.getNameCount() > 0
        ? String.valueOf(at.getElement(0))
        : missing == null ? "" : missing;
  }

  /** Of a person, what the schema speaks of. */
  public record Traits(ObjectNode json) {
    public static Traits of(
        @Nullable String username,
        @Nullable String email,
        @Nullable String phone,
        @Nullable String name,
        Map<String, Object> userMetadata) {
      var out = Json.object();
      put(out, "username", username);
      put(out, "email", email);
      put(out, "phone", phone);
      put(out, "name", name);
      if (!userMetadata.isEmpty()) {
        out.set("user_metadata", Json.tree(Json.write(userMetadata)));
      }
      return new Traits(out);
    }

    public static Traits of(Person it) {
      return of(it.username(), it.email(), it.phone(), it.name(), it.userMetadata());
    }

    private static void put(ObjectNode out, String name, @Nullable String value) {
      if (value != null) {
        out.put(name, value);
      }
    }
  }
}
