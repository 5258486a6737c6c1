package dev.countersign.kernel;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files and folders that nobody but their owner may look into. Where the file system knows no POSIX permissions they get
 * those of the folder that they are in, which has to protect them.
 */
public final class OwnersOnly {
  private OwnersOnly() {}

  /** Makes the folder, and those above it with the permissions that folders usually get; one that is there stays as it is. */
  public static void folder(Path folder) throws IOException {
    var absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    var above = absolute.getParent();
    if (above != null) {
      Files.createDirectories(above);
    }
    try {
      Files.createDirectory(absolute, permissions(absolute, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    }
  }

  /**
   * Makes an empty file.
   *
   * @throws FileAlreadyExistsException when there is one
   */
  public static void file(Path file) throws IOException {
    Files.createFile(file, permissions(file, "rw-------"));
  }

  /** Makes an empty file that nobody else has the name of, for what is to appear under its own name once it is whole. */
  public static Path temporary(Path folder, String prefix) throws IOException {
    return Files.createTempFile(folder, prefix, "", permissions(folder, "rw-------"));
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
