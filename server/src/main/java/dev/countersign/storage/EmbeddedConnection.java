package dev.countersign.storage;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection to the embedded database. It keeps what it has prepared, where the driver would have each statement parsed
 * and planned anew. Not thread-safe.
 */
final class EmbeddedConnection extends JDBC4Connection {
  private final Map<String, Kept> idle = new HashMap<>();

  EmbeddedConnection(String url, String file, Properties properties) throws SQLException {
    super(url, file, properties);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    checkCursor(type, concurrency, holdability);
    var kept = idle.remove(sql);
    return kept == null ? new Kept(sql) : kept;
  }

  /**
   * Begins a transaction that writes or commits it, and leaves none open when that fails: on a full disk SQLite keeps what
   * could not be committed, and the driver counts it as done.
   */
  @Override
  public void setAutoCommit(boolean alone) throws SQLException {
    if (getConnectionConfig().isAutoCommit() == alone) {
      return;
    }
    if (alone) {
      commitWhole();
    } else {
      begin("begin immediate");
    }
  }

  /** Has what follows see one state of the database, until {@link #endReading}. */
  void beginReading() throws SQLException {
    begin("begin");
  }

  void endReading() throws SQLException {
    commitWhole();
  }

  private void begin(String how) throws SQLException {
    var config = getConnectionConfig();
    config.setAutoCommit(false); // Or the driver would wrap the statement itself in a transaction.
    boolean begun = false;
    try {
      run(how);
      begun = true;
    } finally {
      config.setAutoCommit(!begun);
    }
  }

  private void commitWhole() throws SQLException {
    try {
      run("commit");
    } catch (SQLException e) {
      try {
        run("rollback");
      } catch (SQLException none) {
        e.addSuppressed(none); // SQLite has ended it by itself.
      }
      throw e;
    } finally {
      getConnectionConfig().setAutoCommit(true);
    }
  }

  /** Ends the transaction, where the driver would begin the next one at once. */
  @Override
  public void rollback() throws SQLException {
    try {
      run("rollback");
    } finally {
      getConnectionConfig().setAutoCommit(true);
    }
  }

  /** How many KB of pages it remembers at most. */
  void keepPages(int kilobytes) throws SQLException {
    run("pragma cache_size = -" + kilobytes);
  }

  private void run(String statement) throws SQLException {
    try (var kept = prepareStatement(statement)) {
      kept.execute();
    }
  }

  /** Once closed it waits to be asked for again. */
  private final class Kept extends JDBC4PreparedStatement {
    private final String text;
    private final String[] columns;

    Kept(String text) throws SQLException {
      super(EmbeddedConnection.this, text);
      this.text = text;
      this.columns = rs.colsMeta;
    }

    /** What the columns of its answers are called the driver forgets with each answer, and would ask for again. */
    @Override
    public ResultSet getResultSet() throws SQLException {
      rs.colsMeta = columns;
      return super.getResultSet();
    }

    @Override
    public void close() throws SQLException {
      if (EmbeddedConnection.this.isClosed()) {
        return;
      }
      rs.close();
      clearParameters();
      if (idle.putIfAbsent(text, this) != null) {
        super.close();
      }
    }
  }
}
