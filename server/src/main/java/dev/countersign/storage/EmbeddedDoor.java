package dev.countersign.storage;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * Opens connections to the embedded database for the pool. Readers see what is committed while somebody writes
 * (write-ahead log), and a commit is on the disk before it is acknowledged.
 */
final class EmbeddedDoor extends SQLiteDataSource {
  static final String PREFIX = "jdbc:sqlite:";

  private final String url;
  private final OneProcess file;

  EmbeddedDoor(String url) {
    super(config());
    this.url = url;
    this.file = OneProcess.of(url.substring(PREFIX.length()).replaceFirst("\\?.*", ""));
  }

  private static SQLiteConfig config() {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config;
  }

  /** Held by whoever writes. */
  ReentrantLock writing() {
    return file.writing();
  }

  /** Lets go of the file; another process may open it afterwards. */
  void close() {
    file.release();
  }

  @Override
  public SQLiteConnection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    file.hold();
    return new EmbeddedConnection(url, url.substring(PREFIX.length()), getConfig().toProperties());
  }
}
