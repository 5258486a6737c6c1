package dev.countersign.kernel;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The one way in which a JSON value is written where it is to be hashed: the JSON Canonicalization Scheme (RFC 8785), for
 * values whose texts hold no control characters and whose numbers are written the same by everybody.
 */
public final class CanonicalJson {
  private static final BigDecimal SMALLEST = new BigDecimal("1e-6");
  private static final BigDecimal LARGEST = new BigDecimal("1e21");

  private CanonicalJson() {}

  /** The value in that form; nothing of one that holds what programs read differently. */
  public static Optional<String> of(JsonNode value) {
    var out = new StringBuilder();
    return write(value, out) ? Optional.of(out.toString()) : Optional.empty();
  }

  private static boolean write(JsonNode value, StringBuilder out) {
    return switch (value.getNodeType()) {
      case OBJECT -> object(value, out);
      case ARRAY -> array(value, out);
      case STRING -> text(value.stringValue(), out);
      case NUMBER -> number(value, out);
      case BOOLEAN, NULL -> {
        out.append(value);
        yield true;
      }
      case BINARY, MISSING, POJO -> false;
    };
  }

  /** Names are in the order of their UTF-16 code units (section 3.2.3), which is that of Java's texts. */
  private static boolean object(JsonNode value, StringBuilder out) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    value.properties().forEach(it -> sorted.put(it.getKey(), it.getValue()));
    out.append('{');
    boolean first = true;
    for (var property : sorted.entrySet()) {
      out.append(first ? "" : ",");
      first = false;
      if (!text(property.getKey(), out)) {
        return false;
      }
      out.append(':');
      if (!write(property.getValue(), out)) {
        return false;
      }
    }
    out.append('}');
    return true;
  }

  private static boolean array(JsonNode value, StringBuilder out) {
    out.append('[');
    boolean first = true;
    for (var each : value) {
      out.append(first ? "" : ",");
      first = false;
      if (!write(each, out)) {
        return false;
      }
    }
    out.append(']');
    return true;
  }

  /** Beside quotes and backslashes only control characters are escaped (section 3.2.2.2), and those are refused. */
  private static boolean text(String text, StringBuilder out) {
    if (text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || (c >= 0xd800 && c <= 0xdfff))) {
      return false;
    }
    out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    return true;
  }

  /**
   * As ECMAScript writes it (section 3.2.2.3), where that is without an exponent. A number that a double cannot hold to the
   * last digit is refused: it would be another one to whoever reads it.
   */
  private static boolean number(JsonNode value, StringBuilder out) {
    var exact = value.decimalValue();
    var nearest = new BigDecimal(Double.toString(exact.doubleValue()));
    var size = exact.abs();
    if (exact.compareTo(nearest) != 0
        || size.compareTo(LARGEST) >= 0
        || (exact.signum() != 0 && size.compareTo(SMALLEST) < 0)) {
      return false;
    }
    out.append(exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString());
    return true;
  }
}
