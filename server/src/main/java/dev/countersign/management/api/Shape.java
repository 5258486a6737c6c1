package dev.countersign.management.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a value must look like: the small part of JSON Schema that this API needs, as values. An object of named fields is
 * always closed: a field that is not declared is refused.
 */
public sealed interface Shape {
  /** Of those words whose beginning alone is known. */
  int LONGEST_WORD = 64;

  /** The first thing that is wrong with a value, and where: {@code rules[0].mode}; empty for the value itself. */
  record Violation(String what, String path) {
    private static final int LONGEST = 100;

    /** The sentence of Auth0's errors. What was sent is repeated as far as field names go, cut and on one line. */
    public String sentence(String kind) {
      return kind
          + " validation error: '"
          + what
          + "'"
          + (path.isEmpty() ? "." : " on property " + path + ".");
    }

    static String shown(String name) {
      var plain = new StringBuilder();
      name.codePoints()
          .limit(LONGEST)
          .forEach(c -> plain.appendCodePoint(c > 0x20 && c < 0x7f ? c : '?'));
      return plain.toString();
    }
  }

  /** A text of {@code least} to {@code most} UTF-16 units. */
  record Text(int least, int most, Format format) implements Shape {}

  /**
   * One of a few words.
   *
   * @param beginnings a text of at most 64 characters that begins so will do as well; whether it names something is the
   *     operation's to say
   */
  record Word(Set<String> words, List<String> beginnings) implements Shape {
    public Word {
      words = Set.copyOf(words);
      beginnings = List.copyOf(beginnings);
    }

    public Word(Set<String> words) {
      this(words, List.of());
    }

    public Word orBeginning(List<String> with) {
      return new Word(words, with);
    }

    boolean has(String text) {
      return words.contains(text)
          || (text.length() <= LONGEST_WORD && beginnings.stream().anyMatch(text::startsWith));
    }

    List<String> shown() {
      return Stream.concat(new TreeSet<>(words).stream(), beginnings.stream().map(it -> it + "..."))
          .toList();
    }
  }

  record Flag() implements Shape {}

  /** A whole number of {@code least} to {@code most}. */
  record Whole(long least, long most) implements Shape {}

  /** At most {@code most} values of one shape. */
  record ListOf(Shape each, int most) implements Shape {}

  /** An object of these fields and no others. */
  record Fields(Map<String, Field> fields) implements Shape {
    public Fields {
      fields = new LinkedHashMap<>(fields);
    }

    public Fields with(String name, Shape shape) {
      return with(name, new Field(shape, false));
    }

    public Fields withRequired(String name, Shape shape) {
      return with(name, new Field(shape, true));
    }

    private Fields with(String name, Field field) {
      var more = new LinkedHashMap<>(fields);
      more.put(name, field);
      return new Fields(more);
    }
  }

  /** A field of an object. */
  record Field(Shape shape, boolean required) {}

  /** An object whose fields are the caller's own affair, at most {@code most} characters of JSON. */
  record Open(int most) implements Shape {}

  /** Any number. */
  record Decimal() implements Shape {}

  /** Anything at all: what clients' own documents hold. */
  record Anything() implements Shape {}

  /** Whatever fits one of these. */
  record AnyOf(List<Shape> shapes) implements Shape {
    public AnyOf {
      shapes = List.copyOf(shapes);
    }
  }

  /** The shape, or {@code null}. */
  record OrNull(Shape shape) implements Shape {}

  static Flag flag() {
    return new Flag();
  }

  /** A moment as this API writes it (RFC 3339 section 5.6). */
  static Text moment() {
    return new Text(1, 40, Format.DATE_TIME);
  }

  /**
   * A list as it is answered: bare, with its totals under {@code key}, or from a checkpoint on, as the caller asked.
   */
  static Shape page(String key, Shape each) {
    var list = new ListOf(each, Integer.MAX_VALUE);
    return new AnyOf(
        List.of(
            list,
            fields()
                .withRequired("start", new Whole(0, Integer.MAX_VALUE))
                .withRequired("limit", new Whole(0, Integer.MAX_VALUE))
                .with("length", new Whole(0, Integer.MAX_VALUE))
                .withRequired("total", new Whole(0, Long.MAX_VALUE))
                .withRequired(key, list),
            fields().with("next", text(1, 2_000)).withRequired(key, list)));
  }

