package dev.countersign.cli;

import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** What came with a command: arguments that are known by their place, and those that begin with their name. */
record Sent(List<String> arguments) {
  /** As many as there are. */
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  static final String CONTENT = "content=";
  static final String PASSWORD = "password=";

  String at(int place) {
    return arguments.get(place);
  }

  int number(int place) {
    return Integer.parseInt(at(place));
  }

  /** Whether this word stands there. */
  boolean has(int place, String word) {
    return arguments.size() > place && at(place).equals(word);
  }

  /** Those of that name. */
  List<String> all(String name) {
    return arguments.stream()
        .filter(argument -> argument.startsWith(name))
        .map(argument -> argument.substring(name.length()))
        .toList();
  }

  /** The one of that name which was encoded; an empty one when it was not given. */
  Secret secret(String name) {
    return all(name).stream()
        .map(
            text -> Secret.of(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)))
        .findFirst()
        .orElse(Secret.of(""));
  }

  /** Arguments are lines, so what may hold several of them is encoded. */
  static String encoded(String name, String text) {
    return name + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file that holds one line, without its end. */
  static String encodedLine(String name, Path file) throws IOException {
    return encoded(name, Files.readString(file).replaceAll("[\\r\\n]+$", ""));
  }
}
