package dev.countersign.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files of policies and of the cases that they have to stand. */
final class PolicyFiles {
  /** Begins the argument that holds cases, encoded. */
  static final String CASES = "cases=";

  private PolicyFiles() {}

  /** The draft's text; an empty one when no file is named. */
  static Optional<String> draft(Command.Call call, Optional<String> file) {
    return file.isEmpty() ? Optional.of("") : read(call, file.get());
  }

  /** The file's text; nothing, and it is told, when it cannot be read. */
  static Optional<String> read(Command.Call call, String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)));
    } catch (IOException e) {
      call.terminal().tell("countersign: the file cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }
}
