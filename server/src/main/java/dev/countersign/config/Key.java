package dev.countersign.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that can be set.
 *
 * @param name dotted, lower case, words joined by hyphens: {@code http.port}
 * @param kind what values it takes
 * @param byDefault the value when nobody sets it, written as an operator would write it
 * @param help one line for people
 */
public record Key<T>(String name, Kind<T> kind, String byDefault, String help) {
  private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)*");

  /** What is added to the name of a secret key to name a file that holds the value. */
  static final String FILE = "-file";

  public Key {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a key name: " + name);
    }
    if (kind.parse(byDefault) instanceof Kind.Unfit<T>(String why)) {
      throw new IllegalArgumentException("default of " + name + " " + why);
    }
  }

  /** As a command-line flag: {@code --http-port}. */
  public String flag() {
    return flag(name);
  }

  /** As an environment variable: {@code COUNTERSIGN_HTTP_PORT}. */
  public String variable() {
    return variable(name);
  }

  static String flag(String name) {
    return "--" + name.replace('.', '-');
  }

  static String variable(String name) {
    return Configuration.PREFIX + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
