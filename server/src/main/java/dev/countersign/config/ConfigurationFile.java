package dev.countersign.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines of {@code key = value}, with {@code #} before a comment line. No quotes, escapes or continuation lines. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  /** What is set, by name, in the order of the file; what cannot be read is added to {@code mistakes}. */
  static Map<String, Entry> read(Path file, List<Mistake> mistakes) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException _) {
      mistakes.add(new Mistake(file.toString(), "does not exist"));
      return entries;
    } catch (CharacterCodingException _) {
      mistakes.add(new Mistake(file.toString(), "is not UTF-8 text"));
      return entries;
    } catch (IOException _) {
      mistakes.add(new Mistake(file.toString(), "cannot be read"));
      return entries;
    }
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      String where = file + ":" + number;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 1) {
        mistakes.add(new Mistake(where, "is not of the form key = value"));
        continue;
      }
      String name = line.substring(0, equals).strip();
      Entry before =
          entries.put(name, new Entry(where + ": " + name, line.substring(equals + 1).strip()));
      if (before != null) {
        mistakes.add(new Mistake(where + ": " + name, "is set a second time"));
      }
    }
    return entries;
  }

  /** A text somebody wrote, and the place they wrote it. */
  record Entry(String where, String text) {}
}
