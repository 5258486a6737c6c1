package dev.countersign.web;

import dev.countersign.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named values of a query string or a form ({@code application/x-www-form-urlencoded}), in UTF-8 read strictly: broken
 * percent-encoding, broken UTF-8, NUL and more than 200 values are refused. Immutable.
 */
public final class Params {
  public static final Params NONE = new Params(Map.of());
  private static final int MOST = 200;

  private final Map<String, List<String>> values;

  private Params(Map<String, List<String>> values) {
    this.values = values;
  }

  public static Params parse(String encoded) {
    if (encoded.isEmpty()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, List<String>>();
    int count = 0;
    for (var pair : encoded.split("&", MOST + 2)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (++count > MOST) {
        throw new Refused(Problem.BAD_REQUEST, "", "Send at most " + MOST + " parameters.");
      }
      int equals = pair.indexOf('=');
      var name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
      var value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
      values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }
    return new Params(values);
  }

  /** Values that came another way, such as in JSON: what no form could carry is refused here as well. */
  public static Params of(Map<String, String> single) {
    var values = new LinkedHashMap<String, List<String>>();
    single.forEach((name, value) -> values.put(sound(name), List.of(sound(value))));
    return new Params(values);
  }

  /** The value of a parameter that may stand there once at most. */
  public Optional<String> one(String name) {
    var all = values.get(name);
    if (all == null) {
      return Optional.empty();
    }
    if (all.size() > 1) {
      throw new Refused(Problem.BAD_REQUEST, name, "Send this parameter once.");
    }
    return Optional.of(all.getFirst());
  }

  /** The value, or an empty text when there is none. */
  public String text(String name) {
    return one(name).orElse("");
  }

  /** The value of a parameter that must be there. */
  public String required(String name) {
    return one(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> new Refused(Problem.BAD_REQUEST, name, "This parameter is missing."));
  }

  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  public Set<String> names() {
    return values.keySet();
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Every name with its values, in the order sent: the form in which protocol libraries take them. */
  public Map<String, List<String>> asMap() {
    return values;
  }

  /** Percent-decoding of RFC 3986 section 2.1, in forms with {@code +} for a blank. */
  static String decoded(String text, boolean form) {
    if (text.indexOf('%') < 0 && (!form || text.indexOf('+') < 0) && isPlain(text)) {
      return text;
    }
    var bytes = new byte[text.length()];
    int n = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new Refused(
              Problem.BAD_REQUEST,
              "",
              "A percent sign must be followed by two hexadecimal digits.");
        }
        bytes[n++] = (byte) (high << 4 | low);
        i += 2;
      } else if (c == '+' && form) {
        bytes[n++] = ' ';
      } else if (c > 0x7e || c < 0x20) {
        throw new Refused(Problem.BAD_REQUEST, "", "Only percent-encoded ASCII may stand here.");
      } else {
        bytes[n++] = (byte) c;
      }
    }
    return utf8(bytes, n);
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }

  static String utf8(byte[] bytes, int length) {
    try {
      return withoutNul(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      throw notUtf8();
    }
  }

  /** JSON can escape half of a surrogate pair (RFC 8259 section 8.2), which is no character. */
  private static String sound(String value) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw notUtf8();
    }
    return withoutNul(value);
  }

  private static String withoutNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new Refused(Problem.BAD_REQUEST, "", "A NUL character cannot be sent.");
    }
    return text;
  }

  private static Refused notUtf8() {
    return new Refused(Problem.BAD_REQUEST, "", "The text is not valid UTF-8.");
  }
}
