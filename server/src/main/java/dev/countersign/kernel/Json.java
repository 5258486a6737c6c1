package dev.countersign.kernel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.github.benmanes.caffeine.cache.Cache;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.MutableConfigOverride;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The product's one reading of JSON (RFC 8259): strict. Duplicate names, trailing text, comments, numbers beyond double,
 * and nesting beyond 64 are refused. Thread-safe.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Or each name is looked up among all that were ever read, and some of ours are
                  // addresses and the like, of which there is no end.
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(64)
                          .maxNameLength(1024)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * How values that we wrote are read. They have no name twice, and to look for one costs as much as the rest; and older ones
   * do not say what nobody asked at their time.
   */
  private static final ClassValue<ObjectReader> OURS =
      new ClassValue<>() {
        @Override
        protected ObjectReader computeValue(Class<?> type) {
          return MAPPER
              .readerFor(type)
              .without(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        }
      };

  private static final JsonMapper BRIEF =
      MAPPER
          .rebuild()
          .changeDefaultPropertyInclusion(it -> it.withValueInclusion(Include.NON_NULL))
          .withConfigOverride(boolean.class, Json::unlessDefault)
          .withConfigOverride(int.class, Json::unlessDefault)
          .build();

  private static void unlessDefault(MutableConfigOverride type) {
    type.setInclude(JsonInclude.Value.construct(Include.NON_DEFAULT, Include.ALWAYS));
  }

  /** As many as are read between a page and the answer to it. */
  private static final Cache<Known, Object> READ =
      Caches.begin().maximumSize(1_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  private Json() {}

  /** Not JSON, or not JSON as strict as ours. The message never repeats the text. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /** Reads text that came from outside. */
  public static JsonNode parse(byte[] utf8) throws Malformed {
    if (utf8.length > 0 && utf8[0] == (byte) 0xEF) {
      throw new Malformed("byte order mark"); // RFC 8259 section 8.1: not to be added.
    }
    try {
      var node = MAPPER.readTree(utf8);
      if (node == null || node.isMissingNode()) {
        throw new Malformed("empty");
      }
      if (isBeyondDouble(node)) {
        throw new Malformed("a number beyond double");
      }
      return node;
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new Malformed(
          at == null
              ? "malformed"
              : "malformed at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }
  }

  private static boolean isBeyondDouble(JsonNode node) {
    if (node.isNumber()) {
      return !Double.isFinite(node.doubleValue());
    }
    for (var each : node.values()) {
      if (isBeyondDouble(each)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads values from outside one after the other, the elements of a list or the lines of a file, without holding more than
   * one of them. What is malformed is thrown as {@link Malformed}, wrapped.
   */
  public static Iterator<JsonNode> sequence(InputStream in) {
    var reader =
        MAPPER.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    var values = attempted(() -> reader.<JsonNode>readValues(in)); // Which reads ahead.
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return attempted(values::hasNextValue);
      }

      @Override
      public JsonNode next() {
        return attempted(values::nextValue);
      }
    };
  }

  private static <T> T attempted(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new IllegalArgumentException(
          new Malformed(at == null ? "malformed" : "malformed at line " + at.getLineNr()));
    }
  }

  /** Reads a document that we wrote ourselves; anything else is our mistake. */
  public static <T> T read(String document, Class<T> type) {
    return OURS.get(type).readValue(document);
  }

  /**
   * The same, of one that is read again and again: what its text said a moment ago is handed out again. Only for values that
   * nobody changes.
   */
  public static <T> T reread(String document, Class<T> type) {
    var key = new Known(document, type);
    var known = READ.getIfPresent(key);
    if (known == null) {
      known = read(document, type);
      READ.put(key, known);
    }
    return type.cast(known);
  }

  private record Known(String document, Class<?> type) {}

  /** Reads a document that we wrote ourselves as a tree. */
  public static JsonNode tree(String document) {
    return MAPPER.readTree(document);
  }

  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Writes a document for ourselves. What {@link #read} takes to be there when nothing is said is left out: null, and of
   * primitive values {@code false} and 0.
   */
  public static String brief(Object value) {
    return BRIEF.writeValueAsString(value);
  }

  public static byte[] writeBytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** An array of texts. */
  public static ArrayNode texts(Iterable<String> texts) {
    var out = array();
    texts.forEach(out::add);
    return out;
  }

  /** An object as plain values, as it would be read from its text. */
  @SuppressWarnings("unchecked") // an object's fields have names, and values of any kind
  public static Map<String, Object> map(ObjectNode object) {
    return read(object.toString(), Map.class);
  }
}