  static Text text(int least, int most) {
    return new Text(least, most, Format.LINE);
  }

  static Text text(int least, int most, Format format) {
    return new Text(least, most, format);
  }

  static Word word(String... words) {
    return new Word(Set.of(words));
  }

  static Fields fields() {
    return new Fields(Map.of());
  }

  default Shape orNull() {
    return new OrNull(this);
  }

  /** The first violation, in the order of the declaration. */
  default Optional<Violation> check(JsonNode value) {
    return unstorable(value, "").or(() -> check(value, ""));
  }

  private Optional<Violation> check(JsonNode value, String path) {
    return switch (this) {
      case OrNull(var shape) -> value.isNull() ? Optional.empty() : shape.check(value, path);
      case Text text ->
          value.isString()
              ? check(text, value.stringValue(), path)
              : wrongType("string", value, path);
      case Word word -> {
        if (!value.isString()) {
          yield wrongType("string", value, path);
        }
        yield word.has(value.stringValue())
            ? Optional.empty()
            : violation("Not one of the possible values: " + String.join(", ", word.shown()), path);
      }
      case Anything _ -> Optional.empty();
      case Decimal _ -> value.isNumber() ? Optional.empty() : wrongType("number", value, path);
      case AnyOf(var shapes) -> {
        var wrongs = shapes.stream().map(shape -> shape.check(value, path)).toList();
        yield wrongs.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : wrongs.getLast();
      }
      case Flag _ -> value.isBoolean() ? Optional.empty() : wrongType("boolean", value, path);
      case Whole(var least, var most) -> {
        if (!value.isIntegralNumber()) {
          yield wrongType("integer", value, path);
        }
        boolean fits =
            value.canConvertToLong() && value.longValue() >= least && value.longValue() <= most;
        yield fits ? Optional.empty() : violation("Value must be " + least + " to " + most, path);
      }
      case ListOf(var each, var most) ->
          value.isArray() ? check(each, most, value, path) : wrongType("array", value, path);
      case Fields(var fields) ->
          value.isObject() ? check(fields, value, path) : wrongType("object", value, path);
      case Open(var most) -> {
        if (!value.isObject()) {
          yield wrongType("object", value, path);
        }
        yield value.toString().length() <= most
            ? Optional.empty()
            : violation("Object is larger than " + most + " characters", path);
      }
    };
  }

  private static Optional<Violation> check(Text shape, String text, String path) {
    if (text.length() < shape.least()) {
      return violation(
          "String is too short (" + text.length() + " chars), minimum " + shape.least(), path);
    }
    if (text.length() > shape.most()) {
      return violation(
          "String is too long (" + text.length() + " chars), maximum " + shape.most(), path);
    }
    return shape.format().fits(text)
        ? Optional.empty()
        : violation("Object didn't pass validation for format " + shape.format().word(), path);
  }

