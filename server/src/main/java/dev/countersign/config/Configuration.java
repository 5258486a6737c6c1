package dev.countersign.config;

import dev.countersign.config.ConfigurationFile.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads settings from where operators write them. A flag wins over a variable, a variable over the file, the file over
 * the default. Everything that does not fit is found in one go.
 */
public final class Configuration {
  static final String PREFIX = "COUNTERSIGN_";

  /** Names the configuration file when {@code --config} does not. */
  public static final String FILE_VARIABLE = PREFIX + "CONFIG";

  /** Variables that the start script reads, and the server therefore passes over. */
  private static final Set<String> OF_THE_SCRIPT =
      Set.of(FILE_VARIABLE, PREFIX + "HEAP", PREFIX + "JAVA_OPTS", PREFIX + "AOT");

  private final List<Key<?>> keys;

  public Configuration(List<Key<?>> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Where settings come from.
   *
   * @param flags text by key name
   * @param environment all variables of the process; those without our prefix are passed over
   * @param file the configuration file, if there is one
   */
  public record Sources(
      Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {}

  /** What came of reading. */
  public sealed interface Outcome {}

  /** Everything fits. */
  public record Ready(Settings settings) implements Outcome {}

  /** Some things do not; the server must not start. */
  public record Refused(List<Mistake> mistakes) implements Outcome {}

  public Outcome read(Sources sources) {
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, Entry> chosen = new HashMap<>();
    sources
        .file()
        .ifPresent(
            file -> lay(chosen, known(ConfigurationFile.read(file, mistakes), mistakes), mistakes));
    lay(chosen, fromEnvironment(sources.environment(), mistakes), mistakes);
    Map<String, Entry> flags = new LinkedHashMap<>();
    sources.flags().forEach((name, text) -> flags.put(name, new Entry(Key.flag(name), text)));
    lay(chosen, known(flags, mistakes), mistakes);

    Map<Key<?>, Object> values = new HashMap<>();
    for (Key<?> key : keys) {
      Entry written = chosen.getOrDefault(key.name(), new Entry(key.name(), key.byDefault()));
      Entry file = chosen.get(key.name() + Key.FILE);
      Optional<Entry> entry =
          key.kind().secret() && file != null ? contentOf(file, mistakes) : Optional.of(written);
      entry.ifPresent(found -> {
        switch (key.kind().parse(found.text())) {
          case Kind.Fits<?>(var value) -> values.put(key, value);
          case Kind.Unfit<?>(String why) -> mistakes.add(new Mistake(found.where(), why));
        }
      });
    }
    return mistakes.isEmpty()
        ? new Ready(new Settings(values))
        : new Refused(List.copyOf(mistakes));
  }

  /** Every name that may be written, a secret's file among them. */
  public static Set<String> names(List<Key<?>> keys) {
    Set<String> names = new LinkedHashSet<>();
    for (Key<?> key : keys) {
      names.add(key.name());
      if (key.kind().secret()) {
        names.add(key.name() + Key.FILE);
      }
    }
    return names;
  }

  private Map<String, Entry> known(Map<String, Entry> written, List<Mistake> mistakes) {
    Set<String> names = names(keys);
    Map<String, Entry> known = new LinkedHashMap<>();
    written.forEach((name, entry) -> {
      if (names.contains(name)) {
        known.put(name, entry);
      } else {
        mistakes.add(new Mistake(entry.where(), "is no setting" + Nearest.hint(name, names)));
      }
    });
    return known;
  }

  private Map<String, Entry> fromEnvironment(
      Map<String, String> environment, List<Mistake> mistakes) {
    Map<String, String> byVariable = new LinkedHashMap<>();
    names(keys).forEach(name -> byVariable.put(Key.variable(name), name));
    Map<String, Entry> entries = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach((variable, text) -> {
          if (!variable.startsWith(PREFIX) || OF_THE_SCRIPT.contains(variable)) {
            return;
          }
          String name = byVariable.get(variable);
          if (name == null) {
            String hint = Nearest.hint(variable, byVariable.keySet());
            mistakes.add(new Mistake(variable, "is no setting" + hint));
          } else {
            entries.put(name, new Entry(variable, text));
          }
        });
    return entries;
  }

  /** Puts a stronger source over what is chosen so far. A secret and its file replace one another. */
  private void lay(Map<String, Entry> chosen, Map<String, Entry> stronger, List<Mistake> mistakes) {
    for (Key<?> key : keys) {
      String file = key.name() + Key.FILE;
      Entry direct = stronger.get(key.name());
      Entry indirect = key.kind().secret() ? stronger.get(file) : null;
      if (direct != null && indirect != null) {
        mistakes.add(new Mistake(indirect.where(), "and " + key.name() + " are both set"));
      }
      if (direct != null || indirect != null) {
        chosen.remove(key.name());
        chosen.remove(file);
      }
      if (direct != null) {
        chosen.put(key.name(), direct);
      }
      if (indirect != null) {
        chosen.put(file, indirect);
      }
    }
  }

  private static Optional<Entry> contentOf(Entry file, List<Mistake> mistakes) {
    if (file.text().isEmpty()) {
      return Optional.of(file);
    }
    try {
      return Optional.of(
          new Entry(file.where(), Files.readString(Path.of(file.text())).stripTrailing()));
    } catch (IOException | InvalidPathException _) {
      mistakes.add(new Mistake(file.where(), "names a file that cannot be read"));
      return Optional.empty();
    }
  }
}
