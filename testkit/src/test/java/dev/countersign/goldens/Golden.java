package dev.countersign.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checked-in text that has to match what the code says, so that a change of it shows in review. {@code ./dev golden}
 * writes all of them anew.
 */
public final class Golden {
  private Golden() {}

  /** Compares {@code now} with the file, whose path starts at the root of the repository; or writes it if told to. */
  public static void compare(String path, String now) {
    Path file = root().resolve(path);
    try {
      if ("write".equals(System.getProperty("golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, now);
      }
      String kept = Files.exists(file) ? Files.readString(file) : "";
      assertThat(now)
          .as("%s is not up to date; run ./dev golden and look at the difference", path)
          .isEqualTo(kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
