package dev.countersign.web;

import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A parsed message: plain text, places for arguments, and choices by number. */
record MessagePattern(List<Part> parts) {
  /** First strong isolate and its end (UAX #9): keeps a Latin name in an Arabic sentence in one piece. */
  private static final char ISOLATE = '\u2068';

  private static final char POP_ISOLATE = '\u2069';

  sealed interface Part {
    record Text(String text) implements Part {}

    record Argument(int index) implements Part {}

    record Choice(int index, Map<String, MessagePattern> branches) implements Part {}

    /** The number that the surrounding choice is about. */
    record Counted() implements Part {}
  }

  static MessagePattern parse(String source) {
    var reader = new Reader(source);
    var pattern = reader.pattern(false);
    if (reader.at != source.length()) {
      throw new IllegalArgumentException("Unbalanced braces: " + source);
    }
    return pattern;
  }

  String fill(Locale locale, Object... arguments) {
    var out = new StringBuilder();
    fill(out, locale, arguments, null);
    return out.toString();
  }

  /** What must be the same in every language, for example {@code [0, 1 plural]}. */
  Set<String> placeholders() {
    var found = new TreeSet<String>();
    for (var part : parts) {
      switch (part) {
        case Part.Argument(var index) -> found.add(String.valueOf(index));
        case Part.Choice(var index, var branches) -> {
          found.add(index + " plural");
          branches.values().forEach(branch -> found.addAll(branch.placeholders()));
        }
        case Part.Text _, Part.Counted _ -> {}
      }
    }
    return found;
  }

  /** The categories of every choice in this pattern. */
  Set<String> categories() {
    var found = new TreeSet<String>();
    for (var part : parts) {
      if (part instanceof Part.Choice(_, var branches)) {
        found.addAll(branches.keySet());
      }
    }
    return found;
  }

  private void fill(
      StringBuilder out, Locale locale, Object[] arguments, @Nullable Number counted) {
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> out.append(text);
        case Part.Counted() -> {
          if (counted != null) {
            out.append(NumberFormat.getIntegerInstance(locale).format(counted));
          }
        }
        case Part.Argument(var index) -> append(out, locale, arguments[index]);
        case Part.Choice(var index, var branches) -> {
          var number = (Number) arguments[index];
          branch(branches, locale, number.longValue()).fill(out, locale, arguments, number);
        }
      }
    }
  }

  private static void append(StringBuilder out, Locale locale, Object argument) {
    if (argument instanceof Number number) {
      out.append(NumberFormat.getIntegerInstance(locale).format(number));
    } else if (locale.getLanguage().equals("ar")) {
      out.append(ISOLATE).append(argument).append(POP_ISOLATE);
    } else {
      out.append(argument);
    }
  }

  private static MessagePattern branch(
      Map<String, MessagePattern> branches, Locale locale, long number) {
    var branch = number == 0 ? branches.get("zero") : number == 1 ? branches.get("one") : null;
    if (branch == null) {
      branch = branches.get(category(locale.getLanguage(), number));
    }
    if (branch == null) {
      branch = branches.get("other");
    }
    if (branch == null) {
      throw new IllegalArgumentException("A choice needs the branch 'other'");
    }
    return branch;
  }

  /** The plural category of a whole number (CLDR plural rules). */
  static String category(String language, long number) {
    return switch (language) {
      case "ja" -> "other";
      case "fr", "pt" -> number == 0 || number == 1 ? "one" : "other";
      case "ar" -> {
        var rest = number % 100;
        if (number == 0) {
          yield "zero";
        } else if (number == 1) {
          yield "one";
        } else if (number == 2) {
          yield "two";
        } else if (rest >= 3 && rest <= 10) {
          yield "few";
        } else if (rest >= 11) {
          yield "many";
        }
        yield "other";
      }
      default -> number == 1 ? "one" : "other";
    };
  }

  private static final class Reader {
    private final String source;
    private int at;

    Reader(String source) {
      this.source = source;
    }

    MessagePattern pattern(boolean counting) {
      var parts = new ArrayList<Part>();
      var text = new StringBuilder();
      while (at < source.length() && source.charAt(at) != '}') {
        var character = source.charAt(at++);
        if (character == '{' || (character == '#' && counting)) {
          if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString()));
            text.setLength(0);
          }
          parts.add(character == '{' ? placeholder() : new Part.Counted());
        } else {
          text.append(character);
        }
      }
      if (!text.isEmpty()) {
        parts.add(new Part.Text(text.toString()));
      }
      return new MessagePattern(List.copyOf(parts));
    }

    private Part placeholder() {
      var index = Integer.parseInt(word());
      if (skip('}')) {
        return new Part.Argument(index);
      }
      expect(',');
      if (!word().equals("plural")) {
        throw new IllegalArgumentException("Only plural is known: " + source);
      }
      expect(',');
      var branches = new LinkedHashMap<String, MessagePattern>();
      while (!skip('}')) {
        var category = word();
        expect('{');
        branches.put(category, pattern(true));
        expect('}');
      }
      return new Part.Choice(index, Map.copyOf(branches));
    }

    private String word() {
      spaces();
      var from = at;
      while (at < source.length() && Character.isLetterOrDigit(source.charAt(at))) {
        at++;
      }
      if (from == at) {
        throw new IllegalArgumentException("Malformed message: " + source);
      }
      return source.substring(from, at);
    }

    private boolean skip(char wanted) {
      spaces();
      if (at < source.length() && source.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char wanted) {
      if (!skip(wanted)) {
        throw new IllegalArgumentException("Expected " + wanted + " at " + at + ": " + source);
      }
    }

    private void spaces() {
      while (at < source.length() && source.charAt(at) == ' ') {
        at++;
      }
    }
  }
}
