package dev.countersign.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of a jar that has to be a file of its own for a moment, as native libraries have to while they are loaded. */
public final class Unpacked {

  /** What is done with the file. */
  public interface Use<T> {
    T with(Path file) throws IOException;
  }

  private Unpacked() {}

  /**
   * Copies the file into a new directory that only this user can enter, where there are POSIX permissions, and takes both away
   * afterwards. A library stays loaded without its file, except on Windows, where the file goes when we go.
   *
   * @param resource as {@link Class#getResourceAsStream} wants it
   * @throws NoSuchFileException when there is none of this name
   */
  public static <T> T use(Class<?> beside, String resource, Use<T> use) throws IOException {
    try (var packed = beside.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new NoSuchFileException(resource);
      }
      var directory = Files.createTempDirectory("countersign-");
      var file = directory.resolve(Path.of(resource).getFileName());
      try {
        Files.copy(packed, file);
        return use.with(file);
      } finally {
        remove(file);
        remove(directory);
      }
    }
  }

  private static void remove(Path path) {
    try {
      Files.delete(path);
    } catch (IOException _) {
      path.toFile().deleteOnExit();
    }
  }
}
