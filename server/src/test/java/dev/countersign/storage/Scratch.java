package dev.countersign.storage;

import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** An empty embedded database for a test. It waits for no disk, and its files go with the process. */
public final class Scratch {
  private Scratch() {}

  public static Database database() {
    return Database.at(address(Duration.ofSeconds(10)));
  }

  private static Database.Address address(Duration patience) {
    var file = folder().resolve("countersign.db");
    Stream.of("", "-wal", "-shm", ".lock")
        .forEach(it -> file.resolveSibling(file.getFileName() + it).toFile().deleteOnExit());
    return new Database.Address(
        "jdbc:sqlite:" + file + "?synchronous=OFF", "", Secret.of(""), 16, patience);
  }

  private static Path folder() {
    try {
      var folder = Files.createTempDirectory("countersign-scratch");
      folder.toFile().deleteOnExit(); // Last told, first gone: the files must be told after it.
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
