package dev.countersign.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line taken apart.
 *
 * @param values text by key name ({@code name-file} for a secret's file)
 * @param words what is left, in order
 * @param mistakes what could not be understood
 */
public record Flags(Map<String, String> values, List<String> words, List<Mistake> mistakes) {

  /**
   * Reads {@code --name value} and {@code --name=value}; a toggle may stand alone; {@code --} ends the flags. Values are
   * not checked here, and secrets are not taken: other users of the machine can see command lines.
   */
  public static Flags parse(List<Key<?>> declared, List<String> arguments) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Key<?>> bare = new LinkedHashMap<>();
    Map<String, String> tooOpen = new LinkedHashMap<>();
    for (Key<?> key : declared) {
      if (key.kind().secret()) {
        names.put(Key.flag(key.name() + Key.FILE), key.name() + Key.FILE);
        tooOpen.put(key.flag(), Key.flag(key.name() + Key.FILE));
      } else {
        names.put(key.flag(), key.name());
        if (key.kind().form().equals(Kind.toggle().form())) {
          bare.put(key.flag(), key);
        }
      }
    }
    Map<String, String> values = new LinkedHashMap<>();
    List<String> words = new ArrayList<>();
    List<Mistake> mistakes = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      String name = names.get(flag);
      if (name == null) {
        mistakes.add(
            tooOpen.containsKey(flag)
                ? new Mistake(
                    flag, "would show a secret in the process list, use " + tooOpen.get(flag))
                : new Mistake(flag, "is no flag" + Nearest.hint(flag, names.keySet())));
        if (equals < 0 && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-")) {
          i++;
        }
        continue;
      }
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (bare.containsKey(flag)) {
        boolean said = i + 1 < arguments.size() && arguments.get(i + 1).matches("true|false");
        value = said ? arguments.get(++i) : "true";
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      } else {
        mistakes.add(new Mistake(flag, "needs a value"));
        continue;
      }
      if (values.put(name, value) != null) {
        mistakes.add(new Mistake(flag, "is given twice"));
      }
    }
    return new Flags(values, List.copyOf(words), List.copyOf(mistakes));
  }
}
