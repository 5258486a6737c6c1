package dev.countersign.application;

import dev.countersign.kernel.Transaction;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A kind of transaction that an API lets people approve: a type of authorization details (RFC 9396 section 2.1), and how its
 * fields are shown. Whatever a transaction says is shown: one with a field that is not listed is refused.
 *
 * @param names what people call it, by language; under the empty text for those that are not named
 * @param fields in the order in which they are shown; empty when whatever comes is shown as it is
 */
public record TransactionType(String type, Map<String, String> names, List<Field> fields) {
  /** As long as the name of a creditor may be (ISO 20022), or a reference. */
  public static final int LONGEST = 140;

  private static final int MOST_LINES = 20;

  public TransactionType {
    names = Collections.unmodifiableMap(new TreeMap<>(names));
    fields = List.copyOf(fields);
  }

  /**
   * A field.
   *
   * @param name the path to it, such as {@code creditor.name}
   * @param currency the path to the currency of an amount; null of anything else
   * @param names what people call it, by language; empty where its kind says enough
   * @param optional whether it may be missing
   */
  public record Field(
      String name,
      Transaction.Kind kind,
      @Nullable String currency,
      Map<String, String> names,
      boolean optional) {
    public Field {
      names = Collections.unmodifiableMap(new TreeMap<>(names));
    }
  }

  /** What came of reading an element of {@code authorization_details}. */
  public sealed interface Reading {
    record Read(Transaction.Part part) implements Reading {}

    /** It is not of this type. {@code why} repeats nothing that was sent but names of fields. */
    record Unfit(String why) implements Reading {}
  }

  public Reading read(JsonNode sent) {
    Map<String, JsonNode> values = new TreeMap<>();
    var unnamable = collect(sent, "", values);
    if (unnamable.isPresent()) {
      return new Reading.Unfit(unnamable.get());
    }
    values.remove("type");
    if (values.size() > MOST_LINES) {
      return new Reading.Unfit("it says too much to be read by people");
    }
    var lines = new ArrayList<Transaction.Line>();
    var seen = new ArrayList<String>(); // Currencies, which stand in the line of their amount.
    for (var field : fields.isEmpty() ? asItIs(values) : fields) {
      var value = values.remove(field.name());
      if (value == null) {
        if (!field.optional()) {
          return new Reading.Unfit(field.name() + " is missing");
        }
        continue;
      }
      var currency = field.currency() == null ? null : values.get(field.currency());
      if (field.currency() != null) {
        seen.add(field.currency());
      }
      var line = line(field, value, currency);
      if (line.isEmpty()) {
        return new Reading.Unfit(field.name() + " is not what it should be");
      }
      lines.add(line.get());
    }
    seen.forEach(values::remove);
    return values.isEmpty()
        ? new Reading.Read(new Transaction.Part(type, names, lines))
        : new Reading.Unfit("it has a field that nobody would see");
  }

  private static List<Field> asItIs(Map<String, JsonNode> values) {
    return values.keySet().stream()
        .map(name -> new Field(name, Transaction.Kind.TEXT, null, Map.of(), false))
        .toList();
  }

  /** Every value by its path; or what is wrong with a path. */
  private static Optional<String> collect(
      JsonNode node, String path, Map<String, JsonNode> values) {
    for (var property : node.properties()) {
      if (!property.getKey().matches("[A-Za-z0-9_-]{1,60}")) {
        return Optional.of("names of fields are letters, digits, - and _");
      }
      var name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      if (name.length() > 200) {
        return Optional.of("it is nested too deep");
      }
      if (property.getValue().isObject() && !property.getValue().isEmpty()) {
        var wrong = collect(property.getValue(), name, values);
        if (wrong.isPresent()) {
          return wrong;
        }
      } else {
        values.put(name, property.getValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<Transaction.Line> line(
      Field field, JsonNode value, @Nullable JsonNode currency) {
    var text = text(value);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var unit = currency == null ? "" : currency.stringValue("?");
    boolean fits =
        switch (field.kind()) {
          case AMOUNT -> isAmount(text.get()) && isCurrency(field, unit);
          case DATE -> isDate(text.get());
          case ACCOUNT -> text.get().matches("[A-Za-z0-9 -]{1,42}");
          case PAYEE, TEXT -> true;
        };
    return fits
        ? Optional.of(
            new Transaction.Line(field.kind(), field.name(), field.names(), text.get(), unit))
        : Optional.empty();
  }

  private static boolean isAmount(String text) {
    return text.matches("(0|[1-9][0-9]{0,14})(\\.[0-9]{1,8})?");
  }

  private static boolean isCurrency(Field field, String unit) {
    return field.currency() == null
        ? unit.isEmpty()
        : Currency.getAvailableCurrencies().stream()
            .anyMatch(it -> it.getCurrencyCode().equals(unit));
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeException _) {
      return false;
    }
  }

  /** A text, number or truth as a line that looks like what it is; lists of such as one line. */
  private static Optional<String> text(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> Optional.of(value.stringValue()).filter(TransactionType::isPlain);
      case NUMBER -> Optional.of(plain(value.decimalValue()));
      case BOOLEAN -> Optional.of(value.toString());
      case ARRAY -> {
        var all = new ArrayList<String>();
        for (var each : value) {
          var one = each.isArray() || each.isObject() ? Optional.<String>empty() : text(each);
          if (one.isEmpty()) {
            yield Optional.empty();
          }
          all.add(one.get());
        }
        yield Optional.of(String.join(", ", all)).filter(TransactionType::isPlain);
      }
      case OBJECT, NULL, BINARY, MISSING, POJO -> Optional.empty();
    };
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Without what cannot be seen or makes other characters look otherwise (Unicode TR 36 section 2.5). */
  private static boolean isPlain(String text) {
    return !text.isBlank()
        && text.equals(text.strip())
        && text.length() <= LONGEST
        && text.codePoints()
            .noneMatch(c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR,
                      Character.PRIVATE_USE,
                      Character.SURROGATE,
                      Character.UNASSIGNED ->
                      true;
                  default -> false;
                });
  }
}
