package dev.countersign.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Words of a command line in pairs. */
final class Options {
  private final Map<String, String> left = new TreeMap<>();

  Options(List<String> words) {
    if (words.size() % 2 != 0) {
      throw new IllegalArgumentException("each option takes one value: " + words);
    }
    for (int i = 0; i < words.size(); i += 2) {
      left.put(words.get(i), words.get(i + 1));
    }
  }

  String take(String name, String usual) {
    var given = left.remove(name);
    return given == null ? usual : given;
  }

  int take(String name, int usual) {
    return Integer.parseInt(take(name, String.valueOf(usual)));
  }

  /** {@code --home}: the folder of the program. */
  Path home() {
    return Path.of(take("--home", "."));
  }

  /** {@code --database}: whether PostgreSQL is wanted rather than the embedded database. */
  boolean postgres() {
    return take("--database", "embedded").equals("postgres");
  }

  /** There are no others. */
  void end() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("no such option: " + left.keySet());
    }
  }
}