  private static Optional<Violation> check(Shape each, int most, JsonNode values, String path) {
    if (values.size() > most) {
      return violation("Array is too long (" + values.size() + "), maximum " + most, path);
    }
    for (int i = 0; i < values.size(); i++) {
      var wrong = each.check(values.get(i), path + "[" + i + "]");
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> check(
      Map<String, Field> fields, JsonNode object, String path) {
    for (var name : object.propertyNames()) {
      if (!fields.containsKey(name)) {
        return violation(
            "Additional properties not allowed: " + Violation.shown(name),
            below(path, Violation.shown(name)));
      }
    }
    for (var field : fields.entrySet()) {
      var value = object.get(field.getKey());
      var wrong =
          value == null
              ? missing(field.getKey(), field.getValue(), path)
              : field.getValue().shape().check(value, below(path, field.getKey()));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> missing(String name, Field field, String path) {
    return field.required()
        ? violation("Missing required property: " + name, below(path, name))
        : Optional.empty();
  }

  /** No database keeps NUL within a text, and half a surrogate pair is no character. */
  private static Optional<Violation> unstorable(JsonNode value, String path) {
    if (value.isString()) {
      boolean bad =
          value
              .stringValue()
              .codePoints()
              .anyMatch(
                  c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
      return bad
          ? violation("String holds a character that cannot be kept", path)
          : Optional.empty();
    }
    List<Map.Entry<String, JsonNode>> parts = new ArrayList<>();
    if (value.isObject()) {
      for (var property : value.properties()) {
        var name =
            unstorable(
                JsonNodeFactory.instance.stringNode(property.getKey()),
                below(path, Violation.shown(property.getKey())));
        if (name.isPresent()) {
          return name;
        }
        parts.add(Map.entry(below(path, Violation.shown(property.getKey())), property.getValue()));
      }
    } else {
      for (int i = 0; i < value.size(); i++) {
        parts.add(Map.entry(path + "[" + i + "]", value.get(i)));
      }
    }
    return parts.stream()
        .flatMap(part -> unstorable(part.getValue(), part.getKey()).stream())
        .findFirst();
  }

  private static Optional<Violation> wrongType(String expected, JsonNode found, String path) {
    return violation("Expected type " + expected + " but found type " + type(found), path);
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NULL, MISSING -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case OBJECT, POJO -> "object";
      case STRING, BINARY -> "string";
    };
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static Optional<Violation> violation(String what, String path) {
    return Optional.of(new Violation(what, path));
  }

  /** What stands in a URL, read as the value that this shape wants; as the text it is where it cannot be that. */
  default JsonNode read(String text) {
    return switch (this) {
      case Whole _ when text.matches("-?[0-9]{1,18}") ->
          JsonNodeFactory.instance.numberNode(Long.parseLong(text));
      case Flag _ when text.equals("true") || text.equals("false") ->
          JsonNodeFactory.instance.booleanNode(text.equals("true"));
      case OrNull(var shape) -> shape.read(text);
      case Whole _,
          Flag _,
          Text _,
          Word _,
          ListOf _,
          Fields _,
          Open _,
          Decimal _,
          Anything _,
          AnyOf _ ->
          JsonNodeFactory.instance.stringNode(text);
    };
  }

  /** The shape as a JSON Schema (draft 2020-12), for documents. */
  default Map<String, Object> schema() {
    Map<String, Object> out = new TreeMap<>();
    switch (this) {
      case OrNull(var shape) -> out.put("anyOf", List.of(shape.schema(), Map.of("type", "null")));
      case Text(var least, var most, var format) -> {
        out.putAll(Map.of("type", "string", "minLength", least, "maxLength", most));
        if (!format.pattern().isEmpty()) {
          out.put("pattern", format.pattern());
        }
        if (format == Format.EMAIL || format == Format.DATE_TIME) {
          out.put("format", format.word());
        }
      }
      case Word(var words, var beginnings) -> {
        if (beginnings.isEmpty()) {
          out.put("enum", List.copyOf(new TreeSet<>(words)));
        } else {
          out.put(
              "anyOf",
              List.of(
                  Map.of("enum", List.copyOf(new TreeSet<>(words))),
                  new TreeMap<>(
                      Map.of(
                          "type",
                          "string",
                          "maxLength",
                          LONGEST_WORD,
                          "pattern",
                          "^(" + String.join("|", beginnings) + ")"))));
        }
      }
      case Anything _ -> {}
      case Decimal _ -> out.put("type", "number");
      case AnyOf(var shapes) -> out.put("anyOf", shapes.stream().map(Shape::schema).toList());
      case Flag _ -> out.put("type", "boolean");
      case Whole(var least, var most) ->
          out.putAll(Map.of("type", "integer", "minimum", least, "maximum", most));
      case ListOf(var each, var most) -> {
        out.putAll(Map.of("type", "array", "items", each.schema()));
        if (most < Integer.MAX_VALUE) {
          out.put("maxItems", most);
        }
      }
      case Open _ -> out.put("type", "object");
      case Fields(var fields) -> {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach((name, field) -> properties.put(name, field.shape().schema()));
        out.putAll(
            Map.of("type", "object", "additionalProperties", false, "properties", properties));
        out.put(
            "required",
            fields.entrySet().stream()
                .filter(it -> it.getValue().required())
                .map(Map.Entry::getKey)
                .toList());
      }
    }
    return out;
  }
}
