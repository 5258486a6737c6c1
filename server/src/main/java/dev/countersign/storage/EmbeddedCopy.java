package dev.countersign.storage;

import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.zip.ZipFile;

/**
 * Copies of the embedded database. A copy holds what was committed when it was begun and is whole or absent; it never holds
 * the root keys.
 */
public final class EmbeddedCopy {
  private static final String DATABASE_FILE = "countersign.mv.db";

  private EmbeddedCopy() {}

  /** The copy could not be made or used; the message is for the operator. */
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }

    Failed(String message, Exception cause) {
      super(message, cause);
    }
  }

  /**
   * Writes a copy while the database may be in use, provided it is used by this process or by none.
   *
   * @param url the embedded database's JDBC URL
   * @param file must not exist
   */
  public static void write(String url, String user, Secret password, Path file) throws Failed {
    if (Files.exists(file)) {
      throw new Failed(file + " exists; a backup never replaces another file");
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      Files.deleteIfExists(unfinished);
      createPrivate(unfinished);
      try (var connection =
              DriverManager.getConnection(url + ";IFEXISTS=TRUE", user, password.reveal());
          var statement = connection.prepareStatement("backup to ?")) {
        statement.setString(1, unfinished.toString());
        statement.execute();
      }
      Files.createLink(
          file, unfinished); // Unlike a move, this cannot replace a file that came meanwhile.
    } catch (SQLException e) {
      throw new Failed("the database cannot be copied: " + firstLine(e), e);
    } catch (IOException e) {
      throw new Failed(file + " cannot be written: " + e.getMessage(), e);
    } finally {
      delete(unfinished);
    }
  }

  /** Puts a copy in place of the database in {@code folder}, where none may be. */
  public static void restore(Path file, Path folder) throws Failed {
    Path database = folder.resolve(DATABASE_FILE);
    Path unfinished = folder.resolve(DATABASE_FILE + ".unfinished");
    try (var copy = new ZipFile(file.toFile())) {
      var entry = copy.getEntry(DATABASE_FILE);
      if (entry == null) {
        throw new Failed(file + " is no backup of Countersign");
      }
      Files.createDirectories(folder);
      if (Files.exists(database)) {
        throw new Failed(database + " exists; stop the server and move that file away first");
      }
      Files.deleteIfExists(unfinished);
      createPrivate(unfinished);
      try (InputStream in = copy.getInputStream(entry);
          var out = Files.newOutputStream(unfinished)) {
        in.transferTo(out);
      }
      Files.createLink(database, unfinished);
    } catch (FileAlreadyExistsException e) {
      throw new Failed(database + " was made meanwhile by a server that started", e);
    } catch (Failed e) {
      throw e;
    } catch (IOException e) {
      throw new Failed(file + " cannot be restored: " + e.getMessage(), e);
    } finally {
      delete(unfinished);
    }
  }

  private static void createPrivate(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(EmbeddedCopy.class.getName())
          .log(System.Logger.Level.WARNING, "an unfinished file was left behind", e);
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
