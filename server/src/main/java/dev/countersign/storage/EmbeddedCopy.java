package dev.countersign.storage;

import dev.countersign.kernel.OwnersOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * Copies of the embedded database. A copy is a database of its own with what was committed when it was begun, and is whole or
 * absent; it never holds the root keys.
 */
public final class EmbeddedCopy {
  private static final String DATABASE_FILE = "countersign.db";

  /** What SQLite keeps beside a database in use, and what would be taken for changes of another one put in its place. */
  private static final List<String> BESIDE = List.of("-wal", "-shm");

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
  public static void write(String url, Path file) throws Failed {
    if (Files.exists(file)) {
      throw new Failed(file + " exists; a backup never replaces another file");
    }
    Path database = Path.of(url.substring(EmbeddedDoor.PREFIX.length()));
    if (!Files.exists(database)) {
      throw new Failed("there is no database at " + database);
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    var process = OneProcess.of(database.toString());
    try {
      process.hold();
      Files.deleteIfExists(unfinished);
      OwnersOnly.file(unfinished);
      try (var connection = DriverManager.getConnection(url);
          var statement = connection.prepareStatement("vacuum into ?")) {
        statement.setString(1, unfinished.toString());
        statement.execute();
      }
      onDisk(unfinished);
      Files.createLink(
          file, unfinished); // Unlike a move, this cannot replace a file that came meanwhile.
    } catch (SQLException e) {
      throw new Failed("the database cannot be copied: " + firstLine(e), e);
    } catch (IOException e) {
      throw new Failed(file + " cannot be written: " + e.getMessage(), e);
    } finally {
      delete(unfinished);
      process.release();
    }
  }

  /** Puts a copy in place of the database in {@code folder}, where none may be. */
  public static void restore(Path file, Path folder) throws Failed {
    Path database = folder.resolve(DATABASE_FILE);
    Path unfinished = folder.resolve(DATABASE_FILE + ".unfinished");
    if (Files.exists(database)) {
      throw new Failed(database + " exists; stop the server and move that file away first");
    }
    if (!isOurs(file)) {
      throw new Failed(file + " is no backup of Countersign");
    }
    try {
      OwnersOnly.folder(folder);
      for (var beside : BESIDE) {
        Files.deleteIfExists(folder.resolve(DATABASE_FILE + beside));
      }
      Files.deleteIfExists(unfinished);
      OwnersOnly.file(unfinished);
      try (var out = Files.newOutputStream(unfinished)) {
        Files.copy(file, out);
      }
      onDisk(unfinished);
      Files.createLink(database, unfinished);
    } catch (FileAlreadyExistsException e) {
      throw new Failed(database + " was made meanwhile by a server that started", e);
    } catch (IOException e) {
      throw new Failed(file + " cannot be restored: " + e.getMessage(), e);
    } finally {
      delete(unfinished);
    }
  }

  /** Whether it is a database with our tables; looking changes nothing. */
  private static boolean isOurs(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    try (var connection = config.createConnection(EmbeddedDoor.PREFIX + file.toAbsolutePath());
        var statement = connection.prepareStatement("select count(*) from schema_migrations");
        var rows = statement.executeQuery()) {
      return rows.next();
    } catch (SQLException e) {
      return false;
    }
  }

  private static void onDisk(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
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
