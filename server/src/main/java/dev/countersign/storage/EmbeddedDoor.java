package dev.countersign.storage;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Opens connections to the embedded database for the pool. Readers see what is committed while somebody writes
 * (write-ahead log), and a commit is on the disk before it is acknowledged.
 */
final class EmbeddedDoor extends SQLiteDataSource {
  static final String PREFIX = "jdbc:sqlite:";

  /** How long the log grows before its pages are copied to their places: 16 MB, so that those written often are copied once. */
  private static final String LOG_PAGES = "4000";

  /** KB of pages that the favoured connection keeps; the others lose theirs soon, and keep few. */
  private static final int KEPT_PAGES = 4_000;

  private static final int LENT_PAGES = 500;

  private final String url;
  private final OneProcess file;
  private @Nullable EmbeddedConnection favoured;
  private boolean closed;

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
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, LOG_PAGES);
    config.setCacheSize(-LENT_PAGES); // Less than nothing are KB.
    config.setGetGeneratedKeys(false); // Nobody asks for them, and looking is a statement more.
    return config;
  }

  /** Held by whoever uses {@link #favoured}, and so by whoever writes: fair, for the whole process. */
  Favour favour() {
    return file.writing();
  }

  /** What has been written by whoever held {@link #favour}. */
  Changes changes() {
    return file.changes();
  }

  /**
   * The connection by which everything is written, and read when it is free; to be used while {@link #favour} is held. Since
   * nobody else writes it keeps the pages that it knows, where any other one forgets them after each commit.
   *
   * @param patience how long to wait for another process that is about to let go of the file
   */
  EmbeddedConnection favoured(Duration patience) throws SQLException {
    if (closed) {
      throw new SQLException("the database is closed", "08003");
    }
    if (favoured == null || favoured.isClosed()) {
      favoured = opened(patience);
      favoured.keepPages(KEPT_PAGES);
    }
    return favoured;
  }

  private EmbeddedConnection opened(Duration patience) throws SQLException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return getConnection(null, null);
      } catch (SQLException e) {
        if (!OneProcess.TAKEN.equals(e.getSQLState()) || System.nanoTime() > until) {
          throw e;
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  /** Lets go of the file; another process may open it afterwards. */
  void close() {
    favour().take();
    try {
      closed = true; // Whoever comes late must not take the file again.
      if (favoured != null) {
        favoured.close();
      }
    } catch (SQLException e) {
      System.getLogger(EmbeddedDoor.class.getName())
          .log(System.Logger.Level.WARNING, "the database was not closed in good order", e);
    } finally {
      favour().leave();
      file.release();
    }
  }

  @Override
  public EmbeddedConnection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    file.hold();
    EmbeddedLibrary.load();
    return new EmbeddedConnection(url, url.substring(PREFIX.length()), getConfig().toProperties());
  }
}
